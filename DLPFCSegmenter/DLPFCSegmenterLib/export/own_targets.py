"""Targets of a person's own beside a plan's: clicked, copied or brought from a file, each with a coil of its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ..doubts import doubt
from ..errors import UserError
from ..geometry.sides import side_at
from ..geometry.spaces import transform_points
from ..options import PlanOptions
from ..plan import aim
from ..scan.head_frame import HeadFrame
from ..scan.volume import Volume
from ..targeting.placing import Head
from ..targeting.target import place_doubts
from .reading import fiducial_key, is_mask_file, read_checked_targets, read_mask_targets
from .sides import side_in
from .targets import FIDUCIAL_KEYS, PlannedTarget, brought, of_side


def read_own_targets(path: Path, scan: Volume) -> list[PlannedTarget]:
    """The targets of any file that `dlpfc convert` reads, judged as it judges them, in RAS mm of `scan`.

    The head's fiducials are no targets and are left out. Raises UserError as `convert`, and where nothing is left.
    """
    in_file = scan.as_its_file_is_read
    read = read_mask_targets if is_mask_file(path) else read_checked_targets
    targets = [each for each in read(path, in_file) if fiducial_key(each.label) not in FIDUCIAL_KEYS]
    if not targets:
        raise UserError("{path}: holds fiducials and no target; choose a file of targets.", path=path)
    return brought(targets, in_file, scan)


def aimed(target: PlannedTarget, head: Head, options: PlanOptions) -> PlannedTarget:
    """The target with its side, the scalp entry and the coil by the rule of a plan's, and doubts about its place.

    A coil that it brought stays. All in one RAS mm space.
    """
    side = _side(target, head.registration)
    if not side:
        no_side = doubt("side_unknown", target=target.label)
        return replace(target, warnings=tuple(dict.fromkeys((*target.warnings, no_side))))
    doubts = place_doubts(target.position_ras_mm, side, head.scalp, head.registration)
    entry, pose = target.entry_ras_mm, target.coil_pose_ras_mm
    if pose is None:
        found, pose, of_coil = aim(head, side, target.position_ras_mm, options)
        entry, doubts = None if found is None else found.position_ras_mm, doubts + of_coil
    warnings = tuple(dict.fromkeys((*target.warnings, *doubts)))
    return replace(target, hemisphere=side, entry_ras_mm=entry, coil_pose_ras_mm=pose, warnings=warnings)


def _side(target: PlannedTarget, registration: HeadFrame | None) -> str:
    """The side that its name says, else the one that it lies on, '' where neither is known."""
    if side_in(target.label) or registration is None:
        return side_in(target.label)
    x_mm = transform_points(np.linalg.inv(registration.ras_from_mni), target.position_ras_mm)[0]
    return side_at(x_mm)


def with_its_side(target: PlannedTarget) -> PlannedTarget:
    """The target as files name it: with its side, where its own name says none."""
    is_named = not target.hemisphere or bool(side_in(target.label))
    return target if is_named else replace(target, label=of_side(target.label, target.hemisphere))
