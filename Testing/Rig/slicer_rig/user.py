"""What a user does that no widget of the rig does: dialogs, clicks in a view, strokes of the brush, Slicer's style."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np

from . import session

_STATIC_BOXES = ("information", "question", "warning", "critical")
_DARK = {
    "Window": "#353535", "WindowText": "white", "Base": "#2a2a2a", "AlternateBase": "#353535", "Text": "white",
    "Button": "#353535", "ButtonText": "white", "BrightText": "red", "ToolTipBase": "#353535", "ToolTipText": "white",
    "Highlight": "#2a82da", "HighlightedText": "black",
}  # fmt: skip
_FILE_QUESTIONS = ("getOpenFileName", "getSaveFileName", "getOpenFileNames")


@contextmanager
def dialogs(answer: Any = None, path: str = "") -> Iterator[list[str]]:
    """Testing mode is off inside; each message box is answered with `answer`, each file dialog with `path`.

    answer  a button such as `qt.QMessageBox.No`; without one, Ok
    path    '' is what a file dialog gives when it is cancelled
    Gives the list of the texts shown so far.
    """
    import qt
    import slicer

    shown: list[str] = []
    given = qt.QMessageBox.Ok if answer is None else answer

    def show(box: Any) -> Any:
        shown.append(box.text)
        return given

    def show_static(parent: Any, title: str, text: str, *arguments: Any) -> Any:
        shown.append(text)
        return given

    options = slicer.app.commandOptions()
    with (
        mock.patch.multiple(qt.QMessageBox, exec_=show, exec=show, **dict.fromkeys(_STATIC_BOXES, show_static)),
        mock.patch.multiple(qt.QFileDialog, **_file_answers(path)),
        mock.patch.object(options, "testingEnabled", False),
    ):
        yield shown


def _file_answers(path: str) -> dict[str, Any]:
    answers = {name: path for name in _FILE_QUESTIONS} | {
        "getOpenFileNames": [path],
        "getExistingDirectory": path,
    }
    return {name: lambda *arguments, answer=answer, **keywords: answer for name, answer in answers.items()}


def choose_style(dark: bool) -> None:
    """Edit > Application Settings > Appearance > Style: what Slicer's settings do where another one is chosen."""
    import qt
    import slicer

    style = qt.QStyleFactory.create("Fusion")
    palette = style.standardPalette()
    for role, colour in _DARK.items() if dark else ():
        palette.setColor(getattr(qt.QPalette, role), qt.QColor(colour))
    for role in ("WindowText", "Text", "ButtonText") if dark else ():
        palette.setColor(qt.QPalette.Disabled, getattr(qt.QPalette, role), qt.QColor("#7f7f7f"))
    slicer.app.setStyle(style)
    slicer.app.setPalette(palette)
    session.drain_events()


def click_in_view(point_ras_mm: tuple[float, float, float]) -> None:
    """One click of the mouse in a view while Slicer is in place mode; the mode ends with it."""
    import slicer

    logic = slicer.app.applicationLogic()
    interaction = logic.GetInteractionNode()
    if interaction.GetCurrentInteractionMode() != interaction.Place:
        raise RuntimeError("no point is being placed")
    placed = slicer.mrmlScene.GetNodeByID(logic.GetSelectionNode().GetActivePlaceNodeID())
    placed.AddControlPointWorld(*point_ras_mm)
    interaction.SetCurrentInteractionMode(interaction.ViewTransform)
    session.drain_events(0.1)


def paint(editor: Any, center_ras_mm: tuple[float, float, float], radius_mm: float, erase: bool = False) -> None:
    """One stroke of the sphere brush of Paint or Erase into the editor's current segment; can be undone.

    editor  a qMRMLSegmentEditorWidget with segmentation, segment and source volume chosen
    """
    from vtk.util.numpy_support import vtk_to_numpy

    logic = editor._logic  # in Slicer the effects have it
    editor.saveStateForUndo()
    logic.ResetModifierLabelmapToDefault()
    labelmap = logic.GetModifierLabelmap()
    matrix = _ijk_to_ras(labelmap)
    voxels_kji = vtk_to_numpy(labelmap.GetPointData().GetScalars()).reshape(labelmap.GetDimensions()[::-1])
    first_ijk = labelmap.GetExtent()[::2]
    box, inside = _sphere(voxels_kji.shape, first_ijk, matrix, center_ras_mm, radius_mm)
    voxels_kji[box][inside] = 1
    ends_ijk = [(part.start, part.stop - 1) for part in box[::-1]]
    around = (np.reshape(first_ijk, (3, 1)) + ends_ijk).ravel().tolist()
    mode = logic.ModificationModeRemove if erase else logic.ModificationModeAdd
    logic.ModifySegmentByLabelmap(
        editor.segmentationNode(), editor.currentSegmentID(), labelmap, mode, around, False, False
    )


def _ijk_to_ras(labelmap: Any) -> np.ndarray:
    import slicer
    import vtk

    matrix = vtk.vtkMatrix4x4()
    labelmap.GetImageToWorldMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def _sphere(
    shape_kji: tuple[int, ...],
    first_ijk: tuple[int, ...],
    ijk_to_ras: np.ndarray,
    center_ras_mm: tuple[float, float, float],
    radius_mm: float,
) -> tuple[tuple[slice, slice, slice], np.ndarray]:
    """The voxels of the labelmap around the sphere, and which of them have their centre in it."""
    ras_to_ijk = np.linalg.inv(ijk_to_ras)
    center_ijk = ras_to_ijk[:3, :3] @ center_ras_mm + ras_to_ijk[:3, 3] - first_ijk
    reach = radius_mm * np.linalg.norm(ras_to_ijk[:3, :3], axis=1)
    bounds = np.clip([np.floor(center_ijk - reach), np.ceil(center_ijk + reach) + 1], 0, shape_kji[::-1])
    box = tuple(slice(*map(int, ends)) for ends in bounds.T[::-1])
    shape = tuple(part.stop - part.start for part in box)
    ijk = np.indices(shape)[::-1].reshape(3, -1) + (bounds[0] + first_ijk)[:, None]
    ras_mm = ijk_to_ras[:3, :3] @ ijk + ijk_to_ras[:3, 3:]
    distance_mm = np.linalg.norm(ras_mm - np.reshape(center_ras_mm, (3, 1)), axis=0)
    return box, (distance_mm <= radius_mm).reshape(shape)
