"""The target that a person's own connectivity chooses inside the mask: from runs of fMRI to a choice and its trust."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import UserError
from ..geometry.spaces import transform_points
from ..options import CircuitChoices
from ..progress import SILENT, Progress
from ..scan.bids import entities, require_same_person
from ..scan.volume import Volume, voxel_points_ras_mm
from ..targeting.scalp import Scalp
from .alignment import HeadOnGrid, laid_on
from .bold import BoldSpace, read_run, runs_beside, scanned_as, table_beside
from .choice import SEARCHLIGHT_MM, CircuitTarget, SearchRegion
from .cleaning import CleanRun, RunQuality, clean_run, repeats
from .given_transform import read_transform, require_same_template
from .places import Places, ToMni, linear_to_mni, places_in, require_nilearn
from .seeds import SeedSignal, map_seed, map_weights, sgc_places, sphere_seed
from .trust import (
    LEAST_MINUTES,
    LEAST_TSNR_SGC,
    MOST_CHANCE,
    MOST_HALVES_MM,
    MOST_LOST_MASK,
    MOST_RADIUS_MM,
    Trust,
    block_sums,
    blocks_of,
    trust_in,
)

REACH_MM = 35.0
"""A coil is taken to reach so deep below the scalp."""

_FEWEST_REACHED = 0.1


@dataclass(frozen=True)
class CircuitSide:
    """What the fMRI says of one side.

    targets   best first, at most three; none where nothing in the mask goes against the SGC
    trust     how far the first one may be trusted; None where there is none
    sites_z   key of another place, such as 'centroid' or 'mni_ba46' -> its mean z over 5 mm; where it was not
              measured it is missing
    warnings  why the choice is not reliable, and what else is doubtful
    reliable  whether the target may be chosen by it
    """

    targets: tuple[CircuitTarget, ...]
    trust: Trust | None
    sites_z: dict[str, float] = field(default_factory=dict)
    warnings: tuple[Doubt, ...] = ()
    reliable: bool = False

    def moved(self, matrix: np.ndarray) -> "CircuitSide":
        """The same in another world, by a 4x4."""
        at = tuple(
            replace(each, position_ras_mm=transform_points(matrix, each.position_ras_mm)) for each in self.targets
        )
        return replace(self, targets=at)

    def of_another_mask(self, hemisphere: str) -> "CircuitSide":
        """The same once the mask was changed: not to be chosen any more."""
        return replace(self, reliable=False, warnings=(*self.warnings, doubt("circuit_old_mask", hemisphere)))


@dataclass(frozen=True)
class Circuit:
    """What the fMRI says of a scan.

    seed_places  how many places the seed is made of
    z_map        correlation (Fisher's z) with the seed in the grey matter of the whole brain, on a lattice of 4 mm in
                 the scan's world, NaN elsewhere; None in a plan that was read
    """

    choices: CircuitChoices
    runs: tuple[RunQuality, ...]
    seed_places: int
    z_map: Volume | None = None
    warnings: tuple[Doubt, ...] = ()

    @property
    def minutes(self) -> float:
        """Clean data of all runs."""
        return sum(run.minutes for run in self.runs)


@dataclass(frozen=True)
class Asked:
    """What is searched, and where.

    masks         hemisphere -> bool, shape (K, J, I), on the scan's grid
    ras_from_mni  4x4, of the head's frame
    sites_ras_mm  hemisphere -> key -> place to be compared, shape (3,)
    """

    scan: Volume
    masks: Mapping[str, np.ndarray]
    ras_from_mni: np.ndarray
    scalp: Scalp | None = None
    sites_ras_mm: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)


def run_paths(t1: Path, choices: CircuitChoices) -> tuple[Path, ...]:
    """The runs that are looked at. Raises UserError where there are none, one is missing, or nilearn is."""
    require_nilearn()
    paths = choices.bold or runs_beside(t1)
    if choices.confounds and len(choices.confounds) != len(paths):
        raise UserError(
            "Runs of fMRI: {runs}, tables of confounds: {tables}; give one table for each run, in the same order.",
            runs=len(paths),
            tables=len(choices.confounds),
        )
    _refuse_twice(paths)
    for path in (*paths, *choices.confounds, *filter(None, (choices.group_map, choices.mni_transform))):
        if not path.is_file():
            raise UserError("{path}: no such file; check the path.", path=path)
        require_same_person(path, t1)
    require_same_template(paths, choices.mni_transform)
    return paths


def _refuse_twice(paths: tuple[Path, ...]) -> None:
    """Raise UserError for a run that is given twice, if only in another space: its minutes would count twice."""
    known: dict[Path, Path] = {}
    for path in paths:
        whole = path.resolve()
        scanned = whole.with_name(scanned_as(path)) if entities(path).get("sub") else whole
        if scanned in known:
            raise UserError(
                "{path}: is the same run as {other}; give each run once.", path=path, other=known[scanned].name
            )
        known[scanned] = path


def fmri_files(t1: Path, choices: CircuitChoices) -> tuple[Path, ...]:
    """Runs, tables, map and transform that the choices stand for. Raises UserError as `run_paths`."""
    runs = run_paths(t1, choices)
    tables = choices.confounds or map(table_beside, runs)
    return (*runs, *filter(None, (*tables, choices.group_map, choices.mni_transform)))


def find_circuit(
    asked: Asked, choices: CircuitChoices, progress: Progress = SILENT
) -> tuple[Circuit, dict[str, CircuitSide]]:
    """Read and clean the runs, correlate, choose and judge; beside what holds of the scan, what holds of each side.

    Raises UserError for runs, tables, maps and transforms that cannot be used, and where nilearn is missing.
    """
    paths = run_paths(Path(asked.scan.source), choices)  # what is missing is said before the long work
    head = HeadOnGrid.of(asked.scan, asked.ras_from_mni)
    to_mni, doubts = _to_mni(asked, head, choices.mni_transform)
    places = places_in(asked.scan, dict(asked.masks), to_mni)
    sgc = sgc_places(places)
    data = _data(paths, head, choices, places, sgc, progress)
    seed = _seed(data, choices, places, sgc)
    grey_z = fisher(seed.series @ data.series[:, places.grey] / len(data.series))
    grey_z = np.where(data.seen[places.grey], grey_z, np.nan)
    sides = {name: _side(name, asked, choices, places, data, seed, grey_z) for name in asked.masks}
    return Circuit(choices, data.runs, seed.places, places.on_lattice(grey_z), doubts + data.doubts), sides


@dataclass(frozen=True)
class _Data:
    """The clean series of all runs, one after the other, z-scored, shape (T, P), and which places have a signal.

    doubts  what is doubtful about whose the runs are and where they lie
    """

    series: np.ndarray
    seen: np.ndarray
    runs: tuple[RunQuality, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def minutes(self) -> float:
        """Clean minutes of all runs."""
        return sum(run.minutes for run in self.runs)


def _data(
    paths: tuple[Path, ...],
    head: HeadOnGrid,
    choices: CircuitChoices,
    places: Places,
    sgc: np.ndarray,
    progress: Progress,
) -> _Data:
    cleaned: list[CleanRun] = []
    doubts: list[Doubt] = []
    for path, table in zip(paths, choices.confounds or (None,) * len(paths), strict=True):
        run, said = laid_on(read_run(path, choices.bold_space, table), head, progress)
        if run.space is BoldSpace.MNI and choices.mni_transform is None:
            said = (*said, doubt("bold_by_affine", name=path.name))
        if run.confounds is not None and not run.confounds.has_compcor:
            said = (*said, doubt("bold_no_compcor", name=path.name, count=run.confounds.tissue.shape[1]))
        cleaned.append(clean_run(run, places, sgc, choices.global_signal, progress))
        doubts += said
    _refuse_repeated(paths, cleaned)
    seen = np.all([run.seen for run in cleaned], axis=0)
    series = np.concatenate([run.series for run in cleaned])
    return _Data(series, seen, tuple(run.quality for run in cleaned), tuple(doubts))


def _refuse_repeated(paths: tuple[Path, ...], cleaned: list[CleanRun]) -> None:
    """Raise UserError where data stand twice, in two runs or in one, whatever the files are called."""
    for path, run in zip(paths, cleaned, strict=True):
        if repeats(*np.array_split(run.series, 2)):
            raise UserError("{path}: holds the same data twice; give the run as it was scanned.", path=path)
    for (one, first), (other, second) in combinations(zip(paths, cleaned, strict=True), 2):
        if repeats(first.series, second.series):
            raise UserError("{path}: is the same run as {other}; give each run once.", path=other, other=one.name)


def _to_mni(asked: Asked, head: HeadOnGrid, path: Path | None) -> tuple[ToMni, tuple[Doubt, ...]]:
    """By the head's frame, or by a transform of the user's, and what is doubtful about that."""
    if path is None:
        return linear_to_mni(asked.ras_from_mni), ()
    in_masks = np.concatenate([voxel_points_ras_mm(asked.scan, mask) for mask in asked.masks.values()])
    return read_transform(path, head, in_masks)


def _seed(data: _Data, choices: CircuitChoices, places: Places, sgc: np.ndarray) -> SeedSignal:
    if choices.seed == "sphere":
        return sphere_seed(data.series, data.seen, sgc)
    return map_seed(data.series, data.seen, map_weights(places, choices.group_map))


def fisher(r: np.ndarray) -> np.ndarray:
    """Fisher's z of correlations."""
    return np.arctanh(np.clip(r, -0.999, 0.999))


def _side(
    name: str, asked: Asked, choices: CircuitChoices, places: Places, data: _Data, seed: SeedSignal, grey_z: np.ndarray
) -> CircuitSide:
    mask, part = asked.masks[name], places.masks[name]
    reached, doubts = _reached(places.ras_mm[part], asked.scalp, name)
    region = SearchRegion(asked.scan, mask, reached & data.seen[part])
    series = data.series[:, part]
    sums = block_sums(seed.series, series, blocks_of([(run.kept, run.tr_s) for run in data.runs]))
    targets = region.choose(sums.z(np.ones(len(sums.n))), choices.rule)
    trust = trust_in(seed.series, series, sums, region, choices.rule) if targets else None
    reasons = _reasons(name, data, trust)
    sites = {
        key: z
        for key, at in asked.sites_ras_mm.get(name, {}).items()
        if (z := _z_around(places, grey_z, at)) is not None
    }
    return CircuitSide(targets, trust, sites, (*reasons, *doubts), not reasons)


def _reached(points_ras_mm: np.ndarray, scalp: Scalp | None, hemisphere: str) -> tuple[np.ndarray, tuple[Doubt, ...]]:
    """Which places a coil reaches, and what is doubtful about that."""
    if scalp is None:
        return np.ones(len(points_ras_mm), bool), (doubt("circuit_no_scalp", hemisphere),)
    from scipy.spatial import cKDTree
    from vtk.util.numpy_support import vtk_to_numpy

    skin = vtk_to_numpy(scalp.surface.GetPoints().GetData())
    reached = cKDTree(skin).query(points_ras_mm)[0] <= REACH_MM
    if reached.mean() < _FEWEST_REACHED:
        return np.ones(len(points_ras_mm), bool), (doubt("circuit_deep", hemisphere, depth=REACH_MM),)
    return reached, ()


def _z_around(places: Places, grey_z: np.ndarray, at_ras_mm: np.ndarray) -> float | None:
    """Mean z of the grey matter within 5 mm, or None where none was seen."""
    near = np.linalg.norm(places.ras_mm[places.grey] - at_ras_mm, axis=1) <= SEARCHLIGHT_MM
    values = grey_z[near][np.isfinite(grey_z[near])]
    return float(values.mean()) if len(values) else None


def _reasons(hemisphere: str, data: _Data, trust: Trust | None) -> tuple[Doubt, ...]:
    """Why the choice is not reliable, none where it is."""
    tsnr = min(run.tsnr_sgc for run in data.runs)
    doubted = {each.key for each in data.doubts}
    wrong = [doubt("circuit_whose", hemisphere)] if "bold_whose" in doubted else []
    wrong += [doubt("circuit_off", hemisphere)] if "bold_off" in doubted else []
    if data.minutes < LEAST_MINUTES:
        wrong.append(doubt("circuit_short", hemisphere, minutes=data.minutes, least=LEAST_MINUTES))
    if tsnr < LEAST_TSNR_SGC:
        wrong.append(doubt("circuit_tsnr", hemisphere, tsnr=tsnr, least=LEAST_TSNR_SGC))
    lost = max(run.lost_mask for run in data.runs)
    if lost > MOST_LOST_MASK:
        wrong.append(doubt("circuit_mask", hemisphere, lost=lost, most=MOST_LOST_MASK))
    if trust is None:
        return (*wrong, doubt("circuit_nothing", hemisphere))
    if trust.chance > MOST_CHANCE:
        wrong.append(doubt("circuit_chance", hemisphere, chance=trust.chance))
    if trust.radius_mm > MOST_RADIUS_MM:
        wrong.append(doubt("circuit_radius", hemisphere, radius=trust.radius_mm, most=MOST_RADIUS_MM))
    if trust.halves_mm is not None and trust.halves_mm > MOST_HALVES_MM:
        wrong.append(doubt("circuit_halves", hemisphere, away=trust.halves_mm, most=MOST_HALVES_MM))
    return tuple(wrong)
