"""Targets and masks into the files of a format, and in words what is in them and what is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..files import told_to_the_user, write_whole
from ..scan.canonical import box_ras_mm
from ..scan.volume import Volume
from ..segmentation.region import Region
from ..sentences import Sentence, both, joined, say
from ..targeting.scalp import Scalp
from .anonymous import TOLD, anonymous_region, anonymous_scan, anonymous_targets, clear_dicom, pseudonym_of
from .format import PointFormat
from .points import kept_apart
from .reading import require_places
from .registry import MASK_FORMATS, file_name, point_format
from .targets import PlannedTarget, brought

_BEYOND_MM = 30.0
"""A coil's centre and the scalp may lie so far beyond a scan that shows little more than the brain."""


@dataclass(frozen=True)
class Exportable:
    """What there is to export of one scan.

    regions  hemisphere -> its mask
    scan     the volume that was planned on, or None where it has gone
    scalp    gives the head's surface, or None where the scan shows none
    pseudonym  what stands for the person in DICOM files, '' where their own name may
    """

    targets: list[PlannedTarget]
    regions: Mapping[str, Region]
    scan: Volume | None
    scalp: Callable[[], Scalp | None] = lambda: None
    pseudonym: str = ""

    def anonymous(self) -> "Exportable":
        """The same without what tells whose it is."""
        regions = {side: anonymous_region(region) for side, region in self.regions.items()}
        targets = anonymous_targets(self.targets, self.scan)
        if self.scan is None:
            return replace(self, targets=targets, regions=regions)
        return Exportable(targets, regions, anonymous_scan(self.scan), self.scalp, pseudonym_of(self.scan))


@dataclass(frozen=True)
class Exported:
    """What one export wrote.

    files     every file, the asked one first
    contents  how many targets, in which coordinate space
    remarks   sentences about what was left out and how far the format was checked
    """

    files: tuple[Path, ...]
    contents: Sentence
    remarks: tuple[Sentence, ...] = ()

    def sentences(self) -> list[Sentence]:
        """What the user reads: one line for the files, one for each remark."""
        names = both(str(file) for file in self.files)
        told = say("wrote {names}: {contents}", names=names, contents=self.contents)
        return [told, *(say("  {remark}", remark=remark) for remark in self.remarks)]


def write_targets(
    name: str, targets: list[PlannedTarget], path: Path, scan: Volume | None = None, overwrite: bool = False
) -> list[Path]:
    """Write `targets` to `path` and return every file that was written.

    scan: the volume they were planned on, which most navigators' formats need.
    Raises UserError for an unknown format, targets that it cannot hold, or a file in the way; then
    nothing is left behind.
    """
    chosen = point_format(name)
    if not targets:
        raise UserError("{path}: there are no targets to export; plan one first.", path=path)
    if path.exists() and not overwrite:
        raise UserError("{path}: exists already; choose another name or overwrite it.", path=path)
    require_places(path, targets)
    _check_labels(path, targets)
    chosen.require_held(path, targets)
    with told_to_the_user(path), write_whole(path.parent) as fresh:
        return _places_of(chosen.write(targets, fresh / path.name, scan), path.parent, overwrite)


def _places_of(files: list[Path], folder: Path, overwrite: bool) -> list[Path]:
    """Where finished files will lie; raises UserError where one would take another's place unasked."""
    places = [folder / file.name for file in files]
    for place in places:
        if place.exists() and not overwrite:
            raise UserError("{place}: exists already; choose another name or overwrite it.", place=place)
    return places


def _check_labels(path: Path, targets: list[PlannedTarget]) -> None:
    for target in targets:
        if not target.label.strip() or not target.label.isprintable():
            raise UserError(
                "{path}: '{label}' cannot be the name of a target; use letters, digits and spaces.",
                path=path,
                label=target.label,
            )


def export_targets(
    name: str, targets: list[PlannedTarget], path: Path, scan: Volume | None = None, overwrite: bool = False
) -> Exported:
    """Write those of the targets that the format can hold; the others are told in the remarks.

    The scan's warnings go into the file with the targets', and one where a target lies far beyond the scan.
    Raises UserError as `write_targets`, and where the format can hold none of the targets.
    """
    chosen = point_format(name)
    held = [target for target in kept_apart(targets) if chosen.can_hold(target)]
    if targets and not held:
        raise UserError(
            "{path}: {title} holds {alone}, and there are none among the targets; plan on a scan that shows"
            " the scalp, or choose another format.",
            path=path,
            title=chosen.title,
            alone=chosen.alone,
        )
    written = [_with_scan_warnings(target, scan) for target in held]
    files = write_targets(name, written, path, scan, overwrite)
    count = say("1 target") if len(held) == 1 else say("{count} targets", count=len(held))
    contents = say("{count} in {space}", count=count, space=chosen.space_for(scan))
    left_out = [target.label for target in targets if not chosen.can_hold(target)]
    beyond = [say("warning: {text}", text=text) for target in held for text in _beyond(target, scan)]
    first = {target.label for target in targets}
    apart = [say("warning: {text}", text=target.warnings[-1]) for target in held if target.label not in first]
    remarks = (
        *apart,
        *beyond,
        *_left_out(chosen, left_out),
        *_lost(chosen, held),
        say("checked against {checked}", checked=chosen.checked),
    )
    return Exported(tuple(files), contents, tuple(map(say, remarks)))


def _with_scan_warnings(target: PlannedTarget, scan: Volume | None) -> PlannedTarget:
    warnings = scan.warnings if scan is not None else ()
    return replace(target, warnings=tuple(dict.fromkeys(target.warnings + warnings + _beyond(target, scan))))


def _beyond(target: PlannedTarget, scan: Volume | None) -> tuple[str, ...]:
    if scan is None:
        return ()
    low, high = box_ras_mm(scan)
    away = np.maximum(np.maximum(low - target.position_ras_mm, target.position_ras_mm - high), 0.0)
    distance = float(np.linalg.norm(away))
    if distance <= _BEYOND_MM:
        return ()
    return (
        say(
            "'{label}' lies {distance:.0f} mm outside {name}; check that it is the scan on which the target"
            " was planned.",
            label=target.label,
            distance=distance,
            name=Path(scan.source).name,
        ),
    )


def _left_out(chosen: PointFormat, labels: list[str]) -> list[str]:
    if not labels:
        return []
    names = ", ".join(f"'{label}'" for label in labels)
    return [
        say("left out: {names}, because {title} holds {alone}", names=names, title=chosen.title, alone=chosen.alone)
    ]


def _lost(chosen: PointFormat, held: list[PlannedTarget]) -> list[str]:
    lost = chosen.lost_of(held)
    return [say("left out: {lost}, for which {title} has no room", lost=both(lost), title=chosen.title)] if lost else []


def export_as(name: str, content: Exportable, folder: Path, stem: str, overwrite: bool = False) -> Exported:
    """Write one format of targets or masks into a folder; raises UserError as `export_targets`, `export_masks`."""
    content = _as_file_is_read(content)
    if name in MASK_FORMATS:
        return export_masks(name, content, folder, stem, overwrite)
    path = folder / file_name(name, stem, datetime.now())
    return export_targets(name, content.targets, path, content.scan, overwrite)


def _as_file_is_read(content: Exportable) -> Exportable:
    """The same in the scan's voxels, of a scan that Slicer loaded and shows elsewhere than its file is read."""
    scan = content.scan
    if scan is None or scan.as_its_file_is_read is scan:
        return content
    read = scan.as_its_file_is_read
    regions = {side: replace(region, volume=read) for side, region in content.regions.items()}
    targets = brought(content.targets, scan, read)
    return replace(content, targets=targets, regions=regions, scan=read, scalp=partial(_brought_scalp, content, read))


def _brought_scalp(content: Exportable, read: Volume) -> Scalp | None:
    from ..targeting import mesh

    scalp = content.scalp()
    if scalp is None or content.scan is None:
        return None
    matrix = read.ijk_to_ras @ np.linalg.inv(content.scan.ijk_to_ras)
    return replace(scalp, surface=mesh.moved(scalp.surface, matrix))


def export_masks(name: str, content: Exportable, folder: Path, stem: str, overwrite: bool = False) -> Exported:
    """Write each mask in the format `name`, such as 'dlpfc_left.seg.dcm'.

    Raises UserError where there is no mask, the format needs a DICOM series and the scan is none, or a file is in the
    way.
    """
    chosen = MASK_FORMATS[name]
    if not content.regions:
        raise UserError("there is no mask: draw one, or choose a format of targets.")
    with write_whole(folder) as fresh:
        files = {side: fresh / f"{stem}_{side}{chosen.suffix}" for side in content.regions}
        for side, file in files.items():
            chosen.write(content.regions[side], _targets_on(content, side), file)
            if chosen.sop_class and content.pseudonym:
                clear_dicom(file, content.pseudonym)
        scalp = content.scalp() if chosen.write_scalp else None
        if chosen.write_scalp and scalp is not None and content.scan is not None:
            files["scalp"] = fresh / f"{stem}_scalp{chosen.suffix}"
            chosen.write_scalp(scalp.surface, content.scan, files["scalp"])
        paths = _places_of(list(files.values()), folder, overwrite)
    count = say("1 mask") if len(content.regions) == 1 else say("{count} masks", count=len(content.regions))
    parts = say("{masks} and scalp", masks=count) if scalp else count
    told = (TOLD,) if chosen.sop_class and not content.pseudonym else ()
    contents = joined(" ", (parts, chosen.space))
    return Exported(tuple(paths), contents, (*told, say("checked against {checked}", checked=chosen.checked)))


def _targets_on(content: Exportable, hemisphere: str) -> list[PlannedTarget]:
    """The targets of the side, and with the first side those of none, as the head's fiducials.

    All of them where there is but one side.
    """
    others = {name for name in content.regions if name != hemisphere}
    if hemisphere != next(iter(content.regions)):
        return [target for target in content.targets if target.hemisphere == hemisphere]
    return [target for target in content.targets if target.hemisphere not in others]
