"""A tree of scans in BIDS: which T1 scans it holds, and the parts of a BIDS name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UserError

DESCRIPTION_FILE = "dataset_description.json"
ABSENT = "none"
"""As the value that a filter asks for: the name has no such part."""

_T1_ENDINGS = ("_T1w.nii.gz", "_T1w.nii")
_PLACES = ("sub-*/anat", "sub-*/ses-*/anat")
_LONG_NAMES = {
    "subject": "sub", "session": "ses", "acquisition": "acq", "ceagent": "ce", "reconstruction": "rec",
    "description": "desc", "resolution": "res", "inversion": "inv",
}  # fmt: skip
_OWN_SPACES = ("", "T1w", "orig", "individual", "scanner")
_COUNTED = ("run", "echo", "inv", "flip")
_NO_MAGNITUDES = ("phase", "real", "imag")


@dataclass(frozen=True)
class BidsChoice:
    """Which scans of a tree are wanted; what is empty leaves nothing out.

    participants, sessions  labels, with or without 'sub-' and 'ses-'
    filters                 part of a name, such as 'acq' or 'run' -> the values that it may have
    """

    participants: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


EVERYBODY = BidsChoice()


def entities(path: Path) -> dict[str, str]:
    """The parts of a BIDS name: 'sub-01_task-rest_bold.nii.gz' -> {'sub': '01', 'task': 'rest'}."""
    parts = (part.partition("-") for part in path.name.split("_")[:-1])
    return {key: value for key, dash, value in parts if dash}


def stem_of(path: Path) -> str:
    """A T1 scan's name without its suffix: 'sub-01_ses-02' of 'sub-01_ses-02_T1w.nii.gz'."""
    return path.name.rpartition("_")[0]


def is_bids(root: Path) -> bool:
    """Whether a folder is the root of a BIDS tree: it says so, or its T1 scans lie as in one."""
    return (root / DESCRIPTION_FILE).is_file() or next(_t1s(root), None) is not None


def t1s_in(root: Path, choice: BidsChoice = EVERYBODY) -> list[Path]:
    """The T1w images of a tree that are wanted, sorted; of raw people, not of `derivatives/` or `sourcedata/`.

    Images in another space than the person's own, and phases, are left out. Raises UserError where there are none, for
    a participant or session that is not there, and for a name that contradicts its folder or another one's.
    """
    present = list(_t1s(root))
    wanted = {"sub": _labels(choice.participants, "sub-"), "ses": _labels(choice.sessions, "ses-")}
    for key, labels in wanted.items():
        _require_present(root, key, labels, present)
    filters = {**choice.filters, **{key: labels for key, labels in wanted.items() if labels}}
    found = sorted(path for path in present if _fits(entities(path), filters))
    if not found:
        raise UserError(
            "{root}: holds no T1w scan that was asked for; check the tree, the participants and filters.", root=root
        )
    stems = {stem_of(path): path for path in found}
    for path in found:
        _require_own_place(root, path)
        if stems[stem_of(path)] != path:
            raise UserError(
                "{path}: {name} beside it has the same name; take one of them away.",
                path=path,
                name=stems[stem_of(path)].name,
            )
    return found


def filters_of(words: list[str]) -> dict[str, tuple[str, ...]]:
    """'acq=mprage,mp2rage' and the like as filters. Raises UserError for a word of another form."""
    filters = {}
    for word in words:
        key, equals, values = word.partition("=")
        if not (key and equals and values):
            raise UserError(
                "--filter {word}: give a part of the name and its values, such as acq=mprage or run=1,2.", word=word
            )
        filters[_LONG_NAMES.get(key, key)] = tuple(values.split(","))
    return filters


def _t1s(root: Path) -> Iterator[Path]:
    for place in _PLACES:
        for ending in _T1_ENDINGS:
            yield from (path for path in root.glob(f"{place}/*{ending}") if _is_t1_of_person(entities(path)))


def _is_t1_of_person(parts: Mapping[str, str]) -> bool:
    return parts.get("space", "") in _OWN_SPACES and parts.get("part", "") not in _NO_MAGNITUDES


def _labels(given: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    return tuple(label.removeprefix(prefix) for label in given)


def _require_present(root: Path, key: str, labels: tuple[str, ...], paths: list[Path]) -> None:
    missing = sorted(set(labels) - {entities(path).get(key) for path in paths})
    if missing:
        named = ", ".join(f"{key}-{label}" for label in missing)
        raise UserError("{root}: holds no T1w scan of {named}; check the labels.", root=root, named=named)


def _require_own_place(root: Path, path: Path) -> None:
    """Whose scan it is must be told alike by its name and by its folders."""
    parts, folders = entities(path), path.relative_to(root).parts[:-2]
    told = [f"{key}-{parts[key]}" for key in ("sub", "ses") if key in parts]
    if list(folders) != told:
        raise UserError(
            "{path}: lies in {folders}, but is named {stem}; give it the name of its person and session.",
            path=path,
            folders="/".join(folders),
            stem=stem_of(path),
        )


def _fits(parts: Mapping[str, str], filters: Mapping[str, tuple[str, ...]]) -> bool:
    """Run '1' is run '01', and so with echo and inversion, which BIDS counts; person '1' is not person '01'."""
    for key, values in filters.items():
        has = parts.get(key, ABSENT)
        counted = key in _COUNTED and has.isdigit()
        if not any(int(value) == int(has) if counted and value.isdigit() else value == has for value in values):
            return False
    return True


def require_same_person(path: Path, other: Path) -> None:
    """Raise UserError where two BIDS names are of different people."""
    one, two = entities(path).get("sub"), entities(other).get("sub")
    if one and two and one != two:
        raise UserError(
            "{path}: is of sub-{one}, but {name} of sub-{two}; give files of one person.",
            path=path,
            one=one,
            name=other.name,
            two=two,
        )
