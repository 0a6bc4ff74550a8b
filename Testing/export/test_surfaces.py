"""Surfaces as STL and PLY: closed, as large as the mask, and where Slicer shows them."""

from dataclasses import replace

import numpy as np
import pytest
import vtk

from DLPFCSegmenterLib.export.exporting import write_formats
from DLPFCSegmenterLib.targeting.mesh import points_of
from hand_made_plans import make_plan
from targeting.known_heads import CENTRE_RAS_MM, ellipsoid_scalp

READERS = {"stl": vtk.vtkSTLReader, "ply": vtk.vtkPLYReader}


def read(kind, path):
    reader = READERS[kind]()
    reader.SetFileName(str(path))
    reader.Update()
    return reader.GetOutput()


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("code", ["RAS", "LIA", "oblique"])
def test_a_surface_holds_the_mask_in_lps(kind, code, tmp_path):
    plan = replace(make_plan(code, ("left", "right")), scalp=ellipsoid_scalp())
    files = write_formats(plan, (f"surface-{kind}",), tmp_path, False)
    assert [file.name for file in files] == [f"dlpfc_{name}.{kind}" for name in ("left", "right", "scalp")]
    for file, side in zip(files, plan.sides.values(), strict=False):
        surface = read(kind, file)
        mass = vtk.vtkMassProperties()
        mass.SetInputData(surface)
        mass.Update()
        region = side.region
        volume_ml = np.count_nonzero(region.mask_kji) * region.volume.voxel_ml
        assert mass.GetVolume() / 1000 == pytest.approx(volume_ml, rel=0.15)
        middle = points_of(surface).mean(axis=0) * (-1, -1, 1)
        np.testing.assert_allclose(middle, side.target.centroid_ras_mm, atol=1.5)
    scalp = points_of(read(kind, files[2])) * (-1, -1, 1)
    np.testing.assert_allclose((scalp.min(axis=0) + scalp.max(axis=0)) / 2, CENTRE_RAS_MM, atol=0.1)
    assert b"SPACE=LPS" in files[0].read_bytes()[:400]


@pytest.mark.parametrize("kind", READERS)
def test_slicer_shows_the_surface_where_the_mask_lies(kind, tmp_path):
    slicer = pytest.importorskip("slicer", reason="slicer-core is not installed")
    plan = make_plan("PSR")
    (file,) = write_formats(plan, (f"surface-{kind}",), tmp_path, False)
    scene = slicer.vtkMRMLScene()
    node = scene.AddNewNodeByClass("vtkMRMLModelNode")
    storage = scene.AddNewNodeByClass("vtkMRMLModelStorageNode")
    storage.SetFileName(str(file))
    assert storage.ReadData(node)
    middle = points_of(node.GetPolyData()).mean(axis=0)
    np.testing.assert_allclose(middle, plan.sides["left"].target.centroid_ras_mm, atol=1.5)
    scene.Clear(True)
