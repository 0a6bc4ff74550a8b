"""Icons in the theme's own colours, and what is to be done where Slicer's style is changed while they are seen."""

from collections.abc import Callable

import qt

_ICON_PX = 32
_RIM_RGB = (128, 128, 128)
"""Seen on light and dark grounds."""

_DRAWN = "DLPFCSegmenter.Icon"


def draw_on(button: qt.QToolButton, icon: str) -> None:
    """Let a button show an icon of `_ICONS`, also after `follow_theme`."""
    draw, width_px = _ICONS[icon]
    button.setProperty(_DRAWN, icon)
    button.setIcon(_icon(draw, width_px))


def follow_theme(panel: qt.QWidget) -> None:
    """Let what lies in a widget have the colours of Slicer's style as it is now.

    Qt does so itself but for pixmaps, and for widgets with a style sheet, which keep the colours that they began with.
    """
    for button in panel.findChildren(qt.QToolButton):
        if button.property(_DRAWN):
            draw_on(button, button.property(_DRAWN))
    for label in panel.findChildren(qt.QLabel):
        if label.styleSheet:
            label.setStyleSheet(label.styleSheet)


def dot_icon(colour_rgb: tuple[float, float, float]) -> qt.QIcon:
    """A filled circle in the colour, 0..1, that a point has in the views."""

    def draw(painter: qt.QPainter) -> None:
        """The circle, on 32 x 32 pixels."""
        painter.setBrush(qt.QBrush(qt.QColor(*(round(255 * share) for share in colour_rgb))))
        painter.drawEllipse(qt.QRectF(6, 6, 20, 20))

    return qt.QIcon(_pixmap(draw, 1.5, qt.QColor(*_RIM_RGB)))


def _draw_place(painter: qt.QPainter) -> None:
    """A pin: put the point with a click."""
    painter.drawEllipse(qt.QRectF(9, 3, 14, 14))
    painter.drawLine(qt.QPointF(16, 17), qt.QPointF(16, 29))


def _draw_jump(painter: qt.QPainter) -> None:
    """A crosshair: show the point in the views."""
    painter.drawEllipse(qt.QRectF(8, 8, 16, 16))
    for x1, y1, x2, y2 in ((16, 2, 16, 11), (16, 21, 16, 30), (2, 16, 11, 16), (21, 16, 30, 16)):
        painter.drawLine(qt.QPointF(x1, y1), qt.QPointF(x2, y2))


def _draw_give_back(painter: qt.QPainter) -> None:
    """An arrow that turns back: undo what was moved by hand."""
    painter.drawArc(qt.QRectF(6, 7, 20, 20), -150 * 16, 300 * 16)
    painter.drawLine(qt.QPointF(8, 5), qt.QPointF(7.5, 12.5))
    painter.drawLine(qt.QPointF(7.5, 12.5), qt.QPointF(15, 12))


_ICONS = {"place": (_draw_place, 3.0), "jump": (_draw_jump, 2.5), "give_back": (_draw_give_back, 3.0)}
"""How each is drawn on 32 x 32 pixels, and the width of its lines."""


def _icon(draw: Callable[[qt.QPainter], None], width_px: float) -> qt.QIcon:
    """What cannot be pressed is greyed by the theme's own colour: on a dark ground Qt's own greying is not seen."""
    icon = qt.QIcon()
    for mode, group in ((qt.QIcon.Normal, qt.QPalette.Active), (qt.QIcon.Disabled, qt.QPalette.Disabled)):
        icon.addPixmap(_pixmap(draw, width_px, qt.QPalette().color(group, qt.QPalette.ButtonText)), mode)
    return icon


def _pixmap(draw: Callable[[qt.QPainter], None], width_px: float, colour: qt.QColor) -> qt.QPixmap:
    pixmap = qt.QPixmap(_ICON_PX, _ICON_PX)
    pixmap.fill(qt.QColor(0, 0, 0, 0))
    pen = qt.QPen(colour)
    pen.setWidthF(width_px)
    painter = qt.QPainter(pixmap)
    painter.setRenderHint(qt.QPainter.Antialiasing)
    painter.setPen(pen)
    draw(painter)
    painter.end()
    return pixmap
