"""Small signs drawn in the colours of the window, so that no picture files are needed."""

from collections.abc import Callable

import qt

_SIZE_PX = 32


def dot(colour_rgb: tuple[float, float, float]) -> qt.QIcon:
    """A filled circle in the colour, 0..1, that a point has in the views."""

    def draw(painter: qt.QPainter) -> None:
        painter.setBrush(qt.QBrush(qt.QColor(*(round(255 * share) for share in colour_rgb))))
        painter.drawEllipse(qt.QRectF(6, 6, 20, 20))

    return _icon(draw, 1.5)


def place() -> qt.QIcon:
    """A pin: put the point with a click."""

    def draw(painter: qt.QPainter) -> None:
        painter.drawEllipse(qt.QRectF(9, 3, 14, 14))
        painter.drawLine(qt.QPointF(16, 17), qt.QPointF(16, 29))

    return _icon(draw, 3.0)


def jump() -> qt.QIcon:
    """A crosshair: show the point in the views."""

    def draw(painter: qt.QPainter) -> None:
        painter.drawEllipse(qt.QRectF(8, 8, 16, 16))
        for x1, y1, x2, y2 in ((16, 2, 16, 11), (16, 21, 16, 30), (2, 16, 11, 16), (21, 16, 30, 16)):
            painter.drawLine(qt.QPointF(x1, y1), qt.QPointF(x2, y2))

    return _icon(draw, 2.5)


def give_back() -> qt.QIcon:
    """An arrow that turns back: undo what was moved by hand."""

    def draw(painter: qt.QPainter) -> None:
        painter.drawArc(qt.QRectF(6, 7, 20, 20), -150 * 16, 300 * 16)
        painter.drawLine(qt.QPointF(8, 5), qt.QPointF(7.5, 12.5))
        painter.drawLine(qt.QPointF(7.5, 12.5), qt.QPointF(15, 12))

    return _icon(draw, 3.0)


def _icon(draw: Callable[[qt.QPainter], None], width_px: float) -> qt.QIcon:
    pixmap = qt.QPixmap(_SIZE_PX, _SIZE_PX)
    pixmap.fill(qt.QColor(0, 0, 0, 0))
    pen = qt.QPen(qt.QPalette().color(qt.QPalette.ButtonText))
    pen.setWidthF(width_px)
    painter = qt.QPainter(pixmap)
    painter.setRenderHint(qt.QPainter.Antialiasing)
    painter.setPen(pen)
    draw(painter)
    painter.end()
    return qt.QIcon(pixmap)
