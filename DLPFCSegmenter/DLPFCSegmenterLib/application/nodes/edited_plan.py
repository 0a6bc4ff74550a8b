"""The scene as it is now, read for export: masks, targets, landmarks and scalp in the scan's own space.

A navigator knows the scan from its file. So what lies in the scene under a transform is taken back to
where the scan lies without one.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import slicer
from slicer.i18n import tr as _

from ...edited_plan import HeadAsLeft, SideAsLeft
from ...errors import UserError
from ...geometry import spaces
from ...scan.volume import Volume
from ...targeting.coil import STANDOFF_MM
from ...targeting.point import Landmark
from ..parameters import PanelParameters, tape_measures
from . import node_roles as links
from . import points_node
from .findings_node import findings
from .plan_nodes import SideNodes, latest_sides
from .scalp_node import scalp_in
from .segmentation_node import is_edited, mask_on_scan, mask_volume_ml
from .target_node import TARGET
from .volume_node import parent_to_world, volume_from_node


@dataclass(frozen=True)
class SceneNow:
    """What is to be exported of a scan, and a sentence for each side that cannot be."""

    head: HeadAsLeft
    left_out: tuple[str, ...]


def volume_in_own_space(node: slicer.vtkMRMLScalarVolumeNode) -> Volume:
    """The scan without its parent transform, RAS mm. Raises UserError as `volume_from_node` does."""
    volume = volume_from_node(node)
    return replace(volume, ijk_to_ras=world_to_own(node) @ volume.ijk_to_ras, warnings=(), world_from_own=None)


def world_to_own(node: slicer.vtkMRMLScalarVolumeNode) -> np.ndarray:
    """4x4, world RAS mm to the scan's own. Raises UserError for a transform that bends or mirrors."""
    return np.linalg.inv(parent_to_world(node))


def source_path(node: slicer.vtkMRMLScalarVolumeNode) -> Path | None:
    """The file that the scan was loaded from, of a DICOM series one of them; None where there is none."""
    uids = (node.GetAttribute("DICOM.instanceUIDs") or "").split()
    database = getattr(slicer, "dicomDatabase", None)
    if uids and database is not None:
        file = database.fileForInstance(uids[0])
    else:
        storage = node.GetStorageNode()
        file = storage.GetFileName() if storage is not None else ""
    return Path(file) if file and Path(file).is_file() else None


def read_scene(volume_node: slicer.vtkMRMLScalarVolumeNode, parameters: PanelParameters) -> SceneNow:
    """The newest plan of a scan as it is now, with the user's choices.

    Raises UserError where no side has a target, or for impossible tape measures.
    """
    sides, left_out = [], []
    nodes = latest_sides(volume_node)
    for side in nodes:
        reason = _reason_against(side)
        if reason:
            left_out.append(reason)
        else:
            sides.append(_side(side, volume_node))
    if not sides:
        raise UserError(" ".join(left_out) or _("There is nothing to export yet: press Segment."))
    to_own = world_to_own(volume_node)
    scalps = [side.scalp for side in nodes if side.scalp is not None]
    head = HeadAsLeft(
        tuple(sides), scalp_in(scalps[0], to_own) if scalps else None, parameters.ruleMm, parameters.coilAngleDeg,
        STANDOFF_MM, tape_measures(parameters), _landmarks(links.latest(links.FIDUCIALS, volume_node, ""), to_own),
    )  # fmt: skip
    return SceneNow(head, tuple(left_out))


def _reason_against(side: SideNodes) -> str:
    name = {"left": _("left"), "right": _("right")}[side.hemisphere]
    if mask_volume_ml(side.segmentation) == 0:
        return _("Not exported: the {side} mask is empty.").format(side=name)
    if points_node.stands_at_ras_mm(side.target, TARGET) is None:
        return _("Not exported: the {side} target was deleted.").format(side=name)
    return ""


def _side(side: SideNodes, volume_node: slicer.vtkMRMLScalarVolumeNode) -> SideAsLeft:
    to_own = world_to_own(volume_node)
    return SideAsLeft(
        findings(side.segmentation),
        mask_on_scan(side.segmentation, volume_node),
        is_edited(side.segmentation),
        spaces.transform_points(to_own, points_node.stands_at_ras_mm(side.target, TARGET)),
        points_node.description(side.target, TARGET),
        _landmarks(side.landmarks, to_own) + _landmarks(side.measured, to_own),
        _landmarks(side.literature, to_own),
    )


def _landmarks(node: slicer.vtkMRMLMarkupsFiducialNode | None, to_own: np.ndarray) -> tuple[Landmark, ...]:
    """The points that stand where they belong, shown or not."""
    if node is None:
        return ()
    standing = [key for key in points_node.keys(node) if points_node.stands_at_ras_mm(node, key) is not None]
    return tuple(
        Landmark(
            key,
            points_node.label(node, key),
            spaces.transform_points(to_own, points_node.position_ras_mm(node, key)),
            points_node.description(node, key),
        )
        for key in standing
    )
