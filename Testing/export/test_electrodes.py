"""Electrode positions of caps: which units, names and frames are read, and which are refused."""

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.reading import read_fiducials, read_targets
from DLPFCSegmenterLib.scan.origin import Origin, ScanKind
from DLPFCSegmenterLib.scan.volume import Volume

CAP = {
    "LPA": (-80.0, 0, -40), "RPA": (80.0, 0, -40), "Nz": (0.0, 85, -40), "Iz": (0.0, -110, -30),
    "F3": (-50.0, 52, 40), "F4": (50.0, 52, 41), "O1": (-29.0, -112, 9), "Cz": (0.0, -9, 100),
}  # fmt: skip
TO_DIGITISER = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
"""x to the nose and y to the left, as digitisers have it."""

SAME = np.eye(3)


def elc(path, cap=CAP, unit="mm", scale=1.0, named_rows=False, count=None):
    rows = [" ".join(f"{scale * mm:.5f}" for mm in place) for place in cap.values()]
    rows = [f"{name}\t:\t{row}" for name, row in zip(cap, rows, strict=True)] if named_rows else rows
    unit_line = [f"UnitPosition\t{unit}"] if unit is not None else []
    head = ["# ASA electrode file", "ReferenceLabel\tavg", *unit_line, f"NumberPositions=\t{count or len(cap)}"]
    path.write_text("\n".join([*head, "Positions", *rows, "Labels", *([] if named_rows else cap), ""]))
    return path


@pytest.mark.parametrize(("unit", "scale"), [("mm", 1.0), ("cm", 0.1), ("m", 0.001)])
@pytest.mark.parametrize("named_rows", [False, True])
def test_positions_are_read_in_mm_by_their_names_with_a_word_on_their_space(unit, scale, named_rows, tmp_path):
    read = read_targets(elc(tmp_path / "cap.elc", unit=unit, scale=scale, named_rows=named_rows))
    assert [each.label for each in read] == list(CAP)
    np.testing.assert_allclose([each.position_ras_mm for each in read], list(CAP.values()), atol=0.02)
    assert all("cap.elc names no coordinate system; RAS mm of the scan was taken" in each.warnings[0] for each in read)
    np.testing.assert_allclose(read_fiducials(tmp_path / "cap.elc").inion_ras_mm, CAP["Iz"], atol=0.02)


def test_labels_of_one_line_are_read_too(tmp_path):
    path = elc(tmp_path / "cap.elc")
    text, labels = path.read_text().split("Labels\n")
    path.write_text(f"{text}Labels\n{' '.join(labels.split())}\n")
    assert [each.label for each in read_targets(path)] == list(CAP)


@pytest.mark.parametrize("names", [list(CAP), ["F3", "F4", "O1"], ["LPA", "RPA", "Nz", "Iz"]])
@pytest.mark.parametrize(
    "turn", [TO_DIGITISER, np.diag([-1.0, -1, 1]), np.diag([-1.0, 1, 1])], ids=["ALS", "LPS", "LAS"]
)
def test_positions_whose_axes_are_not_those_of_a_scan_are_refused(names, turn, tmp_path):
    cap = {name: turn @ CAP[name] for name in names}
    with pytest.raises(UserError, match=r"axes are not those of a scan \(x does not grow to the right of the head\)"):
        read_targets(elc(tmp_path / "cap.elc", cap))


@pytest.mark.parametrize("names", [("E1", "E2", "E10", "E11"), ("A1", "A2", "B3"), ("EEG 001", "EEG 002")])
def test_names_that_tell_no_place_on_the_head_refuse_nothing(names, tmp_path):
    cap = {name: (10.0 * number, 5, 6) for number, name in enumerate(names[::-1])}
    assert len(read_targets(elc(tmp_path / "cap.elc", cap))) == len(names)


@pytest.mark.parametrize("unit", [None, "inch", ""])
def test_an_unknown_unit_is_refused(unit, tmp_path):
    path = elc(tmp_path / "cap.elc", unit=unit)
    path.write_text(path.read_text().replace("# ASA", "# UnitPosition ASA"))
    with pytest.raises(UserError, match="names no unit of length"):
        read_targets(path)


@pytest.mark.parametrize("damage", [("80.0", "x"), ("Labels", "Label"), ("Iz\n", "\n"), ("Positions\n-80", "-80")])
def test_a_damaged_file_is_refused_in_one_line(damage, tmp_path):
    path = elc(tmp_path / "cap.elc")
    path.write_text(path.read_text().replace(*damage))
    with pytest.raises(UserError, match="this ASA electrodes file is damaged"):
        read_targets(path)


def conformed(origin_ras_mm=(10.0, -20, 30)):
    """A volume as FreeSurfer makes its surfaces in: LIA, 1 mm, as many voxels along each axis."""
    matrix = np.array([[-1.0, 0, 0, 128], [0, 0, 1, -128], [0, -1, 0, 128], [0, 0, 0, 1]])
    matrix[:3, 3] += origin_ras_mm
    return Volume(np.zeros((256, 256, 256), np.uint8), matrix, Origin("T1.mgz", ScanKind.MGH))


@pytest.fixture(scope="module")
def mne():
    """MNE itself; a file of its own making is what a user has."""
    return pytest.importorskip("mne", reason="mne is not installed")


def fif(mne, path, frame, turn=SAME):
    named = {name: turn @ place / 1000.0 for name, place in CAP.items()}
    ends = {"lpa": named.pop("LPA"), "rpa": named.pop("RPA"), "nasion": named.pop("Nz")}
    montage = mne.channels.make_dig_montage(named, **ends, coord_frame=frame)
    montage.save(path, overwrite=True, verbose="ERROR")
    return path


def test_a_montage_in_the_space_of_the_scan_is_read_as_it_is(mne, tmp_path):
    read = {each.label: each for each in read_targets(fif(mne, tmp_path / "cap-dig.fif", "ras"))}
    assert read.keys() == CAP.keys() and read["F3"].warnings == ()
    np.testing.assert_allclose(read["F3"].position_ras_mm, CAP["F3"], atol=1e-3)


def test_a_montage_in_freesurfer_s_coordinates_needs_the_volume_that_they_are_of(mne, tmp_path):
    path, scan = fif(mne, tmp_path / "cap-dig.fif", "mri"), conformed()
    read = {each.label: each for each in read_targets(path, scan)}
    np.testing.assert_allclose(read["F3"].position_ras_mm, np.add(CAP["F3"], (10.0, -20, 30)), atol=1e-3)
    for other in (None, Volume(scan.array_kji, scan.ijk_to_ras, Origin("T1.nii", ScanKind.NIFTI))):
        with pytest.raises(UserError, match="name that as the scan"):
            read_targets(path, other)


def test_a_montage_of_no_known_frame_is_taken_as_a_table_is(mne, tmp_path):
    (first, *_) = read_targets(fif(mne, tmp_path / "cap-dig.fif", "unknown"))
    assert "names no coordinate system" in first.warnings[0]
    with pytest.raises(UserError, match=r"\(x does not grow to the right"):
        read_targets(fif(mne, tmp_path / "cap-dig.fif", "unknown", TO_DIGITISER))


@pytest.mark.parametrize("frame", ["head", "mni_tal", "mri_voxel"])
def test_a_montage_in_another_frame_is_refused(frame, mne, tmp_path):
    with pytest.raises(UserError, match=f"is in the frame '{frame}' and not in the space of a scan"):
        read_targets(fif(mne, tmp_path / "cap-dig.fif", frame), conformed())


def test_a_damaged_montage_is_told_in_one_line(mne, tmp_path):
    path = fif(mne, tmp_path / "cap-dig.fif", "ras")
    path.write_bytes(path.read_bytes()[:90])
    with pytest.raises(UserError, match=r"cap-dig\.fif: "):
        read_targets(path)


def test_without_mne_a_montage_says_what_it_needs(monkeypatch, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "mne", None)
    (tmp_path / "cap.fif").write_bytes(bytes.fromhex("000000640000001f00000014") + bytes(20))
    with pytest.raises(UserError, match="is read by the package mne; install it, or save an .elc file"):
        read_targets(tmp_path / "cap.fif")
