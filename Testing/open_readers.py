"""The navigators' open readers, taken from their own source trees where those are at hand.

They are GPL and no part of this repository. `OPEN_READERS` names a folder with checkouts of
github.com/simnibs/simnibs as `simnibs` and of github.com/invesalius/invesalius3 as `invesalius3`.
"""

import ast
import importlib.util
import os
import sys
import tempfile
import types
import typing
from pathlib import Path

import numpy as np
import pytest


def _source(relative: str) -> Path:
    folder = os.environ.get("OPEN_READERS")
    path = Path(folder or "") / relative
    if folder is None or not path.exists():
        pytest.skip(f"{relative} is not at hand; see OPEN_READERS in CONTRIBUTING.md")
    return path


class _Position:
    """What SimNIBS's readers fill in for each coil."""

    name, date, didt, matsimnibs = "", "", 0.0, None


class _PositionList:
    def __init__(self) -> None:
        self.pos, self.name, self.fnamecoil = [], "", ""

    def add_position(self, position=None):
        self.pos.append(position or _Position())
        return self.pos[-1]


def _package(name: str, **contents) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__path__ = []
    vars(module).update(contents)
    return module


def simnibs_nnav(monkeypatch) -> types.ModuleType:
    """SimNIBS's `utils/nnav.py`, the rest of SimNIBS replaced by the two containers that it fills."""
    path = _source("simnibs/simnibs/utils/nnav.py")
    stand_ins = {
        "simnibs": _package("simnibs", __version__="0"),
        "simnibs.utils": _package("simnibs.utils"),
        "simnibs.utils.file_finder": _package("simnibs.utils.file_finder", SubjectFiles=None),
        "simnibs.simulation": _package("simnibs.simulation"),
        "simnibs.simulation.sim_struct": _package(
            "simnibs.simulation.sim_struct", TMSLIST=_PositionList, POSITION=_Position
        ),
    }
    for name, module in stand_ins.items():
        monkeypatch.setitem(sys.modules, name, module)
    return _loaded("simnibs.utils.nnav", path)


def simnibs_samples() -> Path:
    """Files that real navigators wrote, which SimNIBS keeps for its own tests."""
    return _source("simnibs/simnibs/_internal_resources/testing_files/nnav_testdata")


def _loaded(name: str, path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class InvesaliusReader:
    """InVesalius's reader of marker files: its own functions without its window."""

    _NEEDED = ("GetMarkersFromFile", "ParseValue", "_parse_list", "_parse_dict", "_split_by_outer_commas")

    def __init__(self, monkeypatch) -> None:
        root = _source("invesalius3/invesalius")
        self._data = root / "data"
        for name in ("invesalius", "invesalius.data", "invesalius.data.imagedata_utils"):
            monkeypatch.setitem(sys.modules, name, _package(name))
        marker = _loaded("invesalius_marker", root / "data/markers/marker.py")
        names = {"Marker": marker.Marker, "const": _constants(root / "constants.py"), "_": str}
        names |= {"wx": _Complaining(), "utils": _Complaining(), "Publisher": _Ignoring()}
        functions = _functions(root / "gui/task_navigator.py", self._NEEDED, names)
        self._panel = type("Panel", (), {**functions, "marker_list_ctrl": _Ignoring(), "markers": self})()
        self.read_markers: list = []

    def AddMarker(self, marker, render) -> None:
        """What InVesalius's panel calls for each marker that it has read."""
        self.read_markers.append(marker)

    def SaveState(self) -> None:
        """What InVesalius's panel calls at the end."""

    def read(self, path: Path) -> list:
        """The markers of a file; raises AssertionError where InVesalius would show an error."""
        self.read_markers = []
        self._panel.GetMarkersFromFile(str(path), False)
        return self.read_markers

    def voxel_place(self, position: list[float], spacing: np.ndarray, shape_kji: tuple[int, ...]) -> np.ndarray:
        """A marker's place in mm of the canonical image, as InVesalius turns it."""
        opened = types.SimpleNamespace(spacing=spacing, matrix=np.broadcast_to(0, shape_kji))
        names = {"sl": types.SimpleNamespace(Slice=lambda: opened), "np": np}
        functions = _functions(self._data / "imagedata_utils.py", ("convert_invesalius_to_voxel",), names)
        return functions["convert_invesalius_to_voxel"](position)

    def from_dicom(self, planes: list[np.ndarray], orientation: str) -> np.ndarray:
        """The image, axes (k, j, i), that it builds of a series' planes, each of rows and columns."""
        names = {"np": np, "os": os, "tempfile": tempfile, "_": str, "vtk_utils": _Progress()}
        names["read_dcm_slice_as_np2"] = lambda plane, resolution: plane
        build = _functions(self._data / "imagedata_utils.py", ("dcm2memmap",), names)["dcm2memmap"]
        return np.array(build(planes, planes[0].shape[::-1], orientation, 1.0)[0])

    def pose_in_view(self, marker) -> np.ndarray:
        """A marker's place and axes in InVesalius's 3-D view, 4x4, in mm, as it finds them to move a marker there."""
        names = vars(typing) | {"np": np, "tr": _loaded("transformations", self._data / "transformations.py")}
        name = "coordinates_to_transformation_matrix"
        x, y, z = marker.position
        return _functions(self._data / "coordinates.py", (name,), names)[name]([x, -y, z], marker.orientation, "sxyz")


class _Progress:
    def ShowProgress(self, count):
        return lambda done, message: None


class _Ignoring:
    def __getattr__(self, name):
        return lambda *arguments, **named: None


class _Complaining:
    def __getattr__(self, name):
        def complain(*arguments):
            raise AssertionError(f"InVesalius: {name} {arguments}")

        return complain


def _functions(path: Path, wanted: tuple[str, ...], names: dict) -> dict:
    """Functions of a source file, wherever they stand in it, that see only `names`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in wanted]
    exec(compile(ast.Module(found, []), str(path), "exec"), names)
    return {name: names[name] for name in wanted}


def _constants(path: Path) -> types.SimpleNamespace:
    """The assignments of a source file that are plain values."""
    values = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return types.SimpleNamespace(**values)
