"""Where a pointer's tip lies, from turning the pointer about it."""

from dataclasses import dataclass

import numpy as np

from ..errors import UserError

LEAST_POSES = 30
MOST_RESIDUAL_MM = 1.0
_LEAST_TILT = 0.15
"""Root mean square sine of the tilts, about 9 degrees: spun about one axis, a pointer leaves the tip along it open."""


@dataclass(frozen=True)
class Tip:
    """A pointer's tip.

    place_mm     in the pointer's own frame, shape (3,)
    residual_mm  root mean square distance of the tip from where it rested
    """

    place_mm: np.ndarray
    residual_mm: float


def pivoted(poses: np.ndarray) -> Tip:
    """The tip of a pointer that was turned about it, by least squares.

    poses  4x4 each, shape (N, 4, 4), mm: the pointer's frame to one in which the tip rested
    Raises UserError for too few poses, too little turned, or a tip that did not rest.
    """
    poses = np.asarray(poses, float).reshape(-1, 4, 4)
    count, turns, places = len(poses), poses[:, :3, :3], poses[:, :3, 3]
    if count < LEAST_POSES:
        raise UserError(
            "The pointer was seen {count} times ({least} is the least); turn it for some seconds, its tip at rest.",
            count=count, least=LEAST_POSES,
        )  # fmt: skip
    away = (turns - turns.mean(axis=0)).reshape(-1, 3)
    if np.linalg.svd(away, compute_uv=False)[-1] < _LEAST_TILT * count**0.5:
        raise UserError(
            "The pointer was tilted too little; tilt it to all sides by 20 degrees and more, its tip at rest."
        )
    rows = np.concatenate([turns, np.broadcast_to(-np.eye(3), turns.shape)], axis=2).reshape(-1, 6)
    found = np.linalg.lstsq(rows, -places.ravel())[0]
    residual_mm = float(np.linalg.norm(rows @ found + places.ravel()) / count**0.5)
    if residual_mm > MOST_RESIDUAL_MM:
        raise UserError(
            "The tip lies {residual:.1f} mm off where it rested ({most:g} mm is the most); hold it in a dimple and turn"
            " the pointer again.",
            residual=residual_mm, most=MOST_RESIDUAL_MM,
        )  # fmt: skip
    return Tip(found[:3], residual_mm)
