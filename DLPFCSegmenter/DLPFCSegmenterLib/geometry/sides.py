"""The two sides of a person: in RAS and in MNI axes x is negative on the left."""

import numpy as np

SIDES = ("left", "right")


def other_side(side: str) -> str:
    """The side across the midline."""
    return "right" if side == "left" else "left"


def side_at(x_mm: float) -> str:
    """The side on which a place lies by its x, mm from the midline in RAS or MNI axes; the midline counts as right."""
    return "left" if x_mm < 0 else "right"


def outwards(side: str) -> float:
    """The sign of x on a side: by how much x grows on the way outwards."""
    return -1.0 if side == "left" else 1.0


def between_left_and(side: str) -> np.ndarray:
    """What places or directions of the left are multiplied by to be those of `side`, and the reverse, shape (3,)."""
    return np.array((1.0, 1.0, 1.0) if side == "left" else (-1.0, 1.0, 1.0))
