"""Drawn shapes to pixel masks and back, in the pixel coordinates of an HTML canvas.

The pixel in row r and column c covers x from c to c + 1 and y from r to r + 1; its centre is at
(c + 0.5, r + 0.5). y grows downwards. A pixel belongs to a shape when its centre lies in the shape
or on its border, so that mirrored shapes give mirrored masks.
"""

import math

import numpy as np

from ..geometry.outlines import mask_outlines

_NUDGES = 1e-6 * np.array([(1, 0.618034), (1, -0.618034), (-1, 0.618034), (-1, -0.618034)])
"""Steps to all four sides, along no edge that people or grids draw: they decide border points."""


def fill_shape(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    """Mask of one VIA `shape_attributes` dict, bool, shape (H, W) = `shape_hw`.

    Knows rect, circle, ellipse (`theta` in radians, clockwise on the screen), polygon, and
    polyline, which is closed. Raises ValueError with the reason for any other or broken shape.
    """
    fill = _FILLERS.get(str(shape.get("name")))
    if fill is None:
        raise ValueError(f"shape '{shape.get('name')}' has no area or is unknown")
    return fill(shape, shape_hw)


def outline_polygons(mask: np.ndarray) -> list[np.ndarray]:
    """Polygons, each (N, 2) as x, y and not closed, that `fill_shape` turns back into `mask` (bool, shape (H, W))."""
    return [outline + 0.5 for outline in mask_outlines(mask)]


def _fill_polygon(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    from matplotlib.path import Path

    xs, ys = (np.ravel(_field(shape, key)) for key in ("all_points_x", "all_points_y"))
    if len(xs) != len(ys) or len(xs) < 3:
        raise ValueError(f"{shape['name']} has {len(xs)} x and {len(ys)} y; it needs 3 points or more")
    path = Path(np.column_stack([np.append(xs, xs[0]), np.append(ys, ys[0])]))
    mask = np.zeros(shape_hw, bool)
    window = _pixels_within(xs, ys, shape_hw)
    centres = np.stack(_centres(shape_hw), axis=-1)[window]
    inside = [path.contains_points(centres.reshape(-1, 2) + nudge) for nudge in _NUDGES]
    mask[window] = np.any(inside, axis=0).reshape(centres.shape[:2])
    return mask


def _pixels_within(xs: np.ndarray, ys: np.ndarray, shape_hw: tuple[int, int]) -> tuple[slice, slice]:
    def bounds(values: np.ndarray, size: int) -> slice:
        low, high = np.clip([values.min() - 1, values.max() + 1], 0, size)
        return slice(math.floor(low), math.ceil(high))

    return bounds(ys, shape_hw[0]), bounds(xs, shape_hw[1])


def _fill_rect(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    left, top = _number(shape, "x"), _number(shape, "y")
    width, height = _length(shape, "width"), _length(shape, "height")
    x, y = _centres(shape_hw)
    return (x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)


def _fill_circle(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    radius = _length(shape, "r")
    return _fill_ellipse({**shape, "rx": radius, "ry": radius, "theta": 0.0}, shape_hw)


def _fill_ellipse(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    x, y = _centres(shape_hw)
    x, y = x - _number(shape, "cx"), y - _number(shape, "cy")
    theta = _number(shape, "theta") if "theta" in shape else 0.0
    along = x * math.cos(theta) + y * math.sin(theta)
    across = y * math.cos(theta) - x * math.sin(theta)
    return (along / _length(shape, "rx")) ** 2 + (across / _length(shape, "ry")) ** 2 <= 1


_FILLERS = {
    "rect": _fill_rect,
    "circle": _fill_circle,
    "ellipse": _fill_ellipse,
    "polygon": _fill_polygon,
    "polyline": _fill_polygon,
}


def _centres(shape_hw: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.indices(shape_hw) + 0.5
    return x, y


def _field(shape: dict, key: str) -> np.ndarray:
    try:
        value = np.asarray(shape[key], dtype=float)
    except KeyError:
        raise ValueError(f"{shape['name']} has no '{key}'") from None
    except (TypeError, ValueError):
        value = np.array(np.nan)
    if not np.all(np.isfinite(value)):
        raise ValueError(f"{shape['name']} has a '{key}' that is not a number")
    return value


def _number(shape: dict, key: str) -> float:
    value = _field(shape, key)
    if value.ndim:
        raise ValueError(f"{shape['name']} has several values for '{key}'")
    return float(value)


def _length(shape: dict, key: str) -> float:
    value = _number(shape, key)
    if value <= 0:
        raise ValueError(f"{shape['name']} has '{key}' = {value:g}; it must be above 0")
    return value
