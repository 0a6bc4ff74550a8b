"""How well F3, F4 and Beam F3 are placed: on an ellipsoid, on Colin27, and with misplaced fiducials."""

import sys
from pathlib import Path

import numpy as np

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter"), str(TESTING), str(TESTING / "targeting")]

from known_fiducials import COLIN27_MM, DIRECTIONS, given, points_on_ellipsoid  # noqa: E402
from test_ten_twenty import COLIN27, COLIN27_CAP_MM, SCALP, exact_positions, positions  # noqa: E402

from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp  # noqa: E402
from DLPFCSegmenterLib.targeting.head_tapes import beam_landmarks, lay_tapes, ten_twenty_landmark  # noqa: E402
from DLPFCSegmenterLib.targeting.scalp import Scalp, extract_scalp  # noqa: E402

HEADS = 20
SHIFT_MM = 5.0


def main() -> None:
    """Print the three tables."""
    on_ellipsoids()
    scalp = extract_scalp(read_volume(COLIN27))
    points = {name: np.array(place) for name, place in COLIN27_MM.items()}
    on_colin27(scalp, points)
    misplaced(scalp, points)


def on_ellipsoids() -> None:
    """Largest error of each 10-20 position over heads whose fiducials differ at random."""
    random = np.random.default_rng(1)
    worst: dict[str, float] = {}
    for _ in range(HEADS):
        points = points_on_ellipsoid(**{name: at + random.uniform(-0.08, 0.08, 3) for name, at in DIRECTIONS.items()})
        found, exact = positions(SCALP, points), exact_positions(points)
        for name, place in found.items():
            worst[name] = max(worst.get(name, 0.0), float(np.linalg.norm(place - exact[name])))
    print(f"ellipsoid, {HEADS} heads, largest error in mm:", {name: round(mm, 3) for name, mm in worst.items()})


def on_colin27(scalp: Scalp, points: dict[str, np.ndarray]) -> None:
    """Tape measures, and distances of positions from the published cap of this head."""
    print("colin27:", lay_tapes(scalp, fiducials_on_scalp(scalp, given(points))).measures)
    found = positions(scalp, points)
    for name, place in COLIN27_CAP_MM.items():
        off, lifted = np.linalg.norm(found[name] - place), scalp.nearest(np.array(place)).distance_mm
        print(f"{name}: {off:.1f} mm from the cap, whose point lies {lifted:.1f} mm off the scalp")


def misplaced(scalp: Scalp, points: dict[str, np.ndarray]) -> None:
    """How far the sites move when one fiducial is placed SHIFT_MM off along each axis."""
    straight = sites(scalp, points)
    for name in points:
        moved = []
        for axis in (0, 1, 2):
            for sign in (-1, 1):
                shift = sign * SHIFT_MM * np.eye(3)[axis]
                there = sites(scalp, points | {name: points[name] + shift})
                moved.append([np.linalg.norm(there[key] - straight[key]) for key in straight])
        print(
            f"{name} {SHIFT_MM:g} mm off, largest move in mm:",
            dict(zip(straight, np.max(moved, axis=0).round(1).tolist(), strict=True)),
        )


def sites(scalp: Scalp, points: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Key of a landmark on the left -> RAS mm."""
    tapes = lay_tapes(scalp, fiducials_on_scalp(scalp, given(points)))
    marks = (ten_twenty_landmark(scalp, tapes, "left"), *beam_landmarks(scalp, tapes, "left"))
    return {mark.key: mark.position_ras_mm for mark in marks}


if __name__ == "__main__":
    main()
