"""Runs of resting-state fMRI as files: which there are, what their headers and tables say, and whether that can be.

Names are those of BIDS and fMRIPrep: `sub-01_task-rest_space-T1w_desc-preproc_bold.nii.gz` and, beside it,
`sub-01_task-rest_desc-confounds_timeseries.tsv`.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..errors import UserError
from ..files import file_sha256
from ..scan.bids import entities, require_same_person
from ..scan.canonical import to_itk
from ..scan.readers import read_volume
from ..scan.volume import Volume
from ..sentences import say

if TYPE_CHECKING:
    import SimpleITK as sitk

_TIME_UNITS = {0: 1.0, 8: 1.0, 16: 1e-3, 24: 1e-6}
"""Code of the header's time unit -> seconds; none given is taken as seconds."""

_TR_S = (0.2, 5.0)
_SAME_TR_S = 0.01
_FEWEST_VOLUMES = 10
_HEAD_RADIUS_MM = 50.0
"""Turns as mm on a sphere of this radius (Power 2012, 10.1016/j.neuroimage.2011.10.018)."""

_MOTION = ("trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z")
"""fMRIPrep's columns: mm and radians."""

_COMPCOR, _TISSUES = tuple(f"a_comp_cor_{index:02d}" for index in range(5)), ("csf", "white_matter")
_DUMMIES = "non_steady_state_outlier"

_ENDING = "_bold.nii.gz"


class BoldSpace(Enum):
    """Where a run lies: in the T1's own world, in MNI space, or as it was scanned."""

    T1 = "t1"
    MNI = "mni"
    RAW = "raw"


@dataclass(frozen=True)
class Confounds:
    """What moves the signal and is no brain activity.

    motion  mm and radians, shape (T, 6)
    tissue  series of white matter and CSF (aCompCor or means), shape (T, N)
    dummies  volumes at the start that are not steady yet
    has_compcor  whether the tissue's series are aCompCor's
    """

    motion: np.ndarray
    tissue: np.ndarray
    dummies: int
    has_compcor: bool = True

    @property
    def framewise_mm(self) -> np.ndarray:
        """Framewise displacement (Power 2012) in mm, shape (T,), 0 at the first volume."""
        step = np.abs(np.diff(self.motion, axis=0, prepend=self.motion[:1]))
        return step[:, :3].sum(axis=1) + _HEAD_RADIUS_MM * step[:, 3:].sum(axis=1)

    @property
    def series(self) -> np.ndarray:
        """Everything that is regressed out: 24 of motion (Friston 1996), then the tissue's, shape (T, 24 + N)."""
        change = np.diff(self.motion, axis=0, prepend=self.motion[:1])
        six = np.hstack([self.motion, change])
        return np.hstack([six, six**2, self.tissue])


@dataclass(frozen=True)
class BoldRun:
    """One run, its voxels still in the file.

    first  its first volume on its grid, in RAS mm of the T1, of MNI space or of its own, as `space` says
    count  volumes
    moves  how each volume of a raw run lies against the first, once that is known: mm and radians about the middle of
           the grid along its own axes (`on_own_grid`), shape (T, 6)
    """

    path: Path
    space: BoldSpace
    first: Volume
    count: int
    tr_s: float
    confounds: Confounds | None = None
    moves: np.ndarray | None = None

    @property
    def sha256(self) -> str:
        """By which the file is known."""
        return file_sha256(self.path)

    def volumes(self) -> Iterator[np.ndarray]:
        """Every volume, float32, shape (K, J, I); the file is read once, forward. Raises UserError for NaN."""
        import nibabel as nib

        stored = cast(Any, nib.load(self.path, keep_file_open=True)).dataobj
        missing = ~np.isfinite(self.first.array_kji)
        for index in range(self.count):
            values = np.asarray(stored[..., index], np.float32).T
            if not np.array_equal(~np.isfinite(values), missing):
                raise UserError(
                    "{path}: volume {index} has NaN or infinite values elsewhere than the first, so some lie within the"
                    " head; preprocess it again.",
                    path=self.path,
                    index=index,
                )
            whole = np.where(missing, np.float32(0), values) if missing.any() else values
            yield whole if self.moves is None else self._laid_on_first(whole, self.moves[index])

    def _laid_on_first(self, values_kji: np.ndarray, move: np.ndarray) -> np.ndarray:
        """A volume as it would have been, had the head not moved since the first one."""
        import SimpleITK as sitk

        image = self.on_own_grid(values_kji)
        middle = image.TransformContinuousIndexToPhysicalPoint((np.array(image.GetSize()) / 2).tolist())
        rigid = sitk.Euler3DTransform(middle, *move[3:].tolist(), move[:3].tolist())
        return sitk.GetArrayFromImage(sitk.Resample(image, rigid, sitk.sitkLinear))

    def on_own_grid(self, values_kji: np.ndarray) -> "sitk.Image":
        """A volume as an ITK image whose axes are its own, in mm, wherever in the world it lies."""
        return to_itk(Volume(values_kji, np.diag([*self.first.spacing_mm, 1.0])))


def read_run(path: Path, space: str = "", confounds: Path | None = None) -> BoldRun:
    """Read what a run says of itself.

    space      't1', 'mni' or 'raw'; '' as its name says
    confounds  its table; None: the one beside it, which a raw run need not have
    Raises UserError for what is no such run, has no plausible TR, or whose table is of another length.
    """
    first = read_volume(path, 0)
    count, tr_s = _times(path)
    if not np.ptp(np.nan_to_num(first.array_kji)) > 0:
        raise UserError("{path}: its first volume shows nothing; preprocess it again.", path=path)
    found = _space_of(path, space)
    table = confounds or table_beside(path)
    if table is None and found is not BoldSpace.RAW:
        raise UserError("{path}: no table of confounds lies beside it; name it too (--confounds).", path=path)
    run = BoldRun(path, found, first, count, tr_s)
    return run if table is None else replace(run, confounds=_read_table(table, run))


def _space_of(path: Path, given: str) -> BoldSpace:
    if given:
        return BoldSpace(given)
    space = entities(path).get("space", "")
    if not space:
        return BoldSpace.RAW
    if space == "T1w":
        return BoldSpace.T1
    if space.startswith("MNI152"):
        return BoldSpace.MNI
    raise UserError(
        "{path}: its name says space-{space}; give a run in space-T1w or space-MNI152*.", path=path, space=space
    )


def _times(path: Path) -> tuple[int, float]:
    """(volumes, seconds from one to the next)."""
    import nibabel as nib

    image = nib.load(path)
    if not isinstance(image, nib.Nifti1Pair):
        raise UserError("{path}: is no NIfTI file; convert the fMRI to 4-D NIfTI.", path=path)
    shape, header = image.shape, image.header
    if len(shape) != 4 or shape[3] < _FEWEST_VOLUMES:
        held = shape[3] if len(shape) == 4 else 1
        raise UserError(
            "{path}: holds {held}, not a run of resting-state fMRI; give it 4-D.",
            path=path,
            held=say("{count} volumes", count=held) if held > 1 else say("1 volume"),
        )
    unit = int(header["xyzt_units"]) & 0x38
    if unit not in _TIME_UNITS:
        raise UserError(
            "{path}: its fourth axis is not time by its header; give a run of resting-state fMRI.", path=path
        )
    return int(shape[3]), _tr_of(path, float(header["pixdim"][4]) * _TIME_UNITS[unit])


def _tr_of(path: Path, of_header_s: float) -> float:
    """The TR of header and sidecar, which must be one. Raises UserError where they are not, or it is none of fMRI."""
    told = _sidecar(path).get("RepetitionTime")
    try:
        of_sidecar_s = None if told is None else float(told)
    except (TypeError, ValueError) as error:
        raise UserError(
            "{path}: RepetitionTime in its JSON file is {told}, no number; mend it.", path=path, told=str(told)
        ) from error
    tr_s = of_header_s if of_sidecar_s is None else of_sidecar_s
    if of_sidecar_s is not None and of_header_s > 0 and abs(of_header_s - of_sidecar_s) > _SAME_TR_S:
        raise UserError(
            "{path}: its header says a TR of {of_header_s:g} s and its JSON file {of_sidecar_s:g} s; mend one.",
            path=path,
            of_header_s=of_header_s,
            of_sidecar_s=of_sidecar_s,
        )
    low, high = _TR_S
    if not low <= tr_s <= high:
        raise UserError(
            "{path}: its TR of {tr_s:g} s is none of fMRI ({low:g} to {high:g} s); mend it in the header or"
            " in RepetitionTime of the JSON file beside it.",
            path=path,
            tr_s=tr_s,
            low=low,
            high=high,
        )
    return tr_s


def _sidecar(path: Path) -> dict[str, Any]:
    beside = path.with_name(path.name.removesuffix(".gz").removesuffix(".nii") + ".json")
    if not beside.exists():
        return {}
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(
            "{beside}: is no JSON ({error}); mend it or move it away.", beside=beside, error=error
        ) from error
    return found if isinstance(found, dict) else {}


def scanned_as(path: Path) -> str:
    """What of a run's name says when it was scanned: the same whatever space it was brought to."""
    parts = path.name.split("_")[:-1]
    return "_".join(part for part in parts if part.partition("-")[0] not in ("space", "res", "den", "desc"))


def table_beside(path: Path) -> Path | None:
    """fMRIPrep's table of a run's confounds, where it lies beside the run."""
    table = path.with_name(f"{scanned_as(path)}_desc-confounds_timeseries.tsv")
    return table if table.exists() else None


def _require_same_run(table: Path, run: Path) -> None:
    """Raise UserError where two BIDS names are of different runs: confounds of one clean no other."""
    require_same_person(table, run)
    one, two = entities(table), entities(run)
    for key in ("ses", "task", "acq", "dir", "run"):
        if key in one and key in two and one[key].lstrip("0") != two[key].lstrip("0"):
            raise UserError(
                "{path}: is of {key}-{one}, but {name} of {key}-{two}; give each run its own table.",
                path=table,
                key=key,
                one=one[key],
                name=run.name,
                two=two[key],
            )


def _read_table(path: Path, run: BoldRun) -> Confounds:
    _require_same_run(path, run.path)
    columns = _columns(path)
    if len(next(iter(columns.values()))) != run.count:
        raise UserError(
            "{path}: has {rows} rows, but {name} {volumes} volumes; give the table of this run.",
            path=path,
            rows=len(next(iter(columns.values()))),
            name=run.path.name,
            volumes=run.count,
        )
    missing = [name for name in _MOTION if name not in columns]
    if missing:
        raise UserError(
            "{path}: has no column {missing}; give the confounds that fMRIPrep writes.", path=path, missing=missing[0]
        )
    compcor = [name for name in _COMPCOR if name in columns]
    tissue = compcor or [name for name in _TISSUES if name in columns]
    values = {name: _numbers(path, name, columns[name]) for name in (*_MOTION, *tissue)}
    dummies = sum(name.startswith(_DUMMIES) for name in columns)
    stacked = np.column_stack([values[name] for name in tissue]) if tissue else np.empty((run.count, 0))
    return Confounds(np.column_stack([values[name] for name in _MOTION]), stacked, dummies, bool(compcor))


def _columns(path: Path) -> dict[str, list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            names, *rows = filter(None, csv.reader(stream, delimiter="\t"))
    except (ValueError, csv.Error) as error:
        raise UserError("{path}: is no table of confounds; give the TSV that fMRIPrep writes.", path=path) from error
    for number, row in enumerate(rows, 1):
        if len(row) != len(names):
            raise UserError(
                "{path}: row {number} has {held} columns instead of {count}; give fMRIPrep's table as it was.",
                path=path,
                number=number,
                held=len(row),
                count=len(names),
            )
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def _numbers(path: Path, name: str, texts: list[str]) -> np.ndarray:
    try:
        values = np.array(texts, float)
    except ValueError as error:
        raise UserError(
            "{path}: column {name} holds what is no number; give fMRIPrep's table as it was.", path=path, name=name
        ) from error
    if not np.all(np.isfinite(values)):
        raise UserError(
            "{path}: column {name} holds NaN or infinite values; give fMRIPrep's table as it was.", path=path, name=name
        )
    return values


def runs_beside(t1: Path) -> tuple[Path, ...]:
    """The runs of resting state that fMRIPrep wrote for a T1: in its world where there are any, else in MNI space.

    They lie in `func/` beside the T1's `anat/`, or in that of each session. Raises UserError where there are none.
    """
    person = t1.parent.parent
    folders = (person / "func", *sorted(person.glob("ses-*/func")))
    rest = [run for folder in folders for run in sorted(folder.glob("*" + _ENDING)) if "rest" in _task(run)]
    for space in ("T1w", "MNI152"):
        found: dict[str, Path] = {}
        for run in sorted(rest, key=lambda path: "_desc-preproc_" not in path.name):
            if entities(run).get("space", "").startswith(space):
                found.setdefault(scanned_as(run), run)  # one scan, though it lies there smoothed and in two spaces too
        if found:
            return tuple(sorted(found.values()))
    raise UserError(
        "{t1}: no preprocessed run of resting state lies in {person}; name the runs with --bold.",
        t1=t1,
        person=person / "func",
    )


def _task(run: Path) -> str:
    return entities(run).get("task", "").lower()
