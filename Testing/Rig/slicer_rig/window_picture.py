"""A picture of the window: the panel beside the slice views and the 3-D view, in Slicer's layout 'Four-Up'.

    window = WindowPicture(panel_width_px=470, view_px=400)
    window.save("step.png", first=module.widget.ui.targetsCollapsibleButton)

The panel is Qt's, and the views are drawn by Slicer's displayable managers as the scene's slice and camera nodes
stand. Only the bars that name the views are made here.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import matplotlib
import slicer
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QScrollArea, QWidget

from . import session, views

_BAR_PX = 22
_FONT_PT = 9
_COLOURS = 256
"""Of a picture's palette: it takes a quarter of the bytes, and rare colours keep their places."""

_THREE_D = "1"
_PLACES = {"Red": (0, 0), _THREE_D: (1, 0), "Green": (0, 1), "Yellow": (1, 1)}
"""Column and row of each view."""

_AXES = {"Axial": ("S", 2), "Coronal": ("A", 1), "Sagittal": ("R", 0)}
"""Where each orientation's offset counts, and the coordinate that it is."""


class WindowPicture:
    """The window at one size. Make it before a volume is loaded: loading fits the volume into the views.

    panel_width_px  width of the panel, with its scroll bar
    view_px         width and height of each view
    """

    def __init__(self, panel_width_px: int, view_px: int) -> None:
        _use_a_font_that_comes_with_python()
        self._view_px = view_px
        self._size_px = (panel_width_px + 2 * view_px, 2 * (view_px + _BAR_PX))
        window = slicer.util.mainWindow()
        self._panel = window.findChild(QScrollArea)
        self._panel.setFixedSize(panel_width_px, self._size_px[1])
        window.show()
        for name in slicer.app.layoutManager().sliceViewNames():
            slicer.app.layoutManager().sliceWidget(name).sliceLogic().ResizeSliceNode(view_px, view_px)
        self._view(_THREE_D)  # drawn once, the 3-D view has a camera in the scene, as Slicer's has from its start

    def save(self, path: str | Path, first: QWidget | None = None) -> Path:
        """Write what is seen now as a PNG, the panel scrolled so that it begins with `first`, or not scrolled."""
        self._scroll_to(first)
        picture = QImage(*self._size_px, QImage.Format.Format_RGB888)
        painter = QPainter(picture)
        painter.drawPixmap(0, 0, self._panel.grab())
        for name, (column, row) in _PLACES.items():
            corner = QPoint(self._panel.width + column * self._view_px, row * (self._view_px + _BAR_PX))
            painter.drawImage(corner + QPoint(0, _BAR_PX), self._view(name))
            _draw_bar(painter, name, QRect(corner.x(), corner.y(), self._view_px, _BAR_PX))
        painter.end()
        return _write(picture, Path(path))

    def _scroll_to(self, first: QWidget | None) -> None:
        session.drain_events(0.2)  # labels that have another text take their height
        top_px = 0 if first is None else first.mapTo(self._panel.widget(), QPoint(0, 0)).y()
        self._panel.verticalScrollBar().setValue(top_px)
        session.drain_events(0.1)

    def _view(self, name: str) -> QImage:
        size_px = (self._view_px, self._view_px)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "view.png"
            if name == _THREE_D:
                views.render_3d(path, size_px, from_direction_ras=None)
            else:
                views.render_slice(path, name, size_px, fit=False)
            return QImage(str(path))


def _use_a_font_that_comes_with_python() -> None:
    """The same letters on every machine, on one without fonts too."""
    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    for file in (font, font.with_name("DejaVuSans-Bold.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    slicer.app.setFont(QFont("DejaVu Sans", _FONT_PT))


def _draw_bar(painter: QPainter, name: str, place: QRect) -> None:
    """Slicer's bar over a view: its colour, its orientation and where it cuts."""
    manager = slicer.app.layoutManager()
    node = manager.threeDWidget(0).mrmlViewNode() if name == _THREE_D else manager.sliceWidget(name).mrmlSliceNode()
    painter.fillRect(place, QColor.fromRgbF(*node.GetLayoutColor()))
    painter.setPen(Qt.GlobalColor.black)
    words = "3-D" if name == _THREE_D else _where(node)
    painter.drawText(place.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)


def _where(node: slicer.vtkMRMLSliceNode) -> str:
    """'Axial   S 24.0 mm'."""
    letter, axis = _AXES[node.GetOrientation()]
    return f"{node.GetOrientation()}   {letter} {node.GetSliceToRAS().GetElement(axis, 3):.1f} mm"


def _write(picture: QImage, path: Path) -> Path:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    image = Image.open(io.BytesIO(buffer.data().data()))
    small = image.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    return path
