"""The output folder of `dlpfc plan` read back: its plan, its masks and its points as they are in the folder now."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from ..circuit.circuit import Circuit
from ..edited_plan import EditedHead, EditedSide, choices_in, edited_plan, scalp_of
from ..errors import UserError
from ..files import is_there, recover, told_as_damaged
from ..geometry.spaces import ras_to_ijk
from ..plan import Plan
from ..plan_record import plan_of
from ..scan.origin import ScanKind
from ..scan.readers import read_volume
from ..scan.volume import Volume, is_same_grid, voxel_points_ras_mm
from ..sentences import say
from ..targeting.point import FIVE_CM, HOTSPOT, TARGET, Method, Point, Role
from ..targeting.scalp import Scalp
from .file_names import CIRCUIT_MAP_FILE, RESULT_FILE, TARGETS_FILE, mask_file_name
from .points import in_one_line, points_of
from .reading import read_targets
from .result_json import SCHEMA_VERSION
from .result_version_1 import plan_of_version_1
from .sides import checked, frame_in, middle_ras_mm, require_mask_of, require_sides
from .targets import PlannedTarget, exported_point, planned_targets

_MOVED_MM = 0.05
_ROUNDED_ML = 2e-4
_TURNED = 2e-3
"""Less than this, in mm and in the components of an axis, is lost when a markups file is written again."""


@dataclass(frozen=True)
class Result:
    """A result folder as it is now.

    plan     with the masks that lie there; where a person moved a point or edited a mask, the rest followed by the rule
    has_scan whether the scan is at hand
    targets  its points, and those that a person added to the list, none of them on a side that it is not of
    """

    plan: Plan
    targets: list[PlannedTarget]
    has_scan: bool

    @cached_property
    def scalp(self) -> Scalp | None:
        """The head's surface, where the scan is at hand and shows one and the plan looked for it."""
        return scalp_of(self.plan) if self.has_scan and self.plan.options.landmarks else None

    @property
    def scan_or_its_grid(self) -> Volume | None:
        """The scan; where it has gone its grid and what its file said, which is all that a navigator's file needs."""
        return self.plan.volume if self.plan.volume.origin.kind != ScanKind.UNKNOWN else None


def read_plan(folder: Path, scan: Volume | None = None) -> Plan:
    """The plan in a result folder, its masks from their files.

    scan: the one that was planned on, see `read_scan_of`; without it the plan's volume is a grid without values.
    Raises UserError where the folder holds no result, a damaged one, or the mask of another side or scan.
    """
    plan = read_findings(folder)
    volume = plan.volume if scan is None else scan
    sides = {}
    for name, side in plan.sides.items():
        path = folder / mask_file_name(name, side.region.name)
        mask = _mask_on(read_volume(path), volume)
        region = replace(side.region, volume=volume, mask_kji=mask, probability_kji=mask.astype(np.float32))
        require_mask_of(path, region, side.target.centroid_ras_mm, frame_in(plan))
        sides[name] = replace(side, region=region)
    return replace(plan, volume=volume, sides=sides, circuit=_with_map(plan.circuit, folder / CIRCUIT_MAP_FILE))


def _with_map(circuit: Circuit | None, path: Path) -> Circuit | None:
    """What the fMRI said with the map that lies beside the result, where it is still there."""
    if circuit is None or not path.is_file():
        return circuit
    found = read_volume(path)
    return replace(circuit, z_map=Volume(found.array_kji, found.ijk_to_ras))


def read_findings(folder: Path) -> Plan:
    """As `read_plan`, but no file of an image is read: the plan's masks are empty."""
    path = folder / RESULT_FILE
    recover(folder)
    if not path.is_file():
        raise UserError(
            "{folder}: no {result_file} is in it; name a folder that 'dlpfc plan' wrote.",
            folder=folder,
            result_file=RESULT_FILE,
        )
    with told_as_damaged(path, advice=say("it may be of another version: plan again")):
        fields = json.loads(path.read_text(encoding="utf-8"))
        version = fields["schema_version"]
        if version not in ("1.0", SCHEMA_VERSION):
            raise UserError(
                "{path}: is of schema version {version}, which this program does not know; it may be of a newer"
                " one: use that, or plan again.",
                path=path,
                version=repr(version),
            )
        plan = plan_of_version_1(fields) if version == "1.0" else plan_of(fields["plan"])
        return _found_again(folder, plan, fields["volume"].get("relative_path"))


def read_result(folder: Path, plan: Plan, scan: Volume | None, literature: bool = False) -> Result:
    """What there is to export of a result folder.

    plan        as `read_findings` gives it
    scan        the one that was planned on; without it a coil whose target has moved is left out, and that is said
    literature  adds the targets of the literature
    Raises UserError where nothing was found, no such targets were placed, or a mask or point is not of its side.
    """
    if not plan.sides:
        raise UserError(
            "{folder}: no {region} was found in this scan, so there is nothing to export.",
            folder=folder,
            region=plan.model.region,
        )
    if literature and not any(side.literature for side in plan.sides.values()):
        raise UserError(
            "{folder}: holds no targets of the literature; 'dlpfc plan' places them where the scan fits the"
            " MNI template, see the warnings of that run.",
            folder=folder,
        )
    planned = read_plan(folder, scan)
    checked(folder / RESULT_FILE, planned_targets(planned), frame_in(planned))
    listed = _Listed(folder / TARGETS_FILE, planned)
    edited = tuple(name for name in planned.sides if _is_edited(planned, name, _told_volume_ml(folder, name)))
    now = _as_edited(planned, listed, edited, scan is not None)
    published = [exported_point(mark, plan.warnings) for side in now.sides.values() for mark in side.literature]
    targets = [*listed.exported(now, scan is not None), *(published if literature else [])]
    return Result(now, checked(folder / TARGETS_FILE, targets, frame_in(now)), scan is not None)


def _found_again(folder: Path, plan: Plan, relative: str | None) -> Plan:
    """The plan with its scan where it lies beside the folder as it did, should both have been moved."""
    if not relative or is_there(Path(plan.volume.source)) or not is_there(folder / relative):
        return plan
    origin = replace(plan.volume.origin, path=str((folder / relative).resolve()))
    return replace(plan, volume=replace(plan.volume, origin=origin))


class _Listed:
    """The points of a result folder's list, each with the plan's own of that name."""

    def __init__(self, path: Path, plan: Plan) -> None:
        by_label = {target.label: target for target in planned_targets(plan)}
        self.planned = list(by_label.values())
        parts = {point.label for target in self.planned for point in points_of([target])[1:]}
        listed = read_targets(path, plan.volume, self.planned)
        self.pairs = [(each, by_label.get(each.label)) for each in listed if each.label not in parts]
        there = {each.label for each, _ in self.pairs}
        self._gone = tuple(
            say(
                "'{label}' was taken out of {name}; its scalp entry and its coil are left out with it.",
                label=own.label,
                name=path.name,
            )
            for own in self.planned
            if own.key == TARGET and own.label not in there
        )

    def moved(self, hemisphere: str) -> dict[str, np.ndarray]:
        """Key -> where a person put it, RAS mm; '' for the head's own points."""
        return {
            own.key: each.position_ras_mm
            for each, own in self.pairs
            if own is not None and own.hemisphere == hemisphere and _away_mm(each, own) > _MOVED_MM
        }

    def removed(self, hemisphere: str) -> tuple[str, ...]:
        """Keys of the points that a person took out of the list."""
        there = {own.label for _, own in self.pairs if own is not None}
        gone = (own for own in self.planned if own.label not in there and own.hemisphere == hemisphere)
        return tuple(own.key for own in gone if own.key != TARGET)

    def exported(self, now: Plan, has_scan: bool) -> list[PlannedTarget]:
        """The listed points as the plan has them now, in the list's order; what a person added is as it is."""
        known = {(target.hemisphere, target.key): target for target in planned_targets(now)}
        lost = [own for _, own in self.pairs if own is not None and (own.hemisphere, own.key) not in known]
        targets = []
        for each, own in self.pairs:
            if own is None:
                targets.append(each)
            elif (own.hemisphere, own.key) in known:
                placed = _as_listed(each, own, known[own.hemisphere, own.key], has_scan)
                followers = [point.label for point in lost if own.hemisphere in (point.hemisphere, "")]
                targets.append(_with_lost(placed, followers) if _away_mm(each, own) > _MOVED_MM else placed)
        return [replace(each, warnings=(*each.warnings, *self._gone)) for each in targets]


def moved_points(folder: Path, plan: Plan) -> dict[str, dict[str, np.ndarray]]:
    """Hemisphere, or '' for the head's own points -> key -> where a person put it in the folder's list, RAS mm.

    Raises UserError for a damaged list; a folder without one has no moved points.
    """
    path = folder / TARGETS_FILE
    if not path.is_file():
        return {}
    listed = _Listed(path, plan)
    return {hemisphere: listed.moved(hemisphere) for hemisphere in (*plan.sides, "")}


def added_points(folder: Path, plan: Plan) -> tuple[PlannedTarget, ...]:
    """The points that a person added to the folder's list, RAS mm; raises UserError as `moved_points`."""
    path = folder / TARGETS_FILE
    return tuple(each for each, own in _Listed(path, plan).pairs if own is None) if path.is_file() else ()


def _away_mm(one: PlannedTarget, other: PlannedTarget) -> float:
    return float(np.linalg.norm(one.position_ras_mm - other.position_ras_mm))


def _with_lost(moved: PlannedTarget, labels: list[str]) -> PlannedTarget:
    """A point that was moved, with what is said of those that cannot follow it."""
    if not labels:
        return moved
    names = ", ".join(f"'{label}'" for label in labels)
    return replace(
        moved,
        warnings=(*moved.warnings, say("Left out, as they were measured from what was moved: {names}.", names=names)),
    )


def _as_listed(listed: PlannedTarget, planned: PlannedTarget, now: PlannedTarget, has_scan: bool) -> PlannedTarget:
    """The point as the plan has it now, with the entry and the coil that a person moved or took away themselves."""
    entry, pose = now.entry_ras_mm, now.coil_pose_ras_mm
    followed = _away_mm(now, planned) > _MOVED_MM
    if _away_mm(listed, planned) > _MOVED_MM and not followed:  # no rule takes such a point over
        now = replace(now, position_ras_mm=listed.position_ras_mm)
    known = {in_one_line((text,)) for text in planned.warnings}
    of_list = [text for text in listed.warnings if text not in known]
    said: list[str] = []
    if _away_mm(listed, planned) > _MOVED_MM:
        said.append(
            say(
                "'{label}' was moved {away_mm:.1f} mm by hand after the plan.",
                label=planned.label,
                away_mm=_away_mm(listed, planned),
            )
        )
    elif followed:
        said.append(
            say(
                "'{label}' followed an edit by {away_mm:.1f} mm after the plan.",
                label=planned.label,
                away_mm=_away_mm(now, planned),
            )
        )
    if said and planned.coil_pose_ras_mm is not None and pose is None:
        reason = say("none can be placed there") if has_scan else say("the scan is needed to place it there (--scan)")
        said.append(say("The coil of '{label}' is left out: {reason}.", label=planned.label, reason=reason))
    if _differ(listed.coil_pose_ras_mm, planned.coil_pose_ras_mm):
        pose = listed.coil_pose_ras_mm
        said.append(say("The coil of '{label}' was changed by hand after the plan.", label=planned.label))
    if _differ(listed.entry_ras_mm, planned.entry_ras_mm):
        entry = listed.entry_ras_mm
        said.append(say("The scalp entry of '{label}' was changed by hand after the plan.", label=planned.label))
    warnings = tuple(dict.fromkeys((*now.warnings, *of_list, *said)))
    return replace(now, entry_ras_mm=entry, coil_pose_ras_mm=pose, warnings=warnings)


def _differ(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is not other
    if one.shape == (3,):
        return not np.allclose(one, other, rtol=0.0, atol=_MOVED_MM)
    is_turned = not np.allclose(one[:3, :3], other[:3, :3], rtol=0.0, atol=_TURNED)
    return is_turned or not np.allclose(one[:3, 3], other[:3, 3], rtol=0.0, atol=_MOVED_MM)


def _told_volume_ml(folder: Path, hemisphere: str) -> float:
    """What the result tells of a mask's volume; the file may hold another one now."""
    path = folder / RESULT_FILE
    with told_as_damaged(path, advice=say("plan again")):
        fields = json.loads(path.read_text(encoding="utf-8"))
        return float(fields.get(hemisphere, fields)["mask"]["volume_ml"])


def _is_edited(plan: Plan, hemisphere: str, told_ml: float) -> bool:
    """Whether a mask is another than the one of the plan: its volume or its middle has changed."""
    side = plan.sides[hemisphere]
    away = float(np.linalg.norm(middle_ras_mm(side.region) - side.target.centroid_ras_mm))
    return away > _MOVED_MM or abs(side.region.volume_ml - told_ml) > _ROUNDED_ML


def _as_edited(plan: Plan, listed: _Listed, edited: tuple[str, ...], has_scan: bool) -> Plan:
    """The plan by the rule where a person changed something, else as it is; `edited` names the sides of such masks."""
    fiducials = tuple(_where_it_is(mark, listed.moved("")) for mark in plan.fiducials)
    sides = {name: _edited_side(plan, name, listed, name in edited) for name in plan.sides}
    if not edited and not any(listed.moved(name) for name in ("", *plan.sides)):
        return plan
    scalp = scalp_of(plan) if has_scan and plan.options.landmarks else None
    if scalp is None:
        if any(side.target.method is Method.NEAREST_SCALP for side in plan.sides.values()):
            raise UserError(
                "{source}: points or masks of its results were edited, and a target nearest to the scalp can"
                " follow only where the scan is at hand; name it (--scan).",
                source=plan.volume.source,
            )
        sides = {name: _without_walk(each) for name, each in sides.items()}
    z_map = plan.circuit.z_map if plan.circuit else None
    head = EditedHead(tuple(sides.values()), scalp, choices_in(plan), fiducials, plan.stimulated, z_map)
    now = replace(edited_plan(plan.volume, head), not_found=plan.not_found)
    require_sides(now)
    return now


def _without_walk(side: EditedSide) -> EditedSide:
    """A side whose hotspot was moved without the landmark that cannot be walked to from it again."""
    if HOTSPOT not in side.placed or FIVE_CM in side.placed:
        return side
    return replace(side, removed=(*side.removed, FIVE_CM))


def _edited_side(plan: Plan, hemisphere: str, listed: _Listed, is_edited: bool) -> EditedSide:
    side = plan.sides[hemisphere]
    removed = listed.removed(hemisphere)
    if listed.moved(""):  # what was measured from them is no longer true
        removed += tuple(mark.key for mark in side.landmarks if mark.role is Role.MEASURED)
    placed = listed.moved(hemisphere)
    if side.target.method is Method.MOVED:
        placed = {TARGET: side.target.position_ras_mm} | placed
    alone = replace(plan, sides={hemisphere: side}, not_found={})
    return EditedSide(alone, side.region.mask_kji, is_edited, placed, removed)


def _where_it_is(mark: Point, moved: dict[str, np.ndarray]) -> Point:
    return mark.by_hand(moved[mark.key], Method.PLACED) if mark.key in moved else mark


def read_scan_of(folder: Path, plan: Plan, path: Path | None = None, frame: int | None = None) -> Volume | None:
    """The scan of a result: at `path`, else where it was when it was planned on, or None if it has gone.

    Raises UserError for another scan than the planned one, of another person or on another grid.
    """
    known = Path(plan.volume.source)
    if path is None and not is_there(known):
        return None
    if frame is None and plan.fingerprint:  # a result of version 1 does not know its frame
        frame = plan.volume.origin.frame
    scan = read_volume(path or known, frame)
    if plan.is_of(scan.as_slicer_shows_it):  # planned on what Slicer had loaded
        return scan.as_slicer_shows_it
    if not plan.is_of(scan):
        raise UserError(
            "{source}: is not the scan that {folder} was planned on; name that one.", source=scan.source, folder=folder
        )
    return scan


def _mask_on(mask: Volume, scan: Volume) -> np.ndarray:
    """The same voxels on the scan's own axis order, bool, shape (K, J, I); the scan may lie where Slicer shows it."""
    shown = mask.as_slicer_shows_it
    if not is_same_grid(mask.shape_ijk, mask.ijk_to_ras, scan) and is_same_grid(mask.shape_ijk, shown.ijk_to_ras, scan):
        mask = shown
    ijk = np.rint(ras_to_ijk(scan.ijk_to_ras, voxel_points_ras_mm(mask, mask.array_kji > 0))).astype(int)
    if np.any(ijk < 0) or np.any(ijk >= scan.shape_ijk):
        raise UserError(
            "{mask_source}: reaches beyond {scan_source}; name the scan that it was made on.",
            mask_source=mask.source,
            scan_source=scan.source,
        )
    on_scan = np.zeros(scan.array_kji.shape, dtype=bool)
    on_scan[tuple(ijk[:, ::-1].T)] = True
    return on_scan
