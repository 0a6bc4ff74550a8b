"""The scene as it is now, read for export: masks, targets, landmarks and scalp in the scan's own space.

A navigator knows the scan from its file. So what lies in the scene under a transform is taken back to
where the scan lies without one.
"""

from dataclasses import dataclass, replace

import numpy as np
import slicer

from ...edited_plan import EditedHead, EditedSide
from ...errors import UserError
from ...geometry import spaces
from ...scan.volume import Volume
from ...sentences import joined, say
from ...targeting.point import FIVE_CM, TARGET, Method, Point, Role
from ..parameters import PanelParameters, chosen_rule, tape_measures
from ..widgets.point_choices import keys_of
from . import circuit_nodes, node_roles, plan_points, points_node
from .plan_nodes import SideNodes, choices_of, latest_sides
from .scalp_node import scalp_in
from .segmentation_node import findings, is_edited, mask_on_scan, mask_volume_ml
from .stimulation_node import stimulations_of
from .volume_node import parent_to_world, volume_from_node

_SAME_SPACE = np.eye(4)


@dataclass(frozen=True)
class SceneNow:
    """What is to be exported of a scan, and a sentence for each side that cannot be."""

    head: EditedHead
    left_out: tuple[str, ...]


def volume_in_own_space(node: slicer.vtkMRMLScalarVolumeNode) -> Volume:
    """The scan without its parent transform, RAS mm. Raises UserError as `volume_from_node` does."""
    volume = volume_from_node(node)
    return replace(volume, ijk_to_ras=world_to_own(node) @ volume.ijk_to_ras, warnings=(), world_from_own=None)


def world_to_own(node: slicer.vtkMRMLScalarVolumeNode) -> np.ndarray:
    """4x4, world RAS mm to the scan's own. Raises UserError for a transform that bends or mirrors."""
    return np.linalg.inv(parent_to_world(node))


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
            mask_kji = mask_on_scan(side.segmentation, volume_node)
            edited = edited_side(side, mask_kji, world_to_own(volume_node))
            sides.append(replace(edited, removed=(*edited.removed, *_unlisted(side, keys_of(parameters.shownPoints)))))
    if not sides:
        raise UserError(joined(" ", left_out or [say("There is nothing to export yet: press Segment.")]))
    to_own = world_to_own(volume_node)
    scalps = [side.scalp for side in nodes if side.scalp is not None]
    tape_measures(parameters)  # raises for those that are not human
    choices = choices_of(volume_node) or chosen_rule(parameters)
    scalp = scalp_in(scalps[0], to_own) if scalps else None
    fiducials = _fiducials(node_roles.latest(node_roles.FIDUCIALS, volume_node, ""), to_own)
    z_map = circuit_nodes.map_of(volume_node, to_own)
    head = EditedHead(tuple(sides), scalp, choices, fiducials, stimulations_of(volume_node), z_map)
    return SceneNow(head, tuple(left_out))


def _reason_against(side: SideNodes) -> str:
    if plan_points.own_place_ras_mm(side.target, TARGET) is not None:
        return ""
    if mask_volume_ml(side.segmentation) == 0:
        return say("Not exported: the {side} mask is empty, and no target was placed.", side=say(side.hemisphere))
    if points_node.stands_at_ras_mm(side.target, TARGET) is None:
        return say("Not exported: the {side} target was deleted.", side=say(side.hemisphere))
    return ""


def edited_side(side: SideNodes, mask_kji: np.ndarray, from_world: np.ndarray = _SAME_SPACE) -> EditedSide:
    """What a person changed on a side; its points taken from world RAS mm into another space by a 4x4.

    Raises UserError where the scene is of an older version.
    """
    placed = {key: spaces.transform_points(from_world, place) for key, place in placed_ras_mm(side).items()}
    measured = (
        None
        if side.measured is None
        else tuple(_moved(mark, from_world) for mark in plan_points.points_in(side.measured))
    )
    return EditedSide(
        circuit_nodes.findings_now(side.segmentation),
        mask_kji,
        is_edited(side.segmentation),
        placed,
        _removed(side),
        measured,
    )


def _moved(point: Point, matrix: np.ndarray) -> Point:
    return replace(point, position_ras_mm=spaces.transform_points(matrix, point.position_ras_mm))


def _unlisted(side: SideNodes, chosen: set[str]) -> tuple[str, ...]:
    """Keys of the measured points that the table does not list: what goes out is what is seen there."""
    return tuple(key for key in points_node.keys(side.measured) if key not in chosen) if side.measured else ()


def placed_ras_mm(side: SideNodes) -> dict[str, np.ndarray]:
    """Key -> where a person put the point, world RAS mm; points that follow the rule are left out."""
    lists = [(node, key) for node in side.point_lists() for key in points_node.keys(node)]
    placed = {key: plan_points.own_place_ras_mm(node, key) for node, key in lists}
    return {key: place for key, place in placed.items() if place is not None}


def _removed(side: SideNodes) -> tuple[str, ...]:
    """Keys of the points that a person took out of the side's lists."""
    run = findings(side.segmentation).sides[side.hemisphere]
    there = {key for node in (side.landmarks, side.measured, side.literature) if node for key in points_node.keys(node)}
    if side.landmarks is not None and not points_node.was_ever_kept(side.landmarks, FIVE_CM):
        there.add(FIVE_CM)  # a new list with a hotspot alone: the landmark comes by the rule
    return tuple(point.key for point in (*run.landmarks, *run.literature) if point.key not in there)


def _fiducials(node: slicer.vtkMRMLMarkupsFiducialNode | None, to_own: np.ndarray) -> tuple[Point, ...]:
    if node is None:
        return ()
    places = {key: points_node.position_ras_mm(node, key) for key in points_node.keys(node)}
    return tuple(
        Point(key, "", Role.FIDUCIAL, spaces.transform_points(to_own, place), Method.PLACED)
        for key, place in places.items()
    )
