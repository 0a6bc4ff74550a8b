import importlib.util
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from vtkmodules.vtkCommonMath import vtkMatrix4x4

from DLPFCSegmenterLib.export import scene as scene_export
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, ras_to_ijk
from hand_made_plans import make_plan


@pytest.fixture
def slicer():
    return pytest.importorskip("slicer", reason="slicer-core is not installed")


def _read_scene(slicer, path, cache):
    """The scene as Slicer reads it, with the logics that must outlive it."""
    scene = slicer.vtkMRMLScene()
    application = slicer.vtkSlicerApplicationLogic()
    application.SetMRMLScene(scene)
    remote = slicer.vtkMRMLRemoteIOLogic()
    remote.SetMRMLScene(scene)
    remote.GetCacheManager().SetRemoteCacheDirectory(str(cache))
    remote.AddDataIOToScene()
    manager = slicer.vtkDataIOManagerLogic()
    manager.SetMRMLApplicationLogic(application)
    manager.SetAndObserveDataIOManager(remote.GetDataIOManager())
    modules = [slicer.vtkSlicerMarkupsLogic(), slicer.vtkSlicerSegmentationsModuleLogic()]
    modules.append(slicer.vtkSlicerVolumesLogic())
    for logic in modules:
        logic.SetMRMLApplicationLogic(application)
        logic.SetMRMLScene(scene)
    assert scene.ReadFromMRB(str(path), True, slicer.vtkMRMLMessageCollection())
    return scene, [application, remote, manager, *modules]


@pytest.mark.parametrize("code", ("LIA", "oblique"))
@pytest.mark.slow
def test_slicer_reopens_scan_segmentations_and_markups(slicer, tmp_path, code):
    plan = make_plan(code, ("left", "right"))
    folder = tmp_path / "out"
    assert folder / "scene.mrb" in write_plan(plan, folder, scene=True).files
    scene, _logics = _read_scene(slicer, folder / "scene.mrb", tmp_path)
    _check_scan(slicer, scene, plan)
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 2
    _check_markups(scene, plan)
    axial = scene.GetNodeByID("vtkMRMLSliceNodeRed")
    target = plan.sides["left"].target.position_ras_mm
    assert axial.GetOrientation() == "Axial"
    assert axial.GetSliceToRAS().GetElement(2, 3) == pytest.approx(target[2], abs=1e-3)


def _check_scan(slicer, scene, plan):
    volume = scene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
    assert volume.GetName() == "person"
    matrix = vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    ijk_to_ras = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
    ijk = np.random.default_rng(3).integers(0, plan.volume.shape_ijk, (50, 3))
    points = ijk_to_ras_points(plan.volume.ijk_to_ras, ijk)
    there = np.rint(ras_to_ijk(ijk_to_ras, points)).astype(int)  # Slicer may turn left-handed grids over
    found = slicer.util.arrayFromVolume(volume)[tuple(there.T[::-1])]
    np.testing.assert_array_equal(found, plan.volume.array_kji[tuple(ijk.T[::-1])])


def _check_markups(scene, plan):
    count = scene.GetNumberOfNodesByClass("vtkMRMLMarkupsFiducialNode")
    lists = [scene.GetNthNodeByClass(number, "vtkMRMLMarkupsFiducialNode") for number in range(count)]
    (target,) = [node for node in lists if node.GetName() == "person DLPFC target (left)"]
    position = [0.0, 0.0, 0.0]
    target.GetNthControlPointPositionWorld(0, position)
    np.testing.assert_allclose(position, plan.sides["left"].target.position_ras_mm, atol=1e-3)


@pytest.mark.slow
def test_a_scene_is_written_to_a_folder_named_from_here(slicer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written = write_plan(make_plan(), Path("out"), scene=True)
    assert written.warnings == () and Path("out/scene.mrb") in written.files
    scene, _logics = _read_scene(slicer, (tmp_path / "out/scene.mrb").resolve(), tmp_path)
    assert scene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 1


def test_without_slicer_core_the_result_says_why_there_is_no_scene(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (warning,) = write_plan(make_plan(), tmp_path, scene=True).warnings
    assert "slicer-core is not installed" in warning
    assert not (tmp_path / "scene.mrb").exists()
    assert "slicer-core is not installed" in (tmp_path / "result.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ("left_脳 %s {x} <b>&", "$\\frac{$", "q'\"\\n;#", "-"))
@pytest.mark.slow
def test_a_scene_is_written_whatever_the_scan_is_called(slicer, tmp_path, name):
    plan = make_plan()
    plan = replace(plan, volume=replace(plan.volume, origin=replace(plan.volume.origin, path=f"{name}.nii.gz")))
    written = write_plan(plan, tmp_path / "out", scene=True)
    assert written.warnings == ()
    scene, _logics = _read_scene(slicer, tmp_path / "out" / "scene.mrb", tmp_path)
    assert scene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 1


@pytest.mark.parametrize(
    "code, reason", [("raise SystemExit('no\\nroom')", "room"), ("import os; os._exit(3)", "no reason")]
)
def test_a_writer_that_fails_is_told_and_the_rest_is_written(tmp_path, monkeypatch, code, reason):
    pytest.importorskip("slicer", reason="slicer-core is not installed")
    (tmp_path / "failing_writer.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(scene_export, "_WRITER", "failing_writer")
    written = write_plan(make_plan(), tmp_path / "out", scene=True)
    (warning,) = written.warnings
    assert warning.startswith("scene.mrb was not written") and reason in warning
    assert {"result.json", "overview.png"} <= {path.name for path in written.files}


def test_a_picture_that_cannot_be_drawn_ends_the_writer_of_the_scene(tmp_path, monkeypatch):
    pytest.importorskip("slicer", reason="slicer-core is not installed")
    told = tmp_path / "pid"
    (tmp_path / "lasting_writer.py").write_text(
        f"import os, time\nopen({str(told)!r}, 'w').write(f'{{os.getpid()}}\\n')\ntime.sleep(600)"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(scene_export, "_WRITER", "lasting_writer")
    with pytest.raises(OSError), scene_export.writing_scene(make_plan(), tmp_path / "scene.mrb"):
        while not told.exists() or not told.read_text().endswith("\n"):
            time.sleep(0.01)
        raise OSError("no room")
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
