import dataclasses
import weakref

import numpy as np
import pytest
import SimpleITK as sitk
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scan
from vtk.util.numpy_support import vtk_to_numpy

from degraded_scans import DEGRADATIONS
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, ras_to_ijk
from DLPFCSegmenterLib.scan.canonical import box_ras_mm
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.targeting.coil import coil_pose, scalp_entry
from DLPFCSegmenterLib.targeting.head_mask import head_field
from DLPFCSegmenterLib.targeting.mesh import normals_of, points_of
from DLPFCSegmenterLib.targeting.scalp import CUT_ARRAY, Scalp, extract_scalp, find_scalp, head_within_scan
from synthetic_head import every_axis_order

RAS_FROM_MNI = np.eye(4)
RAS_FROM_MNI[:3, 3] = CENTRE_RAS_MM - (0.0, -17.0, 10.0)
"""Where a template's head would lie in the ellipsoid."""


def skin_points(scalp: Scalp) -> np.ndarray:
    return vtk_to_numpy(scalp.skin.GetPoints().GetData())


def distance_to_ellipsoid_mm(points: np.ndarray) -> np.ndarray:
    unit = (points - CENTRE_RAS_MM) / RADII_MM
    level = np.linalg.norm(unit, axis=1)
    return np.abs(level - 1.0) * level / np.linalg.norm(unit / RADII_MM, axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("spacing_mm", [1.0, 1.5, 2.0])
def test_the_skin_lies_within_0_3_mm_of_half_the_skins_brightness(spacing_mm):
    scalp = extract_scalp(ellipsoid_scan(spacing_mm=spacing_mm))
    points = skin_points(scalp)
    inner = points[points[:, 2] > -55]  # the rim of the cut is rounded off
    away = distance_to_ellipsoid_mm(inner)
    assert away.mean() < 0.15 and np.percentile(away, 99) < 0.3


@pytest.mark.parametrize("direction", [(-0.5, 0.6, 0.6), (0.5, 0.6, 0.6), (-0.7, 0.7, 0.1), (0.0, -0.6, 0.8)])
def test_depth_and_standoff_over_a_scanned_head_are_true_to_0_3_mm(scanned_scalp, direction):
    unit = np.array(direction) / np.linalg.norm(direction)
    skin = CENTRE_RAS_MM + RADII_MM * unit
    outward = unit / RADII_MM / np.linalg.norm(unit / RADII_MM)
    entry = scalp_entry(scanned_scalp, skin - 20.0 * outward)
    assert entry.depth_mm == pytest.approx(20.0, abs=0.3)
    coil = coil_pose(scanned_scalp, entry, "left", 45.0, 4.0)[:3, 3]
    assert (coil - skin) @ outward == pytest.approx(4.0, abs=0.3)


def test_the_surface_is_closed_and_its_normals_point_outwards(scanned_scalp):
    import vtk

    edges = vtk.vtkFeatureEdges()
    edges.SetInputData(scanned_scalp.surface)
    edges.FeatureEdgesOff()
    edges.ManifoldEdgesOff()
    edges.Update()
    assert edges.GetOutput().GetNumberOfCells() == 0
    normals = vtk_to_numpy(scanned_scalp.surface.GetPointData().GetNormals())
    outwards = vtk_to_numpy(scanned_scalp.surface.GetPoints().GetData()) - CENTRE_RAS_MM
    assert np.mean((normals * outwards).sum(axis=1) > 0) > 0.99


def test_the_face_where_the_scan_cuts_the_neck_is_no_skin(scanned_scalp):
    below = CENTRE_RAS_MM + (0.0, 0.0, -75.0)
    assert scanned_scalp.nearest(below).distance_mm > 30
    assert skin_points(scanned_scalp)[:, 2].min() < -60


@pytest.mark.slow
def test_bone_that_a_cut_lays_open_is_no_skin(scan):
    kept = int(ras_to_ijk(scan.ijk_to_ras, CENTRE_RAS_MM + (50.0, 0.0, 0.0))[0])
    cut = extract_scalp(dataclasses.replace(scan, array_kji=scan.array_kji[:, :, :kept]))
    assert distance_to_ellipsoid_mm(skin_points(cut)).max() < 4.0


@pytest.mark.slow
def test_empty_slabs_below_a_cut_neck_do_not_make_it_skin(scan):
    padded = np.pad(scan.array_kji, ((20, 0), (0, 0), (0, 0)))
    matrix = scan.ijk_to_ras.copy()
    matrix[2, 3] -= 20 * scan.spacing_mm[2]
    scalp = extract_scalp(dataclasses.replace(scan, array_kji=padded, ijk_to_ras=matrix))
    assert scalp.nearest(CENTRE_RAS_MM + (0.0, 0.0, -75.0)).distance_mm > 30


@pytest.mark.slow
def test_where_a_face_was_erased_there_is_no_skin_if_the_air_holds_noise(scan):
    ijk = np.indices(scan.shape_ijk).transpose(3, 2, 1, 0)
    ahead, height = np.moveaxis(ijk_to_ras_points(scan.ijk_to_ras, ijk) - CENTRE_RAS_MM, -1, 0)[1:]
    noisy = DEGRADATIONS["noisy"](scan, RAS_FROM_MNI)
    scalp = extract_scalp(noisy.with_array(np.where(ahead - height > 95.0, 0, noisy.array_kji)))
    whole, skin = (distance_to_ellipsoid_mm(upper_points(surface)) for surface in (scalp.surface, scalp.skin))
    assert (whole > 8.0).sum() > 1000 and (skin > 8.0).sum() == 0
    assert (skin < 3.0).sum() > 0.95 * (whole < 3.0).sum()  # the rim of the erased part goes too


@pytest.mark.slow
def test_zeros_among_rounded_noise_and_air_without_noise_are_no_erased_part(scan):
    noise = DEGRADATIONS["noisy"](scan, RAS_FROM_MNI)
    rounded = noise.with_array(np.floor(noise.array_kji / 8.0).astype(np.uint8))
    assert 0.05 < np.mean(rounded.array_kji[scan.array_kji == 0] == 0) < 0.95
    cuts = [np.count_nonzero(cut_array(extract_scalp(each))) for each in (scan, noise, rounded)]
    assert max(cuts) < 1.2 * min(cuts)


def cut_array(scalp: Scalp) -> np.ndarray:
    return vtk_to_numpy(scalp.surface.GetPointData().GetArray(CUT_ARRAY))


def upper_points(surface) -> np.ndarray:
    """Points well above the face that ends the ellipsoid's scan."""
    points = vtk_to_numpy(surface.GetPoints().GetData())
    return points[points[:, 2] > -55]


@pytest.mark.slow
def test_a_brain_without_its_skull_is_refused_with_the_reason():
    with pytest.raises(NoScalpError, match="skull was removed"):
        extract_scalp(ellipsoid_scan(skull=False))


@pytest.mark.slow
def test_noise_and_emptiness_have_no_scalp(scan):
    noise = np.random.default_rng(1).normal(100, 5, scan.array_kji.shape).astype(np.float32)
    for array in (noise, np.zeros_like(noise)):
        with pytest.raises(NoScalpError):
            extract_scalp(scan.with_array(array))


@pytest.mark.slow
@pytest.mark.parametrize("brightest", [255.0, 400.0, 4095.0])
def test_air_as_bright_as_the_head_leaves_no_scalp_and_says_so(scan, brightest):
    noise = np.random.default_rng(3).uniform(0.0, brightest, scan.array_kji.shape)
    uniform = np.where(scan.array_kji > 0, scan.array_kji, noise).astype(np.float32)
    with pytest.raises(NoScalpError, match="no head can be told from the background"):
        extract_scalp(scan.with_array(uniform))


@pytest.mark.slow
def test_low_contrast_noise_and_a_bias_field_leave_the_skin_where_it_is(scan):
    k = np.linspace(0.6, 1.4, scan.array_kji.shape[0])[:, None, None]
    noise = np.abs(np.random.default_rng(2).normal(0, 5, scan.array_kji.shape))
    scalp = extract_scalp(scan.with_array((40 + 0.5 * k * scan.array_kji + noise).astype(np.float32)))
    points = skin_points(scalp)
    assert np.percentile(distance_to_ellipsoid_mm(points[points[:, 2] > -55]), 95) < 1.0


@pytest.mark.slow
def test_every_axis_order_gives_the_same_skin(scan, scanned_scalp):
    asked = CENTRE_RAS_MM + np.array([-40.0, 20.0, 60.0])
    expected = scanned_scalp.nearest(asked).position_ras_mm
    stored = every_axis_order(scan)[29]
    np.testing.assert_allclose(extract_scalp(stored).nearest(asked).position_ras_mm, expected, atol=0.05)


@pytest.mark.slow
def test_all_48_axis_orders_give_the_surface_the_same_voxels_and_borders():
    whole = ellipsoid_scan(spacing_mm=3.0)
    erased = whole.with_array(np.where(np.arange(whole.shape_ijk[0]) < 45, whole.array_kji, 0))
    grid, part = head_within_scan(HeadScan(erased))
    corners = box_corners(part)
    for stored in every_axis_order(erased):
        other_grid, other_part = head_within_scan(HeadScan(stored))
        np.testing.assert_allclose(other_grid.ijk_to_ras, grid.ijk_to_ras, atol=1e-4)
        np.testing.assert_allclose(other_grid.array_kji, grid.array_kji, atol=0.01)
        np.testing.assert_allclose(box_corners(other_part), corners, atol=1e-4)


def box_corners(volume) -> np.ndarray:
    return np.array(box_ras_mm(volume))


@pytest.mark.slow
def test_a_mirrored_head_has_the_mirrored_skin(scan, scanned_scalp):
    mirrored = extract_scalp(scan.mirrored())
    points = skin_points(scanned_scalp)[::50] * (-1.0, 1.0, 1.0)
    assert max(mirrored.nearest(point).distance_mm for point in points) < 1e-3


@pytest.mark.slow
def test_surface_and_normals_face_outward_in_either_world(scan, scanned_scalp):
    for scalp, centre in ((scanned_scalp, CENTRE_RAS_MM), (extract_scalp(scan.mirrored()), CENTRE_RAS_MM * (-1, 1, 1))):
        out = points_of(scalp.surface) - centre
        assert np.mean(np.sum(normals_of(scalp.surface) * out, axis=1) > 0) > 0.99
        corners = out[vtk_to_numpy(scalp.surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)]
        assert np.mean(np.linalg.det(corners) > 0) > 0.99


@pytest.mark.slow
def test_a_canonical_grid_that_is_known_already_is_not_made_again(scan, scanned_scalp, monkeypatch):
    head = HeadScan(scan)
    assert head.canonical is head.canonical
    monkeypatch.setattr("DLPFCSegmenterLib.scan.head_scan.to_canonical", None)
    np.testing.assert_allclose(skin_points(find_scalp(head)), skin_points(scanned_scalp), atol=1e-3)


@pytest.mark.parametrize("name", DEGRADATIONS)
@pytest.mark.slow
def test_the_upper_skin_stays_where_it_is_on_a_worse_scan(scan, name):
    worse = DEGRADATIONS[name](scan, RAS_FROM_MNI)
    points = skin_points(extract_scalp(worse))
    upper = points[(points[:, 2] > CENTRE_RAS_MM[2] + 10.0) & (points[:, 1] > CENTRE_RAS_MM[1])]
    away = distance_to_ellipsoid_mm(inside_scan(worse, upper))
    assert np.percentile(away, 95) < 1.5 and away.max() < 4.0


def inside_scan(scan, points: np.ndarray, off_border_mm: float = 8.0) -> np.ndarray:
    """Points off the borders of what the scan shows: there the skin's edge is rounded off."""
    filled = np.argwhere(scan.array_kji != 0)[:, ::-1]
    ijk = ras_to_ijk(scan.ijk_to_ras, points)
    inside_mm = np.minimum(ijk - filled.min(axis=0), filled.max(axis=0) - ijk) * scan.spacing_mm
    return points[inside_mm.min(axis=1) > off_border_mm]


@pytest.mark.parametrize("name", ("strongly biased", "noisy", "low contrast", "neck cut"))
@pytest.mark.slow
def test_a_worse_scan_of_a_brain_alone_is_refused_too(name):
    with pytest.raises(NoScalpError, match="skull was removed"):
        extract_scalp(DEGRADATIONS[name](ellipsoid_scan(skull=False, spacing_mm=2.0), RAS_FROM_MNI))


@pytest.mark.slow
def test_an_airway_that_is_open_below_counts_as_head(scan):
    i, j, _ = np.meshgrid(*map(np.arange, scan.shape_ijk), indexing="ij")
    middle = ras_to_ijk(scan.ijk_to_ras, CENTRE_RAS_MM)
    throat = (np.hypot(i - middle[0], j - middle[1]) * scan.spacing_mm[0] < 14.0).transpose(2, 1, 0)
    throat[int(middle[2]) :] = False
    field = head_field(HeadScan(scan.with_array(np.where(throat, 0, scan.array_kji))).canonical)
    centre = np.array(field.shape) // 2
    assert field[3:20, centre[1], centre[2]].min() > 0


def test_a_ray_leaves_the_head_where_the_ellipsoid_ends(scalp):
    hit = scalp.exit_point(CENTRE_RAS_MM, np.array([-1.0, 0.0, 0.0]))
    assert hit.distance_mm == pytest.approx(RADII_MM[0], abs=0.05)


def test_the_smoothed_normal_is_the_ellipsoids_own(scalp):
    top = CENTRE_RAS_MM + (0.0, 0.0, RADII_MM[2])
    np.testing.assert_allclose(scalp.outward_normal(top), (0, 0, 1), atol=0.01)


def test_the_heads_axes_travel_with_the_mesh(scalp):
    axes = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(Scalp(scalp.with_head_axes(axes).surface).head_axes_ras, axes)
    np.testing.assert_array_equal(scalp.head_axes_ras, np.eye(3))


@pytest.mark.slow
def test_the_head_is_told_from_no_memory_of_an_image_that_is_gone(scan, monkeypatch):
    grid, _ = head_within_scan(HeadScan(scan))
    expected = head_field(grid)

    def overwritten_when_gone(image: sitk.Image) -> np.ndarray:
        array = sitk.GetArrayFromImage(image)
        weakref.finalize(image, array.fill, 1)
        return array

    monkeypatch.setattr(sitk, "GetArrayViewFromImage", overwritten_when_gone)
    np.testing.assert_array_equal(head_field(grid), expected)
