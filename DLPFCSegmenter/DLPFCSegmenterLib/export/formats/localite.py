"""Localite's XML files: InstrumentMarker (coil poses) and EntryTarget (scalp and cortex points).

Read are also TriggerMarker (where the coil was at each pulse) and GUMMarker (poses of a session since 2025).

A project made from a NIfTI scan is in RAS, one from DICOM in LPS; the file names which. EntryTarget has
no field for words, so that they lie beside it (`remarks`).
"""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from ...errors import UserError
from ...geometry.poses import LOCALITE_AXES, change_axes, pose_ras_to_lps
from ...geometry.spaces import ras_to_lps
from ...scan.origin import ScanKind
from ...scan.volume import Volume
from ...sentences import say
from ..format import BY_SIMNIBS, ENTRY, POINT, POSE, SCAN, PointFormat
from ..points import described, posed_target, read_remarks, with_remarks, write_remarks
from ..targets import PlannedTarget

_SPACES = {ScanKind.NIFTI: "RAS", ScanKind.DICOM: "LPS"}
"""Of a project, by the kind of scan that it was made from."""
_CELLS = [(row, column) for row in range(4) for column in range(4)]


def space_in_words(scan: Volume | None) -> str:
    """The space that is written for `scan`, and of which project."""
    return (
        say("RAS mm, for a project from NIfTI") if _space_of(scan) == "RAS" else say("LPS mm, for a project from DICOM")
    )


def _space_of(scan: Volume | None) -> str:
    if scan is None:
        raise UserError("Localite counts in RAS or LPS after the kind of the scan; name the scan (--scan).")
    if scan.origin.kind not in _SPACES:
        raise UserError(
            "{source}: Localite counts in RAS for a NIfTI scan and in LPS for a DICOM series, and this is"
            " neither; convert the scan to NIfTI and plan on that.",
            source=scan.source,
        )
    return _SPACES[scan.origin.kind]


def write_instrument_markers(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write one coil pose a target, which every target must have."""
    space = _space_of(scan)
    root = Element("InstrumentMarkerList", coordinateSpace=space)
    for index, target in enumerate(targets):
        item = _child(root, "InstrumentMarker", alwaysVisible="false", index=str(index), selected="false")
        words = {"additionalInformation": described(target), "color": "#ff0000", "description": target.label}
        marker = _child(item, "Marker", **words, set="true")
        _child(marker, "Matrix4D", **_cells(_localite_pose(target, space)))
    return _write(root, path)


def _localite_pose(target: PlannedTarget, space: str) -> np.ndarray:
    assert target.coil_pose_ras_mm is not None, "the format requires it"
    pose = change_axes(target.coil_pose_ras_mm, LOCALITE_AXES)
    return pose_ras_to_lps(pose) if space == "LPS" else pose


def _cells(matrix: np.ndarray) -> dict[str, str]:
    return {f"data{row}{column}": _number(matrix[row, column]) for row, column in _CELLS}


def _number(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write_entry_target(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write one pair of scalp entry and cortical target each; every target must have an entry."""
    space = _space_of(scan)
    root = Element("EntryTargetList", coordinateSpace=space)
    for index, target in enumerate(targets):
        assert target.entry_ras_mm is not None, "the format requires it"
        _add_point(root, "Entry", index, target.label, target.entry_ras_mm, space)
        _add_point(root, "Target", index, target.label, target.position_ras_mm, space)
    return [*_write(root, path), write_remarks(targets, path)]


def _add_point(root: Element, kind: str, index: int, label: str, point_ras_mm: np.ndarray, space: str) -> None:
    colour, aura = ("#00ff00", "false") if kind == "Entry" else ("#00ffff", "true")
    item = _child(root, kind, alwaysVisible="false", index=str(index), selected="true" if index == 0 else "false")
    marker = _child(item, "Marker", color=colour, description=label, drawAura=aura, radius="4.0", set="true")
    place = ras_to_lps(point_ras_mm) if space == "LPS" else point_ras_mm
    _child(marker, "ColVec3D", **{f"data{axis}": _number(value) for axis, value in enumerate(place)})


def _child(parent: Element, tag: str, **attributes: str) -> Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _write(root: Element, path: Path) -> list[Path]:
    ElementTree.indent(root)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def read_instrument_markers(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Coil poses of the markers that are set; a target's position is its coil's centre.

    Pulses at which the coil was not seen, whose matrix is the identity, are passed over.
    """
    root = ElementTree.fromstring(path.read_bytes())
    space = _read_space(path, root)
    markers = [_read_pose(marker, space) for marker in root.iterfind("InstrumentMarker/Marker") if _is_set(marker)]
    pulses = [_read_pose(pulse, space) for pulse in root.iterfind("TriggerMarker")]
    elements = [_read_pose(element, space) for element in root.iterfind("Element")]
    return markers + [pulse for pulse in pulses if pulse.coil_pose_ras_mm is not None] + elements


def _read_pose(marker: Element, space: str) -> PlannedTarget:
    cells = _part(marker, ".//Matrix4D").attrib
    pose = np.reshape([float(cells[f"data{row}{column}"]) for row, column in _CELLS], (4, 4))
    pose = pose_ras_to_lps(pose) if space == "LPS" else pose
    words, named = marker.get("additionalInformation", ""), marker.find("InstrumentMarker")  # as a GUMMarker has it
    name = (marker if named is None else named).get("description", "")
    return posed_target(name, pose, LOCALITE_AXES, words)


def read_entry_target(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets with the entry of the same index, where that is set."""
    root = ElementTree.fromstring(path.read_bytes())
    space = _read_space(path, root)
    entries = {item.get("index"): _read_point(item, space) for item in _set_items(root, "Entry")}
    targets = (
        PlannedTarget(
            _part(item, "Marker").get("description", ""), _read_point(item, space), entries.get(item.get("index"))
        )
        for item in _set_items(root, "Target")
    )
    return with_remarks(targets, read_remarks(path))


def _set_items(root: Element, kind: str) -> list[Element]:
    return [item for item in root.iterfind(kind) if _is_set(_part(item, "Marker"))]


def _part(item: Element, path: str) -> Element:
    found = item.find(path)
    if found is None:
        raise KeyError(path)
    return found


def _read_point(item: Element, space: str) -> np.ndarray:
    vector = _part(item, "Marker/ColVec3D").attrib
    point = np.array([float(vector[f"data{axis}"]) for axis in range(3)])
    return ras_to_lps(point) if space == "LPS" else point


def _is_set(marker: Element) -> bool:
    return marker.get("set") == "true"


def _read_space(path: Path, root: Element) -> str:
    space = root.get("coordinateSpace")
    if space not in ("RAS", "LPS"):
        named = (
            say("the coordinate space '{space}' is not known", space=space)
            if space
            else say("it names no coordinate space")
        )
        raise UserError("{path}: {named}; export it from Localite in RAS or LPS.", path=path, named=named)
    return space


FORMATS = (
    PointFormat(
        name="localite", title=say("Localite InstrumentMarker"), suffix=".instrumentmarker.xml", rank=50,
        signatures=("<InstrumentMarkerList", "<TriggerMarkerList", "<GUMMarkerList"), write=write_instrument_markers,
        read=read_instrument_markers, needs=SCAN,
        space=say("RAS mm for a NIfTI scan, LPS mm for another"), space_of=space_in_words, requires=POSE,
        loses=(POINT, ENTRY), named_by_time="InstrumentMarker", checked=BY_SIMNIBS,
    ),
    PointFormat(
        name="localite-entry-target", title=say("Localite EntryTarget"), suffix=".entrytarget.xml", rank=60,
        signatures=("<EntryTargetList",), write=write_entry_target, read=read_entry_target, needs=SCAN,
        space=say("RAS mm for a NIfTI scan, LPS mm for another"), space_of=space_in_words, requires=ENTRY,
        loses=(POSE,), named_by_time="EntryTarget", checked=say("sample files alone"),
    ),
)  # fmt: skip
