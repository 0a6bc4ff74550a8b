import dataclasses

import numpy as np
import pytest
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scan
from synthetic_head import every_axis_order
from vtk.util.numpy_support import vtk_to_numpy

from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.targeting.scalp import Scalp, extract_scalp


def skin_points(scalp: Scalp) -> np.ndarray:
    return vtk_to_numpy(scalp.skin.GetPoints().GetData())


def distance_to_ellipsoid_mm(points: np.ndarray) -> np.ndarray:
    unit = (points - CENTRE_RAS_MM) / RADII_MM
    level = np.linalg.norm(unit, axis=1)
    return np.abs(level - 1.0) * level / np.linalg.norm(unit / RADII_MM, axis=1)


def test_the_skin_lies_within_a_third_of_a_voxel_of_the_true_surface(scanned_scalp):
    points = skin_points(scanned_scalp)
    inner = points[points[:, 2] > -60]  # the rim of the cut is rounded off
    assert np.percentile(distance_to_ellipsoid_mm(inner), 99) < 0.7


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


def test_empty_slabs_below_a_cut_neck_do_not_make_it_skin(scan):
    padded = np.pad(scan.array_kji, ((20, 0), (0, 0), (0, 0)))
    matrix = scan.ijk_to_ras.copy()
    matrix[2, 3] -= 20 * scan.spacing_mm[2]
    scalp = extract_scalp(dataclasses.replace(scan, array_kji=padded, ijk_to_ras=matrix))
    assert scalp.nearest(CENTRE_RAS_MM + (0.0, 0.0, -75.0)).distance_mm > 30


def test_a_brain_without_its_skull_is_refused_with_the_reason():
    with pytest.raises(NoScalpError, match="skull was removed"):
        extract_scalp(ellipsoid_scan(skull=False))


def test_noise_and_emptiness_have_no_scalp(scan):
    noise = np.random.default_rng(1).normal(100, 5, scan.array_kji.shape).astype(np.float32)
    for array in (noise, np.zeros_like(noise)):
        with pytest.raises(NoScalpError):
            extract_scalp(scan.with_array(array))


def test_low_contrast_noise_and_a_bias_field_leave_the_skin_where_it_is(scan):
    k = np.linspace(0.6, 1.4, scan.array_kji.shape[0])[:, None, None]
    noise = np.abs(np.random.default_rng(2).normal(0, 5, scan.array_kji.shape))
    scalp = extract_scalp(scan.with_array((40 + 0.5 * k * scan.array_kji + noise).astype(np.float32)))
    points = skin_points(scalp)
    assert np.percentile(distance_to_ellipsoid_mm(points[points[:, 2] > -55]), 95) < 1.0


def test_every_axis_order_gives_the_same_skin(scan, scanned_scalp):
    asked = CENTRE_RAS_MM + np.array([-40.0, 20.0, 60.0])
    expected = scanned_scalp.nearest(asked).position_ras_mm
    for stored in every_axis_order(scan)[::11]:
        np.testing.assert_allclose(extract_scalp(stored).nearest(asked).position_ras_mm, expected, atol=0.05)


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
