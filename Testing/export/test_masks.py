import nibabel
import numpy as np
import pytest
import SimpleITK
from vtkmodules.vtkCommonMath import vtkMatrix4x4

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.formats.masks import (
    read_mask_nifti,
    read_mask_segmentation,
    write_mask_nifti,
    write_mask_segmentation,
)
from DLPFCSegmenterLib.scan.volume import voxel_points_ras_mm
from DLPFCSegmenterLib.terminology import segment_colour, segment_terminology
from hand_made_plans import make_plan

ORDERS = ("RAS", "LIA", "PSR", "oblique")


@pytest.mark.parametrize("code", ORDERS)
def test_nifti_mask_lies_on_the_scans_own_grid(tmp_path, code):
    region = make_plan(code).sides["left"].region
    write_mask_nifti(region, tmp_path / "mask.nii.gz")
    image = nibabel.load(tmp_path / "mask.nii.gz")
    np.testing.assert_allclose(image.affine, region.volume.ijk_to_ras, atol=1e-4)
    np.testing.assert_array_equal(np.asarray(image.dataobj), region.mask_kji.transpose())
    assert image.get_data_dtype() == np.uint8


def test_nifti_mask_takes_over_the_scans_space_codes(tmp_path):
    write_mask_nifti(make_plan().sides["left"].region, tmp_path / "mask.nii.gz")
    header = nibabel.load(tmp_path / "mask.nii.gz").header
    assert (int(header["qform_code"]), int(header["sform_code"])) == (1, 4)


@pytest.mark.parametrize("code", ORDERS)
def test_nifti_qform_and_sform_agree(tmp_path, code):
    write_mask_nifti(make_plan(code).sides["left"].region, tmp_path / "mask.nii.gz")
    image = nibabel.load(tmp_path / "mask.nii.gz")
    np.testing.assert_allclose(image.get_qform(), image.get_sform(), atol=1e-3)


FORMATS = {
    "mask.nii.gz": (write_mask_nifti, read_mask_nifti, "mask"),
    "mask.seg.nrrd": (write_mask_segmentation, read_mask_segmentation, "Left DLPFC"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("code", ORDERS)
def test_our_readers_find_voxels_name_and_warnings(tmp_path, name, code):
    region = make_plan(code).sides["left"].region
    write, read, label = FORMATS[name]
    write(region, tmp_path / name)
    (mask,) = read(tmp_path / name)
    assert mask.label == label and mask.description.endswith("treatment. WARNING: thin mask")
    found = voxel_points_ras_mm(mask.volume, mask.volume.array_kji)
    np.testing.assert_allclose(found, voxel_points_ras_mm(region.volume, region.mask_kji), atol=1e-3)


@pytest.mark.parametrize("name", FORMATS)
def test_a_scan_is_no_mask(tmp_path, name):
    region = make_plan().sides["left"].region
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(region.volume.array_kji.astype(np.int16)), str(tmp_path / name))
    with pytest.raises(UserError, match="is no mask|names no segment"):
        FORMATS[name][1](tmp_path / name)


@pytest.mark.parametrize(
    ("written", "other"),
    [("left-posterior-superior", "scanner-xyz"), ("space: left-posterior-superior", "space dimension: 3")],
)
def test_a_segmentation_in_a_space_that_is_not_known_is_refused(tmp_path, written, other):
    path = tmp_path / "mask.seg.nrrd"
    write_mask_segmentation(make_plan("PSR").sides["left"].region, path)
    path.write_bytes(path.read_bytes().replace(written.encode(), other.encode(), 1))
    with pytest.raises(UserError, match="left and right are unknown"):
        read_mask_segmentation(path)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(UserError, match="damaged"):
        read_mask_segmentation(path)


def test_a_segmentation_with_one_flipped_bit_is_refused(tmp_path):
    path = tmp_path / "mask.seg.nrrd"
    write_mask_segmentation(make_plan("PSR").sides["left"].region, path)
    content = bytearray(path.read_bytes())
    content[-12] ^= 4
    path.write_bytes(content)
    with pytest.raises(UserError, match="damaged"):
        read_mask_segmentation(path)


def test_a_segmentation_in_ras_is_read_as_such(tmp_path):
    region = make_plan("PSR").sides["left"].region
    path = tmp_path / "mask.seg.nrrd"
    write_mask_segmentation(region, path)
    path.write_bytes(path.read_bytes().replace(b"left-posterior-superior", b"right-anterior-superior", 1))
    (mask,) = read_mask_segmentation(path)
    before, after = (voxel_points_ras_mm(*each) for each in ((region.volume, region.mask_kji), _voxels(mask)))
    np.testing.assert_allclose(after, before * (-1, -1, 1), atol=1e-6)


def _voxels(mask):
    return mask.volume, mask.volume.array_kji


@pytest.mark.slow
def test_what_slicer_saves_as_a_segmentation_is_read_segment_by_segment(tmp_path):
    slicer = pytest.importorskip("slicer", reason="slicer-core is not installed")
    region = make_plan("oblique").sides["left"].region
    write_mask_segmentation(region, tmp_path / "ours.seg.nrrd")
    scene, node = _read_with_slicer(slicer, tmp_path / "ours.seg.nrrd")
    segmentation = node.GetSegmentation()
    copy = slicer.vtkSegment()
    copy.SetName("Another")
    copy.AddRepresentation("Binary labelmap", segmentation.GetNthSegment(0).GetRepresentation("Binary labelmap"))
    segmentation.AddSegment(copy)
    storage = slicer.vtkMRMLSegmentationStorageNode()
    scene.AddNode(storage)
    storage.SetFileName(str(tmp_path / "theirs.seg.nrrd"))
    assert storage.WriteData(node)
    masks = read_mask_segmentation(tmp_path / "theirs.seg.nrrd")
    assert [mask.label for mask in masks] == ["Left DLPFC", "Another"]
    for mask in masks:
        points = voxel_points_ras_mm(mask.volume, mask.volume.array_kji)
        assert len(points) == np.count_nonzero(region.mask_kji)
        ours = voxel_points_ras_mm(region.volume, region.mask_kji)
        np.testing.assert_allclose(points.mean(axis=0), ours.mean(axis=0), atol=1e-3)
    scene.Clear(True)


@pytest.mark.parametrize("code", ORDERS)
def test_slicer_opens_the_nifti_mask_at_its_place(tmp_path, code):
    slicer = pytest.importorskip("slicer", reason="slicer-core is not installed")
    plan = make_plan(code)
    write_mask_nifti(plan.sides["left"].region, tmp_path / "mask.nii.gz")
    scene = slicer.vtkMRMLScene()
    node = scene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    storage = slicer.vtkMRMLVolumeArchetypeStorageNode()
    scene.AddNode(storage)
    storage.SetFileName(str(tmp_path / "mask.nii.gz"))
    assert storage.ReadData(node)
    matrix = vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    ijk = np.argwhere(slicer.util.arrayFromVolume(node))[:, ::-1]
    points = [matrix.MultiplyPoint((*map(float, voxel), 1.0))[:3] for voxel in ijk]
    np.testing.assert_allclose(np.mean(points, axis=0), plan.sides["left"].target.centroid_ras_mm, atol=1e-2)
    scene.Clear(True)


@pytest.mark.parametrize("code", ORDERS)
def test_itk_finds_the_segmentations_voxels_where_the_nifti_has_them(tmp_path, code):
    region = make_plan(code).sides["left"].region
    write_mask_nifti(region, tmp_path / "mask.nii.gz")
    write_mask_segmentation(region, tmp_path / "mask.seg.nrrd")
    images = [SimpleITK.ReadImage(str(tmp_path / name)) for name in ("mask.nii.gz", "mask.seg.nrrd")]
    centres = [_centroid_lps_mm(image) for image in images]
    np.testing.assert_allclose(centres[0], centres[1], atol=1e-3)


def _centroid_lps_mm(image) -> np.ndarray:
    statistics = SimpleITK.LabelShapeStatisticsImageFilter()
    statistics.Execute(image)
    return np.array(statistics.GetCentroid(1))


@pytest.mark.parametrize("code", ORDERS)
def test_slicer_opens_the_segmentation_with_name_colour_terminology_and_place(tmp_path, code):
    slicer = pytest.importorskip("slicer", reason="slicer-core is not installed")
    plan = make_plan(code, ("right",))
    region = plan.sides["right"].region
    path = tmp_path / "dlpfc_right.seg.nrrd"
    write_mask_segmentation(region, path)
    scene, node = _read_with_slicer(slicer, path)
    segmentation = node.GetSegmentation()
    segment_id = segmentation.GetNthSegmentID(0)
    segment = segmentation.GetSegment(segment_id)
    assert segmentation.GetNumberOfSegments() == 1
    assert (segment_id, segment.GetName()) == ("DLPFC_right", "Right DLPFC")
    assert segment.GetColor() == pytest.approx(segment_colour("right"), abs=1e-5)
    assert segment.GetTerminology() == segment_terminology("right")
    centroid = _slicer_centroid_ras_mm(segmentation, segment_id)
    np.testing.assert_allclose(centroid, plan.sides["right"].target.centroid_ras_mm, atol=1e-2)
    scene.Clear(True)


def _read_with_slicer(slicer, path):
    scene = slicer.vtkMRMLScene()
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    storage = slicer.vtkMRMLSegmentationStorageNode()
    scene.AddNode(storage)
    storage.SetFileName(str(path))
    assert storage.ReadData(node)
    return scene, node


def _slicer_centroid_ras_mm(segmentation, segment_id) -> np.ndarray:
    """Centre of mass of the segment where Slicer has placed it."""
    labelmap = segmentation.GetSegment(segment_id).GetRepresentation("Binary labelmap")
    i_low, i_high, j_low, j_high, k_low, k_high = labelmap.GetExtent()
    matrix = vtkMatrix4x4()
    labelmap.GetImageToWorldMatrix(matrix)
    points = [
        matrix.MultiplyPoint((i, j, k, 1))[:3]
        for i in range(i_low, i_high + 1)
        for j in range(j_low, j_high + 1)
        for k in range(k_low, k_high + 1)
        if labelmap.GetScalarComponentAsDouble(i, j, k, 0)
    ]
    return np.mean(points, axis=0)


def renamed_segment(tmp_path, name):
    path = tmp_path / "mask.seg.nrrd"
    write_mask_segmentation(make_plan().sides["left"].region, path)
    path.write_bytes(path.read_bytes().replace(b"Segment0_Name:=Left DLPFC", f"Segment0_Name:={name}".encode(), 1))
    return path


def test_a_segment_whose_name_tells_no_side_has_the_one_of_its_code(tmp_path):
    (mask,) = read_mask_segmentation(renamed_segment(tmp_path, "Segment_1"))
    assert mask.label == "Segment_1 (left)"


@pytest.mark.parametrize("name", ["Right DLPFC", "R DLPFC", "dlpfc_right"])
def test_a_segment_whose_name_and_code_contradict_each_other_is_refused(name, tmp_path):
    with pytest.raises(UserError, match=f"its segment '{name}' is coded as left"):
        read_mask_segmentation(renamed_segment(tmp_path, name))
