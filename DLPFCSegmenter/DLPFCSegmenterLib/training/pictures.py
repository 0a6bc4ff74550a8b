"""Annotated pictures as a network is shown slices: at its scale, with the wanted side on the picture's left.

What a picture's pixels do not say (their size, the side shown, the person) stands in a table beside the annotation file
(`TABLE`, a row a picture, columns `COLUMNS`), in VIA's file attributes of these names, or is told for all of them
(`Told`), in this order. Nothing is guessed: what is not said is asked for. The top row is the front of the head, or the
crown.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..files import told_as_damaged
from ..geometry.sides import SIDES
from ..labels.splits import subject_id
from ..networks.configuration import MaskRCNNConfig
from ..networks.frame import normalise, sample
from ..scan.canonical import find_head, head_intensity
from ..scan.volume import Volume
from ..sentences import Texts, say
from ..terminology import region_called
from .augment import SLICES, Raw, random_contrast, random_pose
from .subjects import TrainingSlice, training_slice
from .via import ViaImage, read_via

TABLE = "slices.csv"

COLUMNS = ("file", "scan", "subject", "plane", "position_mm", "pixel_mm", "left_on", "front_on", "hemisphere")
"""Of the table: the picture as VIA calls it; the T1 file; the person; axial, coronal or sagittal; the slice's place on
its normal, growing to the right, front or top; size of a pixel in mm (or width and height); on which side of the
picture, left or right, lies the person's left, or in sagittal slices the front; whose region is outlined where that is
not to be told by the head's middle."""

_MIDLINE_MM = 3.0
"""A shape whose middle is nearer than this to the head's middle is on neither side for sure."""

_PIXELS_MM = (0.05, 10.0)
"""Sizes that pixels of a head have."""

_WIDTHS_MM = (60.0, 300.0)
"""What a head's slices are wide, from the crown to the length of the largest."""

_OVER_MM = 15.0
"""A shape whose middle is so far on the other side than is said is none of that side."""

_APART_MM = 0.1
"""No two slices of a stack are nearer."""


@dataclass(frozen=True)
class Told:
    """What holds for all pictures of an annotation file about which nothing else is said.

    table   file of columns `COLUMNS`; by default `TABLE` beside the annotations, where it is
    person  pattern that finds the person in a picture's name: its first group, or all that it matches
    label   class of the shapes to learn; needed where there are several
    others  as the columns of the same names
    """

    table: Path | None = None
    pixel_mm: str = ""
    left_on: str = ""
    front_on: str = ""
    hemisphere: str = ""
    plane: str = "axial"
    person: str = ""
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """One annotated slice, for one side of the head.

    grey      float32 (S, rows, columns): the slice between its neighbours, or alone
    region    float32 (rows, columns), 1 in the region of that side
    mean, sd  grey values that stand for 0 and 1
    subject   the person it shows
    pixel_mm  width and height of a pixel
    middle    column and row that come to lie in the middle of what the network is shown
    flipped   whether left and right are exchanged, so that the region lies on the left
    """

    grey: np.ndarray
    region: np.ndarray
    mean: float
    sd: float
    subject: str
    pixel_mm: tuple[float, float]
    middle: tuple[float, float]
    flipped: bool = False


@dataclass(frozen=True)
class PictureSource:
    """Random slices out of pictures; `with_region` is the share of slices that show the region."""

    pictures: Sequence[Picture]
    config: MaskRCNNConfig
    with_region: float = 0.75

    def draw(self, rng: np.random.Generator) -> TrainingSlice:
        """A picture in a random pose within its plane and with a random contrast."""
        shown = [p for p in self.pictures if p.region.any()]
        group = shown if shown and rng.random() < self.with_region else self.pictures
        return picture_slice(group[int(rng.integers(len(group)))], self.config, rng)


def picture_slice(picture: Picture, config: MaskRCNNConfig, rng: np.random.Generator | None = None) -> TrainingSlice:
    """A picture on the network's pixels; as it is without `rng`, else in a random pose and contrast."""
    settings = replace(config.augmentation, tilt_deg=0.0, skull_strip=0.0, synthetic_contrast=0.0)
    pose = np.eye(4) if rng is None else random_pose(rng, settings, np.zeros(3))
    points = _pixel_places(picture, config, pose)
    region = sample(picture.region[None], points[0]) > 0.5
    values = sample(picture.grey, points)
    raw = Raw(values, np.zeros(values.shape, np.uint8), picture.mean, picture.sd)
    image = normalise(values, picture.mean, picture.sd) if rng is None else random_contrast(rng, settings, raw, SLICES)
    return training_slice(image, np.zeros(region.shape, np.uint8), region)


def _pixel_places(picture: Picture, config: MaskRCNNConfig, pose: np.ndarray) -> np.ndarray:
    """Where the network's pixels lie in a picture and its neighbours.

    pose  4x4, mm in the plane about the middle
    The result is float32 (S, rows, columns, 3): column, row and number of the neighbour.
    """
    rows, columns = config.image_size
    x, y = np.meshgrid(np.arange(columns) - (columns - 1) / 2, np.arange(rows) - (rows - 1) / 2)
    flat_mm = np.stack([x, y], axis=-1) * config.pixel_mm @ pose[:2, :2].T + pose[:2, 3]
    width, height = picture.pixel_mm
    flat = flat_mm / (-width if picture.flipped else width, height) + picture.middle
    numbers = [np.full((rows, columns, 1), number) for number in range(len(picture.grey))]
    return np.stack([np.concatenate([flat, n], axis=-1) for n in numbers]).astype(np.float32)


@dataclass(frozen=True)
class Facts:
    """What is known of a picture beside its pixels; the fields are those of `COLUMNS`, checked."""

    scan: str
    subject: str
    plane: str
    pixel_mm: tuple[float, float]
    left_on: str
    hemisphere: str
    place_mm: float | None
    grey_levels: tuple[float, float] | None


@dataclass(frozen=True)
class _Seen:
    """A picture, what is known of it, and what is outlined on either side, each (rows, columns)."""

    path: Path
    grey: np.ndarray
    facts: Facts
    sides: Mapping[str, np.ndarray]

    def is_beside(self, other: "_Seen") -> bool:
        """Whether both lie in one stack."""
        return self.stack == other.stack

    @property
    def stack(self) -> tuple:
        """What all slices of a stack have in common; another scan of a person is another stack."""
        of = self.facts
        return of.scan, of.subject, of.plane, of.left_on, of.pixel_mm, self.grey.shape


def read_pictures(annotations: Path, config: MaskRCNNConfig, told: Told | None = None) -> list[Picture]:
    """All pictures of a VIA file; neighbouring slices of one person are shown together.

    A person whose both sides are outlined gives each picture twice: as it is, and mirrored with the right region on
    the left, as the network is shown right hemispheres. Of a side that is nowhere outlined nothing is known.
    Raises UserError where nothing is outlined, or where scale, side, person or class are not said.
    """
    told = told or Told()
    entries = read_via(annotations, keep_empty=True)
    label = chosen_class(annotations, entries, told.label)
    table = _table_of(annotations, told)
    seen = [_seen(entry, facts_of(entry, table, told, config), label) for entry in entries]
    _require_planes(annotations, seen, config)
    stacks: dict[tuple, list[_Seen]] = {}
    for each in seen:
        stacks.setdefault(each.stack, []).append(each)
    _require_head_sizes(stacks.values())
    _require_places_apart(stacks.values())
    known = {(each.facts.subject, side) for each in seen for side in each.sides}
    if not known:
        raise UserError("{annotations}: no region is outlined in any of its pictures.", annotations=annotations)
    return [
        _picture(each, side, seen, config)
        for each in seen
        for side in SIDES
        if (each.facts.subject, side) in known and each.facts.hemisphere in ("", side)
    ]


def classes_of(entries: Sequence[ViaImage]) -> list[str]:
    """The classes of all shapes, in small letters."""
    return sorted({label.lower() for entry in entries for region in entry.regions for label in region.labels})


def chosen_class(annotations: Path, entries: Sequence[ViaImage], wanted: str) -> str | None:
    """The class to learn, None where the shapes have none or all the same.

    Raises UserError where there are several and none is wanted, where no shape is of the one that is, or where a
    shape has no class and others have one.
    """
    named = classes_of(entries)
    if wanted and wanted.lower() not in named:
        raise UserError(
            "{annotations}: no shape is of the class '{wanted}'; it has {named}.",
            annotations=annotations,
            wanted=wanted,
            named=", ".join(named) or say("none"),
        )
    if len(named) > 1 and not wanted:
        raise UserError(
            "{annotations}: has shapes of the classes {named}; name the one to learn with --class.",
            annotations=annotations,
            named=", ".join(named),
        )
    for entry in entries if named else ():
        for number, region in enumerate(entry.regions):
            if not region.labels:
                raise UserError(
                    "{annotations}: entry '{name}', region {number} has no class, where others have one; give it one in"
                    " VIA.",
                    annotations=annotations,
                    name=entry.path.name,
                    number=number,
                )
    return wanted if len(named) > 1 else None


def region_outlined(entries: Sequence[ViaImage], wanted: str) -> str:
    """What the region of the chosen class is called; the DLPFC where the shapes have none."""
    return region_called(wanted or "".join(classes_of(entries)))


Table = Mapping[str, Mapping[str, str]]
"""Picture -> column -> what stands there."""


def _table_of(annotations: Path, told: Told) -> Table:
    beside = annotations.parent / TABLE
    if told.table is None and not beside.is_file():
        return {}
    return read_table(told.table or beside)


def read_table(path: Path) -> Table:
    """A table of pictures, with commas, semicolons or tabs. Raises UserError for a file that is none."""
    with told_as_damaged(path, say("this table of pictures"), say("save it as CSV with a header")):
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            raise UserError("{path}: cannot be read ({error}).", path=path, error=error) from error
        separator = max(",;\t", key=lines[0].count) if lines else ","
        rows = list(csv.DictReader(lines, delimiter=separator))
    if not rows or "file" not in rows[0]:
        raise UserError("{path}: has no column 'file' with the pictures' names.", path=path)
    table: dict[str, dict[str, str]] = {}
    for row in rows:
        about = {name: (text or "").strip() for name, text in row.items() if name}
        if table.setdefault(row["file"], about) != about:
            raise UserError("{path}: says different things of {file}; keep one row.", path=path, file=row["file"])
    return table


def facts_of(entry: ViaImage, table: Table, told: Told, config: MaskRCNNConfig) -> Facts:
    """What is known of a picture. Raises UserError that says what is missing or makes no sense."""
    row = table.get(entry.name) or table.get(entry.path.name) or {}
    require_told_size(entry, row)
    about = {name: text for name, text in vars(told).items() if isinstance(text, str)}
    about |= {name: text for source in (entry.attributes, row) for name, text in source.items() if text}
    plane = about["plane"].lower()
    sagittal = plane == "sagittal"
    shown = _one_of(entry, "front_on" if sagittal else "left_on", about, needed=True)
    return Facts(
        scan=about.get("scan", ""),
        subject=_subject(entry, about),
        plane=plane,
        pixel_mm=_pixel_mm(entry, about.get("pixel_mm", "")),
        # A sagittal slice with the front on the left is as the network sees it: so are others with the left there.
        left_on=shown,
        hemisphere=_one_of(entry, "hemisphere", about, needed=sagittal),
        place_mm=_place_mm(entry, about, config),
        grey_levels=_grey_levels(entry, about),
    )


def require_told_size(entry: ViaImage, row: Mapping[str, str]) -> None:
    """Raise UserError for a picture that has not the rows and columns that its table tells: its scale is another."""
    told = row.get("rows"), row.get("columns")
    if all(told) and told != tuple(map(str, entry.picture().shape)):
        raise UserError(
            "{path}: has another size than `dlpfc slices` gave it; outline the pictures as they were.", path=entry.path
        )


def _missing(entry: ViaImage, name: str, why: str) -> UserError:
    return UserError(
        "{path}: {why}; say it with --{flag}, in the column '{name}' of {table}, or as a file attribute in VIA.",
        path=entry.path,
        why=why,
        flag=name.replace("_", "-"),
        name=name,
        table=TABLE,
    )


_UNSAID: Texts = {
    "left_on": say("on which side of it the person's left lies is not known"),
    "front_on": say("on which side of it the front of the head lies is not known"),
    "hemisphere": say("which hemisphere it shows is not known"),
}


def _one_of(entry: ViaImage, name: str, about: Mapping[str, str], needed: bool) -> str:
    value = about.get(name, "").lower()
    if value not in SIDES and (value or needed):
        wrong = say("'{value}' is neither left nor right", value=value)
        raise _missing(entry, name, wrong if value else _UNSAID[name])
    return value


def _pixel_mm(entry: ViaImage, text: str) -> tuple[float, float]:
    """Width and height."""
    if not text:
        raise _missing(entry, "pixel_mm", say("the size of its pixels is not known"))
    try:
        sizes = [float(word) for word in text.split()]
    except ValueError:
        sizes = []
    if len(sizes) not in (1, 2) or not all(_PIXELS_MM[0] <= size <= _PIXELS_MM[1] for size in sizes):
        raise _missing(entry, "pixel_mm", say("'{text}' is no size of a pixel in mm", text=text))
    return sizes[0], sizes[-1]


def _subject(entry: ViaImage, about: Mapping[str, str]) -> str:
    named = about.get("subject") or (subject_id(Path(about["scan"])) if about.get("scan") else "")
    found = _search(about["person"], entry.path.name) if about.get("person") and not named else None
    named = named or (found[found.re.groups > 0] if found else "")
    if not named:
        raise UserError(
            "{path}: whom it shows is not known, and a person must not be learnt from and judged by at once; say it"
            " with --person PATTERN, in the column 'subject' of {table}, or as a file attribute in VIA.",
            path=entry.path,
            table=TABLE,
        )
    return named


def _search(pattern: str, name: str) -> re.Match[str] | None:
    try:
        return re.search(pattern, name)
    except re.error as error:
        raise UserError(
            "--person {pattern}: is no regular expression ({error}).", pattern=pattern, error=error
        ) from error


def _place_mm(entry: ViaImage, about: Mapping[str, str], config: MaskRCNNConfig) -> float | None:
    """Place on the normal; of slices that are only numbered as if they were as far apart as the network's."""
    if about.get("position_mm"):
        return _number(entry, "position_mm", about)
    number = about.get("slice", "")
    return int(number) * config.slice_mm if number.lstrip("-").isdigit() else None


def _grey_levels(entry: ViaImage, about: Mapping[str, str]) -> tuple[float, float] | None:
    if not (about.get("head_mean") and about.get("head_sd")):
        return None
    return _number(entry, "head_mean", about), max(_number(entry, "head_sd", about), 1e-6)


def _number(entry: ViaImage, name: str, about: Mapping[str, str]) -> float:
    try:
        value = float(about[name])
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise UserError("{path}: its '{name}' is not a number; correct it.", path=entry.path, name=name)
    return value


def _seen(entry: ViaImage, facts: Facts, label: str | None) -> _Seen:
    grey = entry.picture().astype(np.float32)
    sides: dict[str, np.ndarray] = {}
    for number, shape in enumerate(entry.masks(grey.shape, label)):
        side = _side_of(entry, number, shape, grey, facts)
        sides[side] = sides.get(side, np.zeros(grey.shape, bool)) | shape
    return _Seen(entry.path, grey, facts, sides)


def _head_columns(grey: np.ndarray) -> int:
    """Columns across which a picture shows a head; 0 where it is cut off on a side, or there is none."""
    bright = grey.mean(axis=0) > 0.1 * grey.mean(axis=0).max()
    return 0 if bright[0] or bright[-1] else int(np.count_nonzero(bright))


def _require_head_sizes(stacks: Iterable[Sequence[_Seen]]) -> None:
    """Raise UserError where no head is as wide as the widest slice of a stack would be."""
    for stack in stacks:
        width_mm, widest = max(((_head_columns(s.grey) * s.facts.pixel_mm[0], s) for s in stack), key=lambda w: w[0])
        if width_mm and not _WIDTHS_MM[0] <= width_mm <= _WIDTHS_MM[1]:
            raise UserError(
                "{path}: shows a head {width:.0f} mm wide, if its pixels are {pixel:g} mm; correct their size.",
                path=widest.path,
                width=width_mm,
                pixel=widest.facts.pixel_mm[0],
            )


def _side_of(entry: ViaImage, number: int, shape: np.ndarray, grey: np.ndarray, facts: Facts) -> str:
    """Whose region a shape is: as is said, else by the side of the head's middle on which it lies.

    Raises UserError where neither tells it, or one the contrary of the other.
    """
    if facts.hemisphere and (facts.plane == "sagittal" or not _head_columns(grey)):
        return facts.hemisphere
    to_mm = np.diag([*facts.pixel_mm, 1.0, 1.0])
    middle_mm = find_head(Volume(grey[None], to_mm)).centre_ras_mm[0]
    away_mm = float(np.argwhere(shape)[:, 1].mean() * facts.pixel_mm[0] - middle_mm)
    on_picture = "left" if away_mm < 0 else "right"
    seen = "left" if on_picture == facts.left_on else "right"
    where = {"source": entry.source, "name": entry.path.name, "number": number, "table": TABLE}
    if facts.hemisphere and seen != facts.hemisphere and abs(away_mm) > _OVER_MM:
        raise UserError(
            "{source}: entry '{name}', region {number} lies {away:.0f} mm on the {seen} of the head, and is said to be"
            " of the {said} hemisphere; correct 'hemisphere' or 'left_on' in {table}, in VIA or in the command.",
            away=abs(away_mm),
            seen=say(seen),
            said=say(facts.hemisphere),
            **where,
        )
    if not facts.hemisphere and abs(away_mm) < _MIDLINE_MM:
        raise UserError(
            "{source}: entry '{name}', region {number} lies in the middle of the head; say with --hemisphere, or in the"
            " column 'hemisphere' of {table}, whose region it is.",
            **where,
        )
    return facts.hemisphere or seen


def _require_places_apart(stacks: Iterable[Sequence[_Seen]]) -> None:
    """Raise UserError for two slices at one place of a stack: which of them is a neighbour is not known."""
    for stack in stacks:
        ordered = sorted((s.facts.place_mm, s.path.name) for s in stack if s.facts.place_mm is not None)
        for (before, first), (after, second) in pairwise(ordered):
            if after - before < _APART_MM:
                raise UserError(
                    "{first} and {second}: lie at one place of one person's slices; correct 'position_mm', or name both"
                    " scans in the column 'scan' of {table}.",
                    first=first,
                    second=second,
                    table=TABLE,
                )


def _require_planes(annotations: Path, seen: Sequence[_Seen], config: MaskRCNNConfig) -> None:
    others = sorted({each.facts.plane for each in seen} - set(config.planes))
    if others:
        raise UserError(
            "{annotations}: shows {others} slices, and this network is shown {planes}; leave them out or set planes.",
            annotations=annotations,
            others=", ".join(others),
            planes=", ".join(config.planes),
        )


def _picture(of: _Seen, side: str, seen: Sequence[_Seen], config: MaskRCNNConfig) -> Picture:
    facts = of.facts
    sagittal = facts.plane == "sagittal"
    region = of.sides.get(side, np.zeros(of.grey.shape, bool)).astype(np.float32)
    # A mirrored head's sagittal slices look as they did and follow each other the other way round.
    grey = _with_neighbours(of, seen, config, -1 if sagittal and side == "right" else 1)
    return Picture(
        grey,
        region,
        *(facts.grey_levels or head_intensity(of.grey[None])),
        subject=facts.subject,
        pixel_mm=facts.pixel_mm,
        middle=_middle(of, side, seen, config),
        flipped=(facts.left_on == "right") != (side == "right" and not sagittal),
    )


def _with_neighbours(of: _Seen, seen: Sequence[_Seen], config: MaskRCNNConfig, direction: int) -> np.ndarray:
    """The slice between those of the same stack that are nearest to where the network looks; (S, rows, columns)."""
    place_mm = of.facts.place_mm
    if place_mm is None:
        return np.repeat(of.grey[None], config.context, axis=0)
    stack = {each.facts.place_mm: each.grey for each in seen if of.is_beside(each)} | {place_mm: of.grey}
    steps = direction * (np.arange(config.context) - config.context // 2) * config.slice_mm
    places = [place for place in stack if place is not None]
    return np.stack([stack[min(places, key=lambda p: (abs(p - place_mm - s), abs(p - place_mm)))] for s in steps])


def _middle(of: _Seen, side: str, seen: Sequence[_Seen], config: MaskRCNNConfig) -> tuple[float, float]:
    """Column and row of the person's region, about which the network's window lies; of a window its own middle."""
    rows, columns = of.grey.shape
    is_window = (rows, columns) == config.image_size and of.facts.pixel_mm == (config.pixel_mm, config.pixel_mm)
    outlined = [np.argwhere(each.sides[side]) for each in seen if of.is_beside(each) and side in each.sides]
    if is_window or not outlined:
        return (columns - 1) / 2, (rows - 1) / 2
    row, column = np.concatenate(outlined).mean(axis=0)
    return float(column), float(row)
