"""NIfTI scans whose qform and sform lie apart: what is written for Slicer, or read from it, lies where it shows them.

Slicer itself is the judge: its own storage nodes load the scan, the masks and the points.
"""

from dataclasses import replace
from itertools import product

import nibabel
import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonMath import vtkMatrix4x4

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.formats.markups_json import write_markups_json
from DLPFCSegmenterLib.export.formats.masks import (
    read_mask_nifti,
    read_mask_segmentation,
    write_mask_nifti,
    write_mask_segmentation,
)
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.result_folder import moved_points
from DLPFCSegmenterLib.export.result_json import write_result_json
from DLPFCSegmenterLib.export.targets import PlannedTarget, planned_targets
from DLPFCSegmenterLib.export.writing import Exportable, export_as, write_targets
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, largest_shift_mm, ras_to_ijk, transform_points
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.readers import as_in_file, read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.region import Region
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.targeting.stimulation import Stimulation
from DLPFCSegmenterLib.tasks import open_results
from hand_made_plans import make_plan, reordered, with_everything

CODES = list(product((1, 2, 3, 4), repeat=2))
ORDERS = ("RAS", "LPS", "PIR")
SHAPE = (30, 34, 26)
VOXEL = np.array([9.0, 21.0, 13.0])


def turned(degrees: float, shift_mm: tuple[float, ...]) -> np.ndarray:
    """4x4 in RAS: a turn about the vertical, then a shift, as a coregistration leaves it."""
    angle = np.radians(degrees)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[:3, 3] = shift_mm
    return matrix


def save_scan(path, codes, order="RAS", sform_from_qform=None, qform=None):
    """A scan whose sform lies 20 mm from its qform where nothing else is said."""
    grid = np.diag([3.0, 3.2, 3.5, 1.0])
    grid[:3, 3] = (-44.0, -50.0, -40.0)
    values = np.random.default_rng(0).normal(100, 20, SHAPE).astype(np.float32)
    values, grid = reordered(values, grid, order)
    image = nibabel.Nifti1Image(values, None)
    image.header.set_qform(grid if qform is None else qform, codes[0])
    moved = turned(6.0, (0.0, -4.0, 19.0)) if sform_from_qform is None else sform_from_qform
    image.header.set_sform(moved @ grid, codes[1])
    nibabel.save(image, path)
    return path


@pytest.fixture
def slicer():
    return pytest.importorskip("slicer", reason="slicer-core is not installed")


def shown_matrix(slicer, path) -> np.ndarray:
    """IJK to RAS mm of a volume in Slicer."""
    storage, node = slicer.vtkMRMLVolumeArchetypeStorageNode(), slicer.vtkMRMLScalarVolumeNode()
    storage.SetFileName(str(path))
    assert storage.ReadData(node)
    matrix = vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def _points_in_slicer(slicer, path):
    """A scene with an empty list of points, and what reads and writes it as the file `path`."""
    scene = slicer.vtkMRMLScene()
    logic = slicer.vtkSlicerMarkupsLogic()
    logic.SetMRMLScene(scene)
    node = scene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode")
    kind = "Json" if str(path).endswith(".json") else "Fiducial"
    storage = scene.AddNewNodeByClass(f"vtkMRMLMarkups{kind}StorageNode")
    storage.SetFileName(str(path))
    return scene, node, storage


def picked_in_slicer(slicer, path, place_ras_mm):
    """A point picked in Slicer and saved by it."""
    scene, node, storage = _points_in_slicer(slicer, path)
    node.AddControlPoint(*place_ras_mm, "DLPFC")
    assert storage.WriteData(node)
    scene.Clear(True)
    return path


def shown_point(slicer, path) -> np.ndarray:
    """Where Slicer shows the first point of a file, RAS mm."""
    scene, node, storage = _points_in_slicer(slicer, path)
    assert storage.ReadData(node)
    place = np.array(node.GetNthControlPointPosition(0))
    scene.Clear(True)
    return place


def region_on(scan: Volume) -> Region:
    mask = np.zeros(scan.array_kji.shape, bool)
    i, j, k = VOXEL.astype(int)
    mask[k, j, i] = True
    return Region(scan, "left", mask, mask.astype(np.float32), 0.9, ())


def marked_voxel(slicer, path) -> np.ndarray:
    """Where Slicer shows the one voxel of a mask, RAS mm."""
    if not str(path).endswith(".seg.nrrd"):
        return ijk_to_ras_points(shown_matrix(slicer, path), VOXEL)
    scene = slicer.vtkMRMLScene()
    storage, node = slicer.vtkMRMLSegmentationStorageNode(), scene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    scene.AddNode(storage)
    storage.SetFileName(str(path))
    assert storage.ReadData(node)
    segment = node.GetSegmentation().GetNthSegment(0).GetRepresentation("Binary labelmap")
    matrix = vtkMatrix4x4()
    segment.GetImageToWorldMatrix(matrix)
    first_i, _, first_j, _, first_k, _ = segment.GetExtent()
    dimensions = np.array(segment.GetDimensions())
    scalars = vtk_to_numpy(segment.GetPointData().GetScalars())
    k, j, i = np.argwhere(scalars.reshape(dimensions[::-1]))[0]
    place = matrix.MultiplyPoint((first_i + i, first_j + j, first_k + k, 1.0))[:3]
    scene.Clear(True)
    return np.array(place)


def brainsight_voxel(path, header) -> np.ndarray:
    """The voxel that a Brainsight file names, by the form that it names."""
    lines = path.read_text().splitlines()
    space = next(line for line in lines if line.startswith("# Coordinate system")).split(":")[2:]
    form = {"Q": header.get_qform(), "S": header.get_sform()}[space[0].strip()]
    cells = next(line for line in lines if not line.startswith("#")).split("\t")
    return ras_to_ijk(form, np.array([float(cell) for cell in cells[1:4]]))


@pytest.mark.slow
@pytest.mark.parametrize("codes", [*CODES, (0, 1), (0, 2), (1, 0), (3, 0), (5, 2), (2, 5), (5, 1)])
def test_the_rule_says_where_slicer_shows_a_scan(slicer, tmp_path, codes):
    path = save_scan(tmp_path / "t1.nii.gz", codes)
    shown = read_volume(path).as_slicer_shows_it
    np.testing.assert_allclose(shown.ijk_to_ras, shown_matrix(slicer, path), atol=1e-3)
    assert shown.as_its_file_is_read.ijk_to_ras.tolist() == read_volume(path).ijk_to_ras.tolist()


@pytest.mark.parametrize("codes", [(1, 1), (2, 1), (1, 2), (0, 1), (0, 4)])
def test_an_sform_that_scales_is_shown_with_the_voxel_sizes_of_the_header(slicer, tmp_path, codes):
    stretch = np.diag([1.05, 1.0, 0.97, 1.0])
    path = save_scan(tmp_path / "t1.nii.gz", codes, sform_from_qform=turned(5, (1, 2, 3)) @ stretch)
    scan = read_volume(path)
    np.testing.assert_allclose(scan.as_slicer_shows_it.ijk_to_ras, shown_matrix(slicer, path), atol=1e-3)
    assert scan.warnings


def test_a_sheared_sform_is_passed_over_by_slicer(slicer, tmp_path):
    shear = np.eye(4)
    shear[0, 1] = 0.02
    path = save_scan(tmp_path / "t1.nii.gz", (1, 1), sform_from_qform=shear)
    shown = read_volume(path).as_slicer_shows_it
    np.testing.assert_allclose(shown.ijk_to_ras, shown_matrix(slicer, path), atol=1e-3)


def test_forms_that_differ_by_rounding_alone_move_nothing(tmp_path):
    path = save_scan(tmp_path / "t1.nii.gz", (1, 2), sform_from_qform=turned(0.0, (0.01, 0.0, 0.02)))
    scan = read_volume(path)
    assert scan.as_slicer_shows_it is scan and not scan.warnings


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("suffix", (".mrk.json", ".fcsv"))
@pytest.mark.parametrize("codes", [(1, 2), (2, 4), (3, 1), (1, 1)])
def test_a_voxel_picked_in_slicer_is_the_voxel_of_the_navigators_file(slicer, tmp_path, codes, suffix, order, capsys):
    path = save_scan(tmp_path / "t1.nii.gz", codes, order)
    place = ijk_to_ras_points(shown_matrix(slicer, path), VOXEL)
    points = picked_in_slicer(slicer, tmp_path / f"points{suffix}", place)
    out = tmp_path / "out.txt"
    assert main(["convert", str(points), str(out), "--format", "brainsight", "--scan", str(path)]) == 0
    np.testing.assert_allclose(brainsight_voxel(out, nibabel.load(path).header), VOXEL, atol=1e-3)
    assert "place the same voxel up to" in capsys.readouterr().out


@pytest.mark.parametrize("codes", CODES)
@pytest.mark.parametrize("name", ("markups", "fcsv"))
def test_a_target_lies_in_slicer_in_the_voxel_that_was_planned(slicer, tmp_path, name, codes):
    scan = read_volume(save_scan(tmp_path / "t1.nii.gz", codes))
    suffix = {"markups": ".mrk.json", "fcsv": ".fcsv"}[name]
    target = PlannedTarget("DLPFC", ijk_to_ras_points(scan.ijk_to_ras, VOXEL))
    write_targets(name, [target], tmp_path / f"points{suffix}", scan)
    in_slicer = shown_point(slicer, tmp_path / f"points{suffix}")
    np.testing.assert_allclose(ras_to_ijk(shown_matrix(slicer, tmp_path / "t1.nii.gz"), in_slicer), VOXEL, atol=1e-3)
    (again,) = read_targets(tmp_path / f"points{suffix}", scan)
    np.testing.assert_allclose(again.position_ras_mm, target.position_ras_mm, atol=1e-3)


@pytest.mark.parametrize("codes", CODES)
def test_a_mask_lies_in_slicer_on_its_scan_and_keeps_both_forms(slicer, tmp_path, codes):
    scan = read_volume(save_scan(tmp_path / "t1.nii.gz", codes, "PIR"))
    write_mask_nifti(region_on(scan), tmp_path / "mask.nii.gz")
    write_mask_segmentation(region_on(scan), tmp_path / "mask.seg.nrrd")
    here = ijk_to_ras_points(shown_matrix(slicer, tmp_path / "t1.nii.gz"), VOXEL)
    for name in ("mask.nii.gz", "mask.seg.nrrd"):
        np.testing.assert_allclose(marked_voxel(slicer, tmp_path / name), here, atol=1e-3)
    ours, theirs = (nibabel.load(tmp_path / name).header for name in ("mask.nii.gz", "t1.nii.gz"))
    assert ours.get_qform(coded=True)[1] == codes[0] and ours.get_sform(coded=True)[1] == codes[1]
    np.testing.assert_array_equal(ours.get_qform(), theirs.get_qform())
    np.testing.assert_array_equal(ours.get_sform(), theirs.get_sform())


@pytest.mark.parametrize("codes", [(1, 2), (1, 1)])
def test_masks_from_slicer_come_back_to_their_voxel(slicer, tmp_path, codes):
    path = save_scan(tmp_path / "t1.nii.gz", codes)
    scan = read_volume(path)
    write_mask_segmentation(region_on(scan), tmp_path / "mask.seg.nrrd")
    saved_by_slicer = nibabel.Nifti1Image(region_on(scan).mask_kji.T.astype(np.uint8), None)
    saved_by_slicer.set_qform(shown_matrix(slicer, path), 1)
    saved_by_slicer.set_sform(shown_matrix(slicer, path), 1)
    nibabel.save(saved_by_slicer, tmp_path / "mask.nii.gz")
    for read, name in ((read_mask_segmentation, "mask.seg.nrrd"), (read_mask_nifti, "mask.nii.gz")):
        (mask,) = read(tmp_path / name, scan)
        i, j, k = VOXEL.astype(int)
        assert mask.volume.array_kji[k, j, i]
        np.testing.assert_allclose(mask.volume.ijk_to_ras, scan.ijk_to_ras, atol=1e-3)


def test_a_scan_that_slicer_loaded_is_known_and_exported_in_the_space_of_its_file(slicer, tmp_path):
    path = save_scan(tmp_path / "t1.nii.gz", (1, 2))
    file = read_volume(path)
    loaded = as_in_file(Volume(file.array_kji, shown_matrix(slicer, path)), path)
    target = PlannedTarget("DLPFC", ijk_to_ras_points(loaded.ijk_to_ras, VOXEL))
    content = Exportable([target], {"left": region_on(loaded)}, loaded)
    written = {name: export_as(name, content, tmp_path / "out", "x") for name in ("brainsight", "markups", "json")}
    header = nibabel.load(path).header
    np.testing.assert_allclose(brainsight_voxel(written["brainsight"].files[0], header), VOXEL, atol=1e-3)
    (plain,) = read_targets(written["json"].files[0], file)
    np.testing.assert_allclose(ras_to_ijk(file.ijk_to_ras, plain.position_ras_mm), VOXEL, atol=1e-3)
    shown = shown_point(slicer, written["markups"].files[0])
    np.testing.assert_allclose(shown, target.position_ras_mm, atol=1e-3)


def test_a_scan_that_lies_at_neither_form_is_not_the_file(tmp_path):
    path = save_scan(tmp_path / "t1.nii.gz", (1, 2))
    file = read_volume(path)
    moved = replace(file, ijk_to_ras=turned(0, (3, 0, 0)) @ file.ijk_to_ras)
    assert moved.as_slicer_shows_it is moved and moved.as_its_file_is_read is moved


def test_points_without_their_scan_stay_where_the_file_says(tmp_path):
    write_markups_json([PlannedTarget("DLPFC", np.array([1.0, 2.0, 3.0]))], tmp_path / "points.mrk.json")
    (target,) = read_targets(tmp_path / "points.mrk.json")
    np.testing.assert_allclose(target.position_ras_mm, (1.0, 2.0, 3.0))


def test_results_of_a_scan_that_slicer_shows_with_other_voxel_sizes_say_why_they_are_not_opened(tmp_path):
    scan = read_volume(save_scan(tmp_path / "scan.nii", (1, 1), sform_from_qform=np.diag([1.0, 1.0, 1.2, 1.0])))
    plan = replace(make_plan(), volume=scan, fingerprint=scan.fingerprint)
    write_result_json(plan, tmp_path, tmp_path / "result.json")
    told = r"planned on the sform of .*scan\.nii, and Slicer shows that up to 1[0-9.]+ mm elsewhere, as its voxels have"
    with pytest.raises(UserError, match=told):
        open_results(scan.as_slicer_shows_it, tmp_path / "scan.nii", tmp_path)


@pytest.fixture(scope="module")
def planned_elsewhere(tmp_path_factory):
    """A folder with the plan of a scan that Slicer shows 20 mm away and turned, and that plan."""
    folder = tmp_path_factory.mktemp("planned")
    made = with_everything(make_plan(hemispheres=("left", "right")))
    header = nibabel.Nifti1Header()
    header.set_qform(turned(6.0, (0.0, -4.0, 19.0)) @ made.volume.ijk_to_ras, 1)
    header.set_sform(made.volume.ijk_to_ras, 2)
    nibabel.save(nibabel.Nifti1Image(made.volume.array_kji.T, None, header), folder / "scan.nii")
    scan = read_volume(folder / "scan.nii")
    left, right = (replace(side, region=replace(side.region, volume=scan)) for side in made.sides.values())
    hotspot = left.landmarks[0].by_hand(np.array((-42.0, -15.0, 68.0)), Method.PLACED)
    left = replace(left, landmarks=(hotspot, *left.landmarks[1:]))
    options = replace(made.options, landmarks=False)
    stimulated = (Stimulation("left", left.coil_pose_ras_mm, "2026-11-29T08:00:00+00:00"),)
    plan = replace(
        made, volume=scan, fingerprint=scan.fingerprint, options=options, sides={"left": left, "right": right},
        stimulated=stimulated,
    )  # fmt: skip
    write_plan(plan, folder / "out")
    return folder, plan


def test_results_of_a_scan_that_slicer_shows_elsewhere_are_opened_where_it_shows_it(planned_elsewhere):
    folder, plan = planned_elsewhere
    shown = plan.volume.as_slicer_shows_it
    opened = open_results(replace(shown, origin=Origin("scan")), folder / "scan.nii", folder / "out")
    matrix = shown.ijk_to_ras @ np.linalg.inv(plan.volume.ijk_to_ras)
    assert largest_shift_mm(opened.volume.ijk_to_ras, shown.ijk_to_ras, shown.shape_ijk) < 1e-3
    assert opened.is_of(shown) and opened.volume.origin.nifti == plan.volume.origin.nifti
    np.testing.assert_allclose(opened.registration.ras_from_mni, matrix @ plan.registration.ras_from_mni, atol=1e-3)
    for name, side in plan.sides.items():
        np.testing.assert_array_equal(opened.sides[name].region.mask_kji, side.region.mask_kji)
    before, after = ({(p.hemisphere, p.label): p for p in planned_targets(each)} for each in (plan, opened))
    assert len(after) > 10 and {label for _, label in before} >= {label for _, label in after}
    for key, target in after.items():
        expected = transform_points(matrix, before[key].position_ras_mm)
        np.testing.assert_allclose(target.position_ras_mm, expected, atol=2e-3)
    (held,) = opened.stimulated
    np.testing.assert_allclose(held.pose_ras_mm, matrix @ plan.stimulated[0].pose_ras_mm, atol=1e-3)
    moved = moved_points(folder / "out", opened)
    assert set(moved) == {"left", "right", ""} and not any(moved.values()), "its list tells of no further edit"


def test_another_scan_is_not_taken_for_the_one_that_slicer_shows_elsewhere(planned_elsewhere):
    folder, plan = planned_elsewhere
    shown = plan.volume.as_slicer_shows_it
    other = shown.with_array(shown.array_kji[::-1].copy())
    with pytest.raises(UserError, match="is not the scan that"):
        open_results(replace(other, origin=Origin("other")), folder / "scan.nii", folder / "out")
