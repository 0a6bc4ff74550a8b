"""Where a head lies in a scan: the wide network is asked of the scan as it is, the close one of it in MNI axes.

Once it is known roughly, they are asked of the scan and of its mirror image, and the two answers are averaged, the
second mirrored back: they cannot know left from right better than the header does. Where no good head is found so, the
turn network tells how to turn the scan, and both are asked again.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import torch

from ..geometry.spaces import MIRROR_X, RIGHT_TURNS, ijk_to_ras_points, turned_array
from ..networks.head_network import (
    BRAIN,
    BRAIN_MIDDLE_MNI_MM,
    CLOSE_SHAPE_KJI,
    MULTIPLE,
    AnyNetwork,
    HeadNetwork,
    HeadNetworks,
    TurnNetwork,
    in_a_cube,
    input_channels,
    load_head_networks,
)
from ..networks.registry import SHIPPED_HEAD
from ..scan.canonical import (
    halved,
    is_brighter_on_left,
    resample,
    turned_on_ras_axes,
    without_air,
    without_empty_border,
)
from ..scan.head_frame import (
    SETTLED_MM,
    AffineFit,
    HeadFrame,
    brain_coverage,
    implausible_frame,
    nearest_similarity,
    robust_affine,
    template_brain,
)
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume
from .likeness import fitted_halfway, fitted_in_part, looked_up, places_from_ras, shared_out

_LEAST_WEIGHT = 0.3
_LEAST_CELLS = 20
_LEAST_ML = 80.0
"""A baby's brain has five times as much."""

_FAR_MM = 30.0
"""So far the first look moves a frame at most, and later ones those of heads that lie oblique."""

_ROUGH_MM, _ROUGH_LOOKS = 8.0, 2
"""A close look is a rough one (`ask`) where the one before moved the frame by more than this, from the third look on by
more than `_FAR_MM`: rough looks at a cut head do not settle."""

_MOST_LOOKS, _MOST_LOOKS_FAR = 5, 8

_TURNS_FOLLOWED = 2
"""Where the turn network is not sure."""

_SURE = 0.9
"""What the turn network says of the one turn: 0.95 and more of heads by right angles against their header, mostly as
much of half a head, at most 0.8 of those that are found by looks at oblique turns alone."""

_LOST_MM = 2.6
_RESTS_MM = 3.0
"""The last look at 12 halves of heads moved their frame by up to 2.3 mm, that at heads that lie oblique and were not
found by 7.8 and more."""

_GIVES_UP_MM, _GIVES_UP_AT = 2.9, 1
"""At the second close look (number 1): of 12 people of `ixi/train` in 38 versions each heads that lie as their headers
have them have 2.8 at most there, but for 17 that lie oblique or are cut, and all but one of the others 2.9 and more."""

_GOOD_MM = 2.2
_BETTER = 0.85
"""A turned head is believed where its spread is so much smaller: it is 1.5 to 2 mm, back to front 2.6 or more."""

_NOWHERE = HeadFrame(np.eye(4), float("inf"), 0.0, 0.0)
"""That of a scan without a brain."""


@dataclass(frozen=True)
class Cells:
    """A scan on the network's cells: values and the share of each cell that was scanned, both on one grid."""

    values: Volume
    seen: Volume


@dataclass(frozen=True)
class Searched:
    """A scan in which a head is searched, and what several looks at it share.

    canonical     what is looked at, on the canonical grid
    box_from_ras  4x4, RAS mm to -1..1 across all that was scanned, air that was left out too
    """

    canonical: Volume
    box_from_ras: np.ndarray

    @staticmethod
    def whole(canonical: Volume) -> "Searched":
        """All that was scanned."""
        return Searched(canonical, places_from_ras(canonical))

    @staticmethod
    def without_air(canonical: Volume) -> "Searched":
        """The head and some of the air around it: more of that tells nothing and takes time."""
        return Searched(without_air(canonical), places_from_ras(canonical))

    def turned(self, turn: np.ndarray) -> "Searched":
        """In a world that a 4x4 of right angles turned."""
        return Searched(turned_on_ras_axes(self.canonical, turn), self.box_from_ras @ np.linalg.inv(turn))

    @cached_property
    def coarser(self) -> Volume:
        """What close looks are made of."""
        return _coarser(self.canonical)

    def cells(self, network: AnyNetwork) -> Cells:
        """What a network that sees a whole scan is shown."""
        cell_mm = network.config.cell_mm
        if cell_mm not in self._cells:
            self._cells[cell_mm] = scan_cells(self.canonical, cell_mm)
        return self._cells[cell_mm]

    @cached_property
    def _cells(self) -> dict[float, Cells]:
        return {}


@dataclass(frozen=True)
class Look:
    """One answer, on the cells that it is given for, arrays (K, J, I).

    mni_mm  (K, J, I, 3)
    """

    brain: Volume
    seen: Volume
    mni_mm: np.ndarray


@cache
def shipped_head_networks() -> HeadNetworks:
    """The networks that come with the extension, read once."""
    return load_head_networks(SHIPPED_HEAD)


def head_scan(scan: Volume) -> HeadScan:
    """A checked scan in which the shipped networks find the head, once it is asked for."""
    return HeadScan(scan, frame_by_shipped_networks)


def frame_by_shipped_networks(canonical: Volume) -> HeadFrame:
    """`find_head_even_handed` by the networks that come with the extension."""
    return find_head_even_handed(shipped_head_networks(), canonical)


def find_head_even_handed(networks: HeadNetworks, canonical: Volume) -> HeadFrame:
    """As `find_head_in_any_turn`; a mirrored scan gives the mirrored frame to the last digit.

    Networks and sums are never quite even-handed: they are always shown the head with its brighter half on the right.
    """
    if not is_brighter_on_left(canonical):
        return _find_and_fit(networks, canonical)
    return _find_and_fit(networks, turned_on_ras_axes(canonical, MIRROR_X)).mirrored()


def _find_and_fit(networks: HeadNetworks, canonical: Volume) -> HeadFrame:
    """As `find_head_in_any_turn` of what was scanned, held against the template's grey values too.

    A border that was erased counts as not scanned, unless the scan shows no head with it: half a head is refused by its
    shape. Where its other half counted as not scanned, it would pass for a whole one.
    """
    scan, scanned = Searched.without_air(canonical), without_empty_border(canonical)
    frame = find_head_in_any_turn(networks, scan)
    if scanned.shape_ijk != canonical.shape_ijk and not implausible_frame(frame):
        scan = Searched.without_air(scanned)
        frame = _settled(networks, scan, _Known.of(frame, 0))
    if implausible_frame(frame):
        return frame
    fit = fitted_in_part if frame.cut and frame.doubtful else fitted_halfway
    better = fit(scan.canonical, frame)
    return frame if implausible_frame(better) else better


def find_head_in_any_turn(networks: HeadNetworks, scan: Searched) -> HeadFrame:
    """As `find_head_frame`, but what is no good head as the header has it is looked at turned too.

    A head that is found by right angles lies turned against its header, which its frame tells (`implausible_frame`):
    it is refused by name. The networks do not know left from right, so a mirrored axis looks like a turn. One that lies
    so oblique that the wide network takes it for nothing lies less so in another turn; where the turn network is sure
    of one turn, no head lies so.
    """
    upright = find_head_frame(networks, scan, gives_up=True)
    if _is_good(upright):
        return upright
    turns = usual_turns(networks.turn, scan.cells(networks.turn))
    if turns.sure:
        turned = next(_turned(networks, scan, turns.ranked[:1]), None)
        if turned is not None and turned.spread_mm < _LOST_MM < upright.spread_mm:
            return turned
        return _better(_gone_on(networks, scan, upright), turned)
    upright = _gone_on(networks, scan, upright)
    if _is_good(upright):
        return upright
    found = _better(upright, _best(_turned(networks, scan, turns.ranked[:_TURNS_FOLLOWED])))
    return _better(found, _best(_oblique(networks, scan))) if _is_lost(found) else found


def _is_good(frame: HeadFrame) -> bool:
    return frame.spread_mm < _GOOD_MM and not implausible_frame(frame.straightened)


def _is_lost(frame: HeadFrame) -> bool:
    """Whether a search did not find a head and did not come to rest either; at half a head it comes to rest."""
    return not _rests(frame) and bool(frame.spread_mm > _LOST_MM or implausible_frame(frame.straightened))


def _rests(frame: HeadFrame) -> bool:
    return bool(np.isfinite(frame.spread_mm)) and frame.moved_mm < _RESTS_MM


def _gone_on(networks: HeadNetworks, scan: Searched, upright: HeadFrame) -> HeadFrame:
    """What a search finds by further looks that gave up, or came neither to anything good nor to rest in all of its."""
    is_open = _LOST_MM < upright.spread_mm < np.inf and upright.moved_mm >= SETTLED_MM
    return _settled(networks, scan, _Known.of(upright, _GIVES_UP_AT + 1)) if is_open else upright


def _better(frame: HeadFrame, other: HeadFrame | None) -> HeadFrame:
    """The other frame where it is better by much, or the one is none of a head."""
    most_mm = np.inf if implausible_frame(frame.straightened) else _BETTER * frame.spread_mm
    return frame if other is None or other.spread_mm > most_mm else other


def _best(frames: Iterator[HeadFrame]) -> HeadFrame | None:
    """The first good one or else the best."""
    best = None
    for frame in frames:
        best = min(best or frame, frame, key=lambda each: each.spread_mm)
        if best.spread_mm < _GOOD_MM:
            break
    return best


def _turned(networks: HeadNetworks, scan: Searched, turns: list[np.ndarray]) -> Iterator[HeadFrame]:
    """Plausible frames of a scan in right turns, up to the one in which it lies."""
    for turn in turns:
        if turn is RIGHT_TURNS[0]:
            break
        frame = find_head_frame(networks, scan.turned(turn))
        if not implausible_frame(frame):
            yield frame.moved(np.linalg.inv(turn))


def _oblique(networks: HeadNetworks, scan: Searched) -> Iterator[HeadFrame]:
    """Plausible frames, at rest, of a scan that is looked at turned by half a right angle about each axis.

    All are followed: those of wide looks at oblique heads that agree best with themselves are the wrong ones.
    """
    cells = scan.cells(networks.wide)
    for turn in _HALF_TURNS:
        frame = _from_wide(networks, scan, _oblique_look(networks.wide, cells, turn))
        if _rests(frame) and not implausible_frame(frame.moved(turn)):
            yield frame


def _oblique_look(network: HeadNetwork, cells: Cells, turn: np.ndarray) -> Look:
    """The answer for cells turned (4x4) about their middle, told of the cells as they were."""
    values, turn = cells.values, turn.copy()
    turn[:3, 3] = -turn[:3, :3] @ ijk_to_ras_points(values.ijk_to_ras, (np.array(values.shape_ijk) - 1) / 2)
    cell_mm, wide_mm = values.spacing_mm, np.abs(turn[:3, :3]) @ (values.spacing_mm * values.shape_ijk)
    counts = [_cells_along(mm, cell) for mm, cell in zip(wide_mm, cell_mm, strict=True)]
    grid = np.diag([*cell_mm, 1.0])
    grid[:3, 3] = -(np.array(counts) - 1) / 2 * cell_mm
    empty = Volume(np.zeros(counts[::-1], np.float32), grid)
    turned = (resample(Volume(each.array_kji, turn @ each.ijk_to_ras), empty) for each in (values, cells.seen))
    look = ask(network, Cells(*turned), rough=True)
    brain, seen = (replace(each, ijk_to_ras=np.linalg.inv(turn) @ each.ijk_to_ras) for each in (look.brain, look.seen))
    return Look(brain, seen, look.mni_mm)


def _half_turns() -> list[np.ndarray]:
    """By half a right angle about each axis, either way, 4x4."""
    half, turns = np.sqrt(0.5), []
    for first, second in itertools.permutations(range(3), 2):
        matrix = np.eye(4)
        matrix[[first, second], [first, second]] = half
        matrix[first, second], matrix[second, first] = half, -half
        turns.append(matrix)
    return turns


_HALF_TURNS = _half_turns()


@dataclass(frozen=True)
class UsualTurns:
    """Which turns make a head lie as heads do in their headers' axes.

    ranked  `RIGHT_TURNS`, the most usual first
    sure    whether all but the first are most unlikely
    """

    ranked: list[np.ndarray]
    sure: bool


@torch.inference_mode()
def usual_turns(network: TurnNetwork, cells: Cells) -> UsualTurns:
    """What the network tells of a scan."""
    shown = in_a_cube(_channels(cells)).numpy()
    turned = np.concatenate([turned_array(shown, turn) for turn in RIGHT_TURNS])
    told = network(torch.from_numpy(turned).to(next(network.parameters()).device))
    ranked = [RIGHT_TURNS[number] for number in told.argsort(descending=True, stable=True)]
    return UsualTurns(ranked, bool(told.softmax(dim=0).max() > _SURE))


def find_head_frame(networks: HeadNetworks, scan: Searched, gives_up: bool = False) -> HeadFrame:
    """Where MNI space lies in a scan, whatever the quality.

    After the wide look come close ones until little changes, the first at a head of its turn and size alone.

    gives_up  ends where the second close look does not look like a head that will be found
    """
    return _from_wide(networks, scan, ask(networks.wide, scan.cells(networks.wide), rough=True), gives_up)


def _from_wide(networks: HeadNetworks, scan: Searched, wide: Look, gives_up: bool = False) -> HeadFrame:
    """The frame once close looks have followed a wide one."""
    told = _fit(wide)
    if told is None:
        return _NOWHERE
    known = _Known(nearest_similarity(told, BRAIN_MIDDLE_MNI_MM), np.inf, 0)
    return _settled(networks, scan, known, gives_up)


@dataclass(frozen=True)
class _Known:
    """What close looks begin from.

    moved_mm  how far the last look moved it, MNI mm
    looks     how many close looks there were; after a wide one there was none
    """

    fit: AffineFit
    moved_mm: float
    looks: int

    @staticmethod
    def of(frame: HeadFrame, looks: int) -> "_Known":
        """What a frame tells."""
        return _Known(AffineFit(np.linalg.inv(frame.ras_from_mni), frame.spread_mm), frame.moved_mm, looks)


def _settled(networks: HeadNetworks, scan: Searched, known: _Known, gives_up: bool = False) -> HeadFrame:
    """The frame once close looks have begun from what is known of it."""
    cell_mm, look = networks.close.config.cell_mm, None
    fit, moved, number, most = known.fit, known.moved_mm, known.looks, _MOST_LOOKS
    while number < most:
        rough = moved > (_ROUGH_MM if number < _ROUGH_LOOKS else _FAR_MM) and number < most - 1
        closer = ask(networks.close, close_cells(scan, np.linalg.inv(fit.mni_from_ras), cell_mm), rough)
        better = _fit(closer)
        if better is None:
            break
        moved = _moved_mm(fit, better)
        look, fit = closer, better
        looks_lost = number == _GIVES_UP_AT and fit.spread_mm > _GIVES_UP_MM
        if (moved < SETTLED_MM and not rough) or (gives_up and looks_lost):
            break
        if moved > _FAR_MM:
            if number == 0:
                fit = nearest_similarity(fit, BRAIN_MIDDLE_MNI_MM)
            else:
                most = _MOST_LOOKS_FAR
        number += 1
    if look is None:
        return _NOWHERE
    ras_from_mni = np.linalg.inv(fit.mni_from_ras)
    seen, covered = brain_coverage(template_brain(), ras_from_mni, look.brain, look.seen)
    return HeadFrame(ras_from_mni, fit.spread_mm, seen, covered, moved)


def _moved_mm(first: AffineFit, second: AffineFit) -> float:
    """How far the second fit moves the corners of a brain, at most, MNI mm."""
    corners = np.array(BRAIN_MIDDLE_MNI_MM) + np.array(list(np.ndindex(2, 2, 2))) * 100.0 - 50.0
    there = ijk_to_ras_points(second.mni_from_ras @ np.linalg.inv(first.mni_from_ras), corners)
    return float(np.linalg.norm(there - corners, axis=1).max())


def _fit(look: Look) -> AffineFit | None:
    """The affine of a look; None where there is no brain or what is said of it is no volume."""
    points, told, weights = _brain_places(look)
    if len(points) < _LEAST_CELLS or len(points) * look.brain.voxel_ml < _LEAST_ML:
        return None
    fit = robust_affine(points, told, weights)
    scales = np.linalg.svd(fit.mni_from_ras[:3, :3], compute_uv=False)
    return fit if scales[-1] > 0.3 and scales[0] < 3.0 else None


def _brain_places(look: Look) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the cells in the brain: RAS mm (N, 3), the MNI mm that they are said to have (N, 3), and weights (N,)."""
    weights = look.brain.array_kji * look.seen.array_kji
    chosen = weights > _LEAST_WEIGHT
    points = ijk_to_ras_points(look.brain.ijk_to_ras, np.argwhere(chosen)[:, ::-1])
    return points, look.mni_mm[chosen].astype(float), weights[chosen].astype(float)


@torch.inference_mode()
def ask(network: HeadNetwork, cells: Cells, rough: bool = False) -> Look:
    """The network's answer for a scan and its mirror image, averaged; a rough one is for the scan alone."""
    channels = _channels(cells)
    device = next(network.parameters()).device
    told = network((channels if rough else torch.cat([channels, channels.flip(-1)])).to(device))
    mni_mm, shares = told.coordinates_mm[0], told.logits.softmax(dim=1)
    if rough:
        shares = shares[0]
    else:
        sign = torch.tensor([-1.0, 1.0, 1.0], device=device)[:, None, None, None]
        mni_mm = (mni_mm + sign * told.coordinates_mm[1].flip(-1)) / 2
        shares = (shares[0] + shares[1].flip(-1)) / 2
    seen = torch.nn.functional.avg_pool3d(channels[:, 2:] * 0.5 + 0.5, 2)[0, 0]
    matrix = cells.values.ijk_to_ras.copy()
    matrix[:3, 3] = ijk_to_ras_points(matrix, [0.5, 0.5, 0.5])
    matrix[:3, :3] *= 2.0
    brain, inside = (Volume(values.cpu().numpy(), matrix) for values in (shares[BRAIN], seen))
    return Look(brain, inside, mni_mm.permute(1, 2, 3, 0).cpu().numpy())


def _channels(cells: Cells) -> torch.Tensor:
    return input_channels(*(torch.from_numpy(each.array_kji) for each in (cells.values, cells.seen)))


def scan_cells(canonical: Volume, cell_mm: float) -> Cells:
    """A canonical volume averaged over cells around its own middle; the number of cells suits the network."""
    spacing = canonical.spacing_mm[::-1]
    sizes = canonical.array_kji.shape
    counts = [_cells_along(n * mm, cell_mm) for n, mm in zip(sizes, spacing, strict=True)]
    shares = [_overlaps(n, mm, count, cell_mm) for n, mm, count in zip(sizes, spacing, counts, strict=True)]
    values = shared_out(torch.from_numpy(np.ascontiguousarray(canonical.array_kji, np.float32)), shares)
    k, j, i = (share.sum(dim=1) for share in shares)
    seen = (k[:, None, None] * j[:, None] * i).contiguous()
    values = (values / seen.clamp(min=1e-6)).contiguous()
    matrix = np.diag([cell_mm, cell_mm, cell_mm, 1.0])
    middle = ijk_to_ras_points(canonical.ijk_to_ras, (np.array(canonical.shape_ijk) - 1) / 2)
    matrix[:3, 3] = middle - (np.array(counts[::-1]) - 1) / 2 * cell_mm
    return Cells(Volume(values.numpy(), matrix), Volume(seen.numpy(), matrix))


def _cells_along(length_mm: float, cell_mm: float) -> int:
    return MULTIPLE * max(2, int(np.ceil(round(length_mm / (MULTIPLE * cell_mm), 3))))


def _overlaps(voxels: int, voxel_mm: float, cells: int, cell_mm: float) -> torch.Tensor:
    """Share of each cell that each voxel fills, (cells, voxels), both rows with one middle."""
    half_cells, half_voxels = (cells - 1) / 2 * cell_mm, (voxels - 1) / 2 * voxel_mm
    middles = np.linspace(-half_cells, half_cells, cells)[:, None]
    places = np.linspace(-half_voxels, half_voxels, voxels)
    right = np.minimum(middles + cell_mm / 2, places + voxel_mm / 2)
    left = np.maximum(middles - cell_mm / 2, places - voxel_mm / 2)
    return torch.from_numpy((np.clip(right - left, 0.0, None) / cell_mm).astype(np.float32))


def _coarser(canonical: Volume) -> Volume:
    """Means over two by two by two voxels, smoothed as the heads are that are learnt from (`head_contrast`)."""
    odd = [(0, n % 2) for n in canonical.array_kji.shape]
    even = np.pad(canonical.array_kji, odd, mode="edge") if np.any(odd) else canonical.array_kji
    half = halved(Volume(even, canonical.ijk_to_ras))
    values = torch.from_numpy(half.array_kji)
    for axis, size in enumerate(values.shape):
        before = torch.cat([values.narrow(axis, 0, 1), values.narrow(axis, 0, size - 1)], axis)
        after = torch.cat([values.narrow(axis, 1, size - 1), values.narrow(axis, size - 1, 1)], axis)
        values = (before + after).mul_(0.25).add_(values, alpha=0.5)
    return half.with_array(values.numpy())


def close_cells(scan: Searched, ras_from_mni: np.ndarray, cell_mm: float) -> Cells:
    """A scan on cells in MNI axes; what lies beyond its field of view is not seen."""
    matrix = np.diag([cell_mm, cell_mm, cell_mm, 1.0])
    matrix[:3, 3] = BRAIN_MIDDLE_MNI_MM - (np.array(CLOSE_SHAPE_KJI[::-1]) - 1) / 2 * cell_mm
    grid = ras_from_mni @ matrix
    places = _close_places(places_from_ras(scan.coarser) @ grid)
    values = looked_up(torch.from_numpy(scan.coarser.array_kji), places).view(CLOSE_SHAPE_KJI)
    seen = (_close_places(scan.box_from_ras @ grid).abs() <= 1.0).all(dim=-1)[0].float()
    return Cells(Volume((values * seen).numpy(), grid), Volume(seen.numpy(), grid))


def _close_places(places_from_cells: np.ndarray) -> torch.Tensor:
    """Where the close cells lie (`looked_up`): (1, K, J, I, 3)."""
    k, j, i = (torch.arange(n, dtype=torch.float32) for n in CLOSE_SHAPE_KJI)
    columns = torch.from_numpy(places_from_cells[:3].T.astype(np.float32))
    return (
        k[:, None, None, None] * columns[2] + j[:, None, None] * columns[1] + (i[:, None] * columns[0] + columns[3])
    )[None]
