"""The coil seen from behind: where its centre is beside the planned one, and where its handle points."""

import numpy as np
import qt

from ...guidance.aim import AimErrors, Limits

_SIZE = 220
_REACH_MM = 20.0
"""What the view shows to each side; a coil further off stays at its edge."""
_GREEN, _ORANGE, _GREY = (0, 158, 115), (213, 94, 0), (128, 128, 128)


def draw(label, errors: AimErrors | None, limits: Limits) -> None:
    """Draw into a label; without errors (the coil is lost) the aim alone."""
    picture = qt.QPixmap(_SIZE, _SIZE)
    picture.fill(qt.QColor(0, 0, 0, 0))
    painter = qt.QPainter(picture)
    painter.setRenderHint(qt.QPainter.Antialiasing)
    middle = _SIZE // 2
    _use(painter, _GREY, 1)
    for reach_mm in (limits.distance_mm, _REACH_MM / 2, _REACH_MM):
        _circle(painter, middle, middle, round(reach_mm * _pixels_per_mm()))
    painter.drawLine(middle, 0, middle, _SIZE)
    painter.drawLine(0, middle, _SIZE, middle)
    if errors is not None:
        _draw_coil(painter, errors, limits)
    painter.end()
    label.setPixmap(picture)


def _draw_coil(painter, errors: AimErrors, limits: Limits) -> None:
    within = errors.within(limits)
    off_mm = np.array([errors.right_mm, -errors.up_mm])
    x, y = (_SIZE / 2 + _pixels_per_mm() * off_mm * min(1.0, _REACH_MM / max(errors.in_plane_mm, 1e-6))).round()
    _use(painter, _GREEN if within["in_plane"] else _ORANGE, 4)
    _circle(painter, int(x), int(y), 7)
    turn, length = np.radians(errors.handle_deg), _SIZE / 3
    _use(painter, _GREEN if within["handle"] else _ORANGE, 3)  # the handle hangs down where it is as planned
    painter.drawLine(int(x), int(y), int(x - length * np.sin(turn)), int(y + length * np.cos(turn)))


def _pixels_per_mm() -> float:
    return (_SIZE / 2 - 2) / _REACH_MM


def _use(painter, colour_rgb: tuple[int, int, int], width: int) -> None:
    pen = qt.QPen(qt.QColor(*colour_rgb))
    pen.setWidth(width)
    painter.setPen(pen)


def _circle(painter, x: int, y: int, radius: int) -> None:
    painter.drawEllipse(x - radius, y - radius, 2 * radius, 2 * radius)
