"""The patient laid on the MRI: fiducials that were touched, then points swept over the scalp, with the errors of both.

What is touched lies in the frame of the reference tool on the head ('reference mm'), so that the head may move. The
fit is least squares with the singular value decomposition (Horn 1987, Arun 1987), weighted. Swept points then pull it
onto the skin, point to plane, the worst of them left out at each step; the fiducials keep what a sweep cannot hold.

Which way up a head is cannot be told from points that lie in one plane, as nasion and tragi do: swapped or mirrored,
they fit as well. Whatever order of the points fits as well as the given one must be refuted, by a point off that plane
or by a sweep, before a registration is given out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations, permutations

import numpy as np

from ..errors import UserError
from ..geometry.poses import is_rigid, nearest_rigid
from ..geometry.spaces import MIRROR_X, transform_points
from ..sentences import Sentence, say
from ..targeting.scalp import Scalp

LEAST_FIDUCIALS = 3
MOST_FRE_MM = 5.0
"""Root mean square residual of the fiducials from which on they are not those of this head. Touching skin by hand is
some 2 to 4 mm off; other people's fiducials differ by as much and more, so that a sweep is asked to tell."""

MOST_SWEPT_MM = 2.5
"""Root mean square distance of the kept swept points from the skin; of one's own head about 1 mm."""

LEAST_SWEPT = 30
_LEAST_WIDTH_MM = 10.0
"""Points nearer than this to one line say nothing of the turn about it."""

_OTHER_UNIT = 2.0
"""No two heads differ by so much in size: what does is in cm, metres or inches."""

_KEPT_SHARE = 0.85
"""Share of the swept points that count: hair and a lifted pointer are always among them."""

_KEPT_VARIANCE = 0.52
"""Variance of the innermost 85 % of a normal distribution, whose own is 1."""

_FIDUCIAL_VARIANCE = 9.0
"""How much less a fiducial's coordinate counts than a swept point's distance: 3 mm against 1 mm."""

_CLEARLY = 2.0
"""The swept points must fit any other order of the fiducials so many times worse."""

_STEPS = 60
_STILL_MM = 1e-3
_ALL_ORDERS = 5
"""Of more points than this, only pairs are thought to be swapped."""


@dataclass(frozen=True)
class Touched:
    """What was touched on the patient, mm in the frame of the reference tool.

    fiducials_mm  name -> where the pointer's tip was, shape (3,)
    swept_mm      points swept over the scalp, shape (N, 3)
    """

    fiducials_mm: dict[str, np.ndarray]
    swept_mm: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))


@dataclass(frozen=True)
class Registration:
    """Where the head under the tracker lies in its MRI.

    mri_from_reference  4x4, mm in the frame of the reference tool to RAS mm of the scan
    fingerprint         that of the scan (`Volume.fingerprint`)
    fre_mm              root mean square residual of the fiducials alone, weighted
    residual_mm         name of a fiducial -> how far from its place in the scan it came to lie
    left_out_mm         the same for a fit without that fiducial; empty for three fiducials
    swept_mm            distance of every swept point from the skin, shape (N,)
    swept_rms_mm        root mean square of those that count, or None without a sweep
    centre_ras_mm       point about which `covariance` is told, shape (3,)
    covariance          of a small turn (radians) and shift (mm), shape (6, 6), from the residuals
    """

    mri_from_reference: np.ndarray
    fingerprint: str
    fre_mm: float
    residual_mm: dict[str, float]
    left_out_mm: dict[str, float]
    swept_mm: np.ndarray
    swept_rms_mm: float | None
    centre_ras_mm: np.ndarray
    covariance: np.ndarray

    def __post_init__(self) -> None:
        shapes = np.shape(self.centre_ras_mm), np.shape(self.covariance)
        if not is_rigid(self.mri_from_reference) or shapes != ((3,), (6, 6)):
            raise UserError("The registration is no rotation and shift in mm; register again.")

    def error_at_mm(self, target_ras_mm: np.ndarray) -> float:
        """Expected target registration error (root mean square) at a point, RAS mm.

        The residuals' spread carried to the target, to first order. For fiducials of equal weight that is the formula
        of Fitzpatrick 1998 (IEEE TMI 17:694). With a sweep the swept points' distances count too, as if each were
        off by itself; skin that gives way everywhere alike is not seen, so it is the least to be expected.
        """
        rows = _moves(np.asarray(target_ras_mm, float)[None] - self.centre_ras_mm)[0]
        return float(np.sqrt(np.trace(rows @ self.covariance @ rows.T)))

    def require_scan(self, fingerprint: str) -> None:
        """Raise UserError unless a plan was made of the scan that the head was laid on."""
        if not fingerprint or fingerprint != self.fingerprint:
            raise UserError(
                "The plan is of another scan than the one that the patient was registered to; register to the scan of"
                " this plan."
            )


def register(
    touched: Touched,
    fiducials_ras_mm: Mapping[str, np.ndarray],
    fingerprint: str,
    scalp: Scalp | None = None,
    weights: Mapping[str, float] | None = None,
) -> Registration:
    """Lay the patient on the scan by the fiducials that have a place in both, and on its scalp where it was swept.

    fiducials_ras_mm  name -> place in the scan, RAS mm, shape (3,)
    weights           name -> how much a fiducial counts, 1 where it is not named
    Raises UserError, with the reason, for points that are too few, on one line, swapped, mirrored or of another head.
    """
    names = tuple(name for name in fiducials_ras_mm if name in touched.fiducials_mm)
    _require_enough(names, fiducials_ras_mm)
    pairs = _Pairs(
        names,
        _points(touched.fiducials_mm, names),
        _points(fiducials_ras_mm, names),
        np.array([(weights or {}).get(name, 1.0) for name in names]),
    )
    _require_mm(pairs)
    _require_width(pairs)
    matrix, fre_mm = pairs.fit()
    others = _other_orders(pairs)
    if fre_mm > MOST_FRE_MM:
        raise _refused(pairs, fre_mm, others)
    swept = _swept(touched.swept_mm)
    if scalp is None or not len(swept):
        if others:
            raise _undecided(pairs, others[0])
        return _registration(pairs, matrix, fingerprint, fre_mm)
    laid = _lay(pairs, matrix, swept, scalp)
    _require_skin(pairs, laid, swept, scalp, others)
    return _registration(pairs, laid.matrix, fingerprint, fre_mm, laid)


@dataclass(frozen=True)
class _Pairs:
    """The paired points: touched (reference mm) and in the scan (RAS mm), shape (N, 3), with a weight each."""

    names: tuple[str, ...]
    touched_mm: np.ndarray
    places_ras_mm: np.ndarray
    weights: np.ndarray

    def fit(self, touched_mm: np.ndarray | None = None) -> tuple[np.ndarray, float]:
        """(4x4, root mean square residual in mm) of the best rigid transform, of other touched points if given."""
        points = self.touched_mm if touched_mm is None else touched_mm
        matrix = rigid_fit(points, self.places_ras_mm, self.weights)
        squares = ((transform_points(matrix, points) - self.places_ras_mm) ** 2).sum(axis=1)
        return matrix, float(np.sqrt(np.average(squares, weights=self.weights)))

    def without(self, index: int) -> "_Pairs":
        """The others."""
        rest = [i for i in range(len(self.names)) if i != index]
        names = tuple(self.names[i] for i in rest)
        return _Pairs(names, self.touched_mm[rest], self.places_ras_mm[rest], self.weights[rest])

    def residuals_mm(self, matrix: np.ndarray) -> np.ndarray:
        """How far each point comes to lie from its place, shape (N,)."""
        return np.linalg.norm(transform_points(matrix, self.touched_mm) - self.places_ras_mm, axis=1)


def rigid_fit(source_mm: np.ndarray, goal_mm: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The rotation and shift, 4x4, that brings paired points, shape (N, 3), nearest to their goals; never mirrored."""
    source_mean, goal_mean = (np.average(points, axis=0, weights=weights) for points in (source_mm, goal_mm))
    spread = (weights[:, None] * (source_mm - source_mean)).T @ (goal_mm - goal_mean)
    left, _, right = np.linalg.svd(spread)
    keep_hand = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    matrix = np.eye(4)
    matrix[:3, :3] = (left @ keep_hand @ right).T
    matrix[:3, 3] = goal_mean - matrix[:3, :3] @ source_mean
    return matrix


@dataclass(frozen=True)
class _Laid:
    """A head laid on the skin: the transform, every swept point's distance, and the covariance of turn and shift."""

    matrix: np.ndarray
    swept_mm: np.ndarray
    covariance: np.ndarray

    @property
    def rms_mm(self) -> float:
        """Root mean square distance of the swept points that count."""
        return float(np.sqrt(np.mean(_kept(self.swept_mm) ** 2)))


def _lay(pairs: _Pairs, start: np.ndarray, swept: np.ndarray, scalp: Scalp) -> _Laid:
    """Pull the swept points onto the skin, along its normals (Chen and Medioni 1992), trimmed."""
    matrix, centre = start, pairs.places_ras_mm.mean(axis=0)
    for _ in range(_STEPS):
        rows, gaps, _ = _equations(pairs, matrix, swept, scalp, centre)
        turn_and_shift = np.linalg.lstsq(rows, gaps, rcond=None)[0]
        step = np.eye(4)
        step[:3, :3] += _cross_matrix(turn_and_shift[:3])
        step = nearest_rigid(step)
        step[:3, 3] = turn_and_shift[3:] + centre - step[:3, :3] @ centre
        matrix = nearest_rigid(step @ matrix)
        if np.linalg.norm(turn_and_shift[3:]) + 100.0 * np.linalg.norm(turn_and_shift[:3]) < _STILL_MM:
            break
    rows, gaps, away = _equations(pairs, matrix, swept, scalp, centre)
    return _Laid(matrix, away, _spread(rows, gaps) / _KEPT_VARIANCE)


def _equations(
    pairs: _Pairs, matrix: np.ndarray, swept: np.ndarray, scalp: Scalp, centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rows of the linear system in turn and shift, what they should close, every swept point's distance in mm)."""
    points = transform_points(matrix, swept)
    nearest, normals = scalp.nearest_with_normals(points)
    away = np.linalg.norm(points - nearest, axis=1)
    counts = away <= _kept(away).max()
    points, nearest, normals = points[counts], nearest[counts], normals[counts]
    on_skin = np.concatenate([np.cross(points - centre, normals), normals], axis=1)
    rows, gaps = _of_pairs(pairs, matrix, centre)
    scale = _FIDUCIAL_VARIANCE**-0.5
    closing = ((nearest - points) * normals).sum(axis=1)
    return np.concatenate([on_skin, scale * rows]), np.concatenate([closing, scale * gaps]), away


def _of_pairs(pairs: _Pairs, matrix: np.ndarray, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and gaps of the fiducials, three each, by their weights."""
    points = transform_points(matrix, pairs.touched_mm)
    roots = np.sqrt(np.repeat(pairs.weights, 3))
    return roots[:, None] * _moves(points - centre).reshape(-1, 6), roots * (pairs.places_ras_mm - points).ravel()


def _moves(from_centre_mm: np.ndarray) -> np.ndarray:
    """How points move under a small turn and shift: shape (N, 3, 6) for shape (N, 3)."""
    shifts = np.broadcast_to(np.eye(3), (len(from_centre_mm), 3, 3))
    return np.concatenate([np.array([-_cross_matrix(point) for point in from_centre_mm]), shifts], axis=2)


def _cross_matrix(vector: np.ndarray) -> np.ndarray:
    x, y, z = vector
    return np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])


def _spread(rows: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Covariance of turn and shift, shape (6, 6), from what the best ones leave open."""
    variance = gaps @ gaps / max(len(gaps) - 6, 1)
    return variance * np.linalg.inv(rows.T @ rows)


def _kept(away_mm: np.ndarray) -> np.ndarray:
    """The distances that count: all but the largest."""
    return np.sort(away_mm)[: int(np.ceil(_KEPT_SHARE * len(away_mm)))]


def _registration(
    pairs: _Pairs, matrix: np.ndarray, fingerprint: str, fre_mm: float, laid: _Laid | None = None
) -> Registration:
    centre = pairs.places_ras_mm.mean(axis=0)
    covariance = _spread(*_of_pairs(pairs, matrix, centre)) if laid is None else laid.covariance
    left_out = {}
    for index, name in enumerate(pairs.names if len(pairs.names) > LEAST_FIDUCIALS else ()):
        left_out[name] = float(pairs.residuals_mm(pairs.without(index).fit()[0])[index])
    residuals = dict(zip(pairs.names, map(float, pairs.residuals_mm(matrix)), strict=True))
    swept_mm, rms_mm = (np.zeros(0), None) if laid is None else (laid.swept_mm, laid.rms_mm)
    return Registration(matrix, fingerprint, fre_mm, residuals, left_out, swept_mm, rms_mm, centre, covariance)


# what is refused


def _points(places: Mapping[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    for name in names:
        if np.shape(places[name]) != (3,) or not np.all(np.isfinite(places[name])):
            raise UserError("The {name} is no point; place or touch it again.", name=in_words(name))
    return np.array([places[name] for name in names], float)


def _swept(points_mm: np.ndarray) -> np.ndarray:
    points = np.asarray(points_mm, float).reshape(-1, 3)
    points = points[np.all(np.isfinite(points), axis=1)]
    if 0 < len(points) < LEAST_SWEPT:
        raise UserError(
            "Only {count} points were swept; sweep all over the scalp ({least} at least).",
            count=len(points), least=LEAST_SWEPT,
        )  # fmt: skip
    return points


def _require_enough(names: tuple[str, ...], places: Mapping[str, np.ndarray]) -> None:
    if len(names) < LEAST_FIDUCIALS:
        missing = ", ".join(in_words(name) for name in places if name not in names)
        raise UserError(
            "{count} fiducials were touched, and {least} are the least; {todo}.",
            count=len(names), least=LEAST_FIDUCIALS,
            todo=say("touch {missing} too", missing=missing)
            if missing else say("place more of them in the scan and touch them"),
        )  # fmt: skip


def _require_mm(pairs: _Pairs) -> None:
    """Raise UserError where the touched points fit once they are made larger or smaller, as metres would."""
    touched_mm, wanted_mm = (
        float(np.linalg.norm(np.std(at, axis=0))) for at in (pairs.touched_mm, pairs.places_ras_mm)
    )
    factor = touched_mm / wanted_mm if wanted_mm > 0 else 0.0
    is_another_unit = factor > 0 and not 1 / _OTHER_UNIT < factor < _OTHER_UNIT
    if is_another_unit and pairs.fit(pairs.touched_mm / factor)[1] <= MOST_FRE_MM:
        raise UserError(
            "The touched fiducials lie {factor:.3g} times as far apart as those in the scan: both must be in mm; check"
            " the units of the tracker, and of the fiducials' file.",
            factor=factor,
        )  # fmt: skip


def _require_width(pairs: _Pairs) -> None:
    for points, where in (
        (pairs.touched_mm, say("touched")),
        (pairs.places_ras_mm, say("placed in the scan")),
    ):
        width = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[1] / len(points) ** 0.5
        if width < _LEAST_WIDTH_MM:
            raise UserError(
                "The fiducials that were {where} lie on one line, which leaves the turn about it open; take points that"
                " form a triangle, such as nasion and both tragi.",
                where=where,
            )


def _other_orders(pairs: _Pairs) -> list[tuple[float, tuple[int, ...]]]:
    """(residual in mm, order) of every other order of the touched points that fits as a right one would, best first."""
    count = len(pairs.names)
    own = tuple(range(count))
    if count <= _ALL_ORDERS:
        orders = [order for order in permutations(own) if order != own]
    else:
        orders = [tuple({a: b, b: a}.get(i, i) for i in own) for a, b in combinations(own, 2)]
    fits = ((pairs.fit(pairs.touched_mm[list(order)])[1], order) for order in orders)
    return sorted((fre, order) for fre, order in fits if fre <= MOST_FRE_MM)


def _refused(pairs: _Pairs, fre_mm: float, others: list[tuple[float, tuple[int, ...]]]) -> UserError:
    """Why fiducials do not fit."""
    residuals = pairs.residuals_mm(pairs.fit()[0])
    if others:
        why = say("{points} look swapped; touch them again", points=_swapped(pairs, others[0][1]))
    elif pairs.fit(transform_points(MIRROR_X, pairs.touched_mm))[1] <= MOST_FRE_MM:
        why = say("mirrored they would fit; check that scan and tracker have the same right and left")
    else:
        why = say(
            "the scan is of another head, or a point was touched wrongly (most of all the {worst}, {away:.1f} mm);"
            " check the scan, and touch them again",
            worst=in_words(pairs.names[int(np.argmax(residuals))]), away=residuals.max(),
        )  # fmt: skip
    return UserError(
        "The fiducials lie {fre:.1f} mm from where the scan has them ({most:g} mm is the most): {why}.",
        fre=fre_mm, most=MOST_FRE_MM, why=why,
    )  # fmt: skip


def _undecided(pairs: _Pairs, other: tuple[float, tuple[int, ...]]) -> UserError:
    return UserError(
        "Had {points} been swapped, the fiducials would fit about as well ({fre:.1f} mm): sweep the scalp too, or add a"
        " point far from their plane, such as the vertex.",
        points=_swapped(pairs, other[1]), fre=other[0],
    )  # fmt: skip


def _require_skin(
    pairs: _Pairs, laid: _Laid, swept: np.ndarray, scalp: Scalp, others: list[tuple[float, tuple[int, ...]]]
) -> None:
    """Raise UserError where the swept points lie off the skin, or on it as well in another order of the fiducials."""
    for _, order in others:
        other = _Pairs(pairs.names, pairs.touched_mm[list(order)], pairs.places_ras_mm, pairs.weights)
        rms_mm = _lay(other, other.fit()[0], swept, scalp).rms_mm
        points = _swapped(pairs, order)
        if rms_mm < min(laid.rms_mm, MOST_SWEPT_MM):
            raise UserError("The swept points fit the scalp if {points} are swapped; touch them again.", points=points)
        if rms_mm < _CLEARLY * laid.rms_mm and laid.rms_mm <= MOST_SWEPT_MM:
            raise UserError(
                "The swept points fit the scalp about as well ({other:.1f} against {rms:.1f} mm) if {points} are"
                " swapped: the scan is of another head, or the sweep too small; check the scan, and sweep all over the"
                " head.",
                other=rms_mm, rms=laid.rms_mm, points=points,
            )  # fmt: skip
    if laid.rms_mm > MOST_SWEPT_MM:
        raise UserError(
            "The swept points lie {rms:.1f} mm off the scalp ({most:g} mm is the most): the scan is of another head or"
            " mirrored, or the reference tool has slipped; check both, and sweep again.",
            rms=laid.rms_mm, most=MOST_SWEPT_MM,
        )  # fmt: skip
    residuals = pairs.residuals_mm(laid.matrix)
    if residuals.max() > 2.0 * MOST_FRE_MM:
        raise UserError(
            "Fiducials and sweep contradict each other: the {name} lies {away:.1f} mm off where the sweep puts the"
            " head; touch and sweep again.",
            name=in_words(pairs.names[int(np.argmax(residuals))]), away=residuals.max(),
        )  # fmt: skip


def _swapped(pairs: _Pairs, order: tuple[int, ...]) -> Sentence:
    *first, last = (in_words(pairs.names[i]) for i, j in enumerate(order) if i != j)
    return say("{first} and {last}", first=", ".join(first), last=last)


def in_words(name: str) -> Sentence:
    """What a fiducial is called in a sentence."""
    return say(name.replace("_", " "))
