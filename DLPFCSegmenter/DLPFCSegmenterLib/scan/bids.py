"""A tree of scans in BIDS: which T1 scans it holds, and the parts of a BIDS name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UserError

DESCRIPTION_FILE = "dataset_description.json"
ABSENT = "none"
"""As the value that a filter asks for: the name has no such part."""

_T1_ENDINGS = ("_t1w.nii.gz", "_t1w.nii")
"""In small letters: some programs write `.NII.GZ`."""

_PLACES = ("sub-*/anat", "sub-*/ses-*/anat")
_LONG_NAMES = {
    "subject": "sub", "session": "ses", "acquisition": "acq", "ceagent": "ce", "reconstruction": "rec",
    "description": "desc", "resolution": "res", "inversion": "inv",
}  # fmt: skip
_PARTS = frozenset(
    "sub ses sample task tracksys acq nuc voi ce trc stain rec dir run mod echo flip inv mt part proc hemi space split"
    " recording chunk seg res den label desc".split()
)
"""Of names, in BIDS 1.10."""

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


def name_of_derivatives(path: Path) -> str:
    """What the names of a T1 scan's derivatives begin with, whichever of the person's spaces its own name tells."""
    return re.sub(r"_space-[^_]+", "", stem_of(path))


def is_bids(root: Path) -> bool:
    """Whether a folder is the root of a BIDS tree: it says so, or its T1 scans lie as in one."""
    return (root / DESCRIPTION_FILE).is_file() or next(_t1s(root), None) is not None


def t1s_in(root: Path, choice: BidsChoice = EVERYBODY) -> list[Path]:
    """The T1w images of a tree that are wanted, sorted; of raw people, not of `derivatives/` or `sourcedata/`.

    Images in another space than the person's own, and phases, are left out. Raises UserError where there are none, for
    a participant, session or part of a name that is not there, and for a name that contradicts its folder or another
    one's.
    """
    present = list(_t1s(root))
    wanted = {"sub": _labels(choice.participants, "sub-"), "ses": _labels(choice.sessions, "ses-")}
    for key, labels in wanted.items():
        _require_present(root, key, labels, present)
    _require_known(root, choice.filters, present)
    chosen = {key: labels for key, labels in wanted.items() if labels}
    found = sorted(path for path in present if all(_fits(entities(path), each) for each in (choice.filters, chosen)))
    if not found:
        raise UserError(
            "{root}: holds no T1w scan that was asked for; check the tree, the participants and filters.", root=root
        )
    names = {name_of_derivatives(path): path for path in found}
    for path in found:
        _require_own_place(root, path)
        other = names[name_of_derivatives(path)]
        if other != path:
            raise UserError(
                "{path}: {name} beside it has the same name; take one of them away, or leave it out with --filter.",
                path=path,
                name=other.name,
            )
    return found


def people_without_t1(root: Path) -> list[str]:
    """Participants of a tree, 'sub-01', of whom it holds no T1w scan at all."""
    with_t1 = {f"sub-{entities(path).get('sub')}" for path in _t1s(root)}
    return sorted(path.name for path in root.glob("sub-*") if path.is_dir() and path.name not in with_t1)


def filters_of(words: list[str]) -> dict[str, tuple[str, ...]]:
    """'acq=mprage,mp2rage' and the like as filters. Raises UserError for a word of another form."""
    filters: dict[str, tuple[str, ...]] = {}
    for word in words:
        key, equals, values = word.partition("=")
        if not (key and equals and values):
            raise UserError(
                "--filter {word}: give a part of the name and its values, such as acq=mprage or run=1,2.", word=word
            )
        key = _LONG_NAMES.get(key, key)
        filters[key] = (*filters.get(key, ()), *values.split(","))
    return filters


def _t1s(root: Path) -> Iterator[Path]:
    for place in _PLACES:
        yield from filter(_is_t1_of_person, root.glob(f"{place}/*"))


def _is_t1_of_person(path: Path) -> bool:
    """What begins with a dot is no scan: macOS leaves such a file beside each on a disk of another system."""
    if path.name.startswith(".") or not path.name.lower().endswith(_T1_ENDINGS):
        return False
    parts = entities(path)
    return parts.get("space", "") in _OWN_SPACES and parts.get("part", "") not in _NO_MAGNITUDES


def _labels(given: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    return tuple(label.removeprefix(prefix) for label in given)


def _require_present(root: Path, key: str, labels: tuple[str, ...], paths: list[Path]) -> None:
    missing = sorted(set(labels) - {entities(path).get(key) for path in paths})
    if missing:
        named = ", ".join(f"{key}-{label}" for label in missing)
        raise UserError("{root}: holds no T1w scan of {named}; check the labels.", root=root, named=named)


def _require_known(root: Path, filters: Mapping[str, tuple[str, ...]], paths: list[Path]) -> None:
    """Whoever misspells a part of a name gets nobody, or with 'none' everybody, and would not notice."""
    there = {key for path in paths for key in entities(path)}
    unknown = sorted(filters.keys() - there - _PARTS)
    if unknown:
        raise UserError(
            "{root}: no T1w scan's name has a part {unknown} to filter by; they have {known}.",
            root=root,
            unknown=", ".join(unknown),
            known=", ".join(sorted(there)),
        )


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
