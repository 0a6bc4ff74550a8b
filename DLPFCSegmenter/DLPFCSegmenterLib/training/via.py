"""VGG Image Annotator files (read in the forms of versions 1 and 2, written as version 2), and shapes as pixel masks.

Coordinates are pixels of the picture as in an HTML canvas: the pixel in row r and column c covers x from c to c + 1
and y from r to r + 1; its centre is at (c + 0.5, r + 0.5). y grows downwards. A pixel belongs to a shape when its
centre lies in the shape or on its border, so that mirrored shapes give mirrored masks.
"""

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import UserError
from ..files import told_as_damaged
from ..geometry.outlines import mask_outlines
from ..sentences import say

_NUDGES = 1e-6 * np.array([(1, 0.618034), (1, -0.618034), (-1, 0.618034), (-1, -0.618034)])
"""Steps to all four sides, along no edge that people or grids draw: they decide border points."""


def fill_shape(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    """Mask of one VIA `shape_attributes` dict, bool, shape (H, W) = `shape_hw`.

    Knows rect, circle, ellipse (`theta` in radians, clockwise on the screen), polygon, and
    polyline, which is closed. Raises ValueError with the reason for any other or broken shape.
    """
    fill = _FILLERS.get(str(shape.get("name")))
    if fill is None:
        raise ValueError(f"shape '{shape.get('name')}' has no area or is unknown")
    return fill(shape, shape_hw)


def outline_polygons(mask: np.ndarray) -> list[np.ndarray]:
    """Polygons, each (N, 2) as x, y and not closed, that `fill_shape` turns back into `mask` (bool, shape (H, W))."""
    return [outline + 0.5 for outline in mask_outlines(mask)]


def _fill_polygon(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    from matplotlib.path import Path

    xs, ys = (np.ravel(_field(shape, key)) for key in ("all_points_x", "all_points_y"))
    if len(xs) != len(ys) or len(xs) < 3:
        raise ValueError(f"{shape['name']} has {len(xs)} x and {len(ys)} y; it needs 3 points or more")
    path = Path(np.column_stack([np.append(xs, xs[0]), np.append(ys, ys[0])]))
    mask = np.zeros(shape_hw, bool)
    window = _pixels_within(xs, ys, shape_hw)
    centres = np.stack(_centres(shape_hw), axis=-1)[window]
    inside = [path.contains_points(centres.reshape(-1, 2) + nudge) for nudge in _NUDGES]
    mask[window] = np.any(inside, axis=0).reshape(centres.shape[:2])
    return mask


def _pixels_within(xs: np.ndarray, ys: np.ndarray, shape_hw: tuple[int, int]) -> tuple[slice, slice]:
    def bounds(values: np.ndarray, size: int) -> slice:
        """Along one axis, a pixel wider on both sides."""
        low, high = np.clip([values.min() - 1, values.max() + 1], 0, size)
        return slice(math.floor(low), math.ceil(high))

    return bounds(ys, shape_hw[0]), bounds(xs, shape_hw[1])


def _fill_rect(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    left, top = _number(shape, "x"), _number(shape, "y")
    width, height = _length(shape, "width"), _length(shape, "height")
    x, y = _centres(shape_hw)
    return (x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)


def _fill_circle(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    radius = _length(shape, "r")
    return _fill_ellipse({**shape, "rx": radius, "ry": radius, "theta": 0.0}, shape_hw)


def _fill_ellipse(shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
    x, y = _centres(shape_hw)
    x, y = x - _number(shape, "cx"), y - _number(shape, "cy")
    theta = _number(shape, "theta") if "theta" in shape else 0.0
    along = x * math.cos(theta) + y * math.sin(theta)
    across = y * math.cos(theta) - x * math.sin(theta)
    return (along / _length(shape, "rx")) ** 2 + (across / _length(shape, "ry")) ** 2 <= 1


_FILLERS = {
    "rect": _fill_rect,
    "circle": _fill_circle,
    "ellipse": _fill_ellipse,
    "polygon": _fill_polygon,
    "polyline": _fill_polygon,
}


def _centres(shape_hw: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.indices(shape_hw) + 0.5
    return x, y


def _field(shape: dict, key: str) -> np.ndarray:
    try:
        value = np.asarray(shape[key], dtype=float)
    except KeyError:
        raise ValueError(f"{shape['name']} has no '{key}'") from None
    except (OverflowError, TypeError, ValueError):
        value = np.array(np.nan)
    if not np.all(np.isfinite(value)):
        raise ValueError(f"{shape['name']} has a '{key}' that is not a number")
    return value


def _number(shape: dict, key: str) -> float:
    value = _field(shape, key)
    if value.ndim:
        raise ValueError(f"{shape['name']} has several values for '{key}'")
    return float(value)


def _length(shape: dict, key: str) -> float:
    value = _number(shape, key)
    if value <= 0:
        raise ValueError(f"{shape['name']} has '{key}' = {value:g}; it must be above 0")
    return value


_OF_VERSION_3 = {"view", "metadata"}
"""Parts of every project of VIA 3, which has pictures and shapes in tables of numbers."""

CLASS_KEY = "region"
"""Region attribute under which our own files name the class."""


@dataclass(frozen=True)
class ViaRegion:
    """One drawn shape.

    shape   VIA's `shape_attributes`
    labels  every class name that its attributes hold; empty where the annotator gave none
    """

    shape: dict
    labels: tuple[str, ...] = ()

    def is_a(self, label: str | None) -> bool:
        """Whether the shape is of class `label`. A shape without class, or None, always is."""
        return label is None or not self.labels or label.lower() in map(str.lower, self.labels)


@dataclass(frozen=True)
class ViaImage:
    """One picture of an annotation file.

    source      the annotation file, for messages
    path        the picture, which exists
    attributes  VIA's `file_attributes`, in our own files those of `pictures.COLUMNS`
    name        what the annotation file calls it
    """

    source: Path
    path: Path
    attributes: dict[str, str]
    regions: tuple[ViaRegion, ...]
    name: str = ""

    def picture(self) -> np.ndarray:
        """Grey values, uint8, shape (H, W), turned as VIA shows them; deeper ones as shares of the brightest."""
        from PIL import Image, ImageOps, UnidentifiedImageError

        try:
            with Image.open(self.path) as image:
                shown = ImageOps.exif_transpose(image)
                return _in_a_byte(np.asarray(shown)) if shown.mode[0] in "IF" else np.asarray(shown.convert("L"))
        except (UnidentifiedImageError, OSError) as error:
            raise UserError("{path}: cannot be read as a picture ({error}).", path=self.path, error=error) from error

    def mask(self, shape_hw: tuple[int, int], label: str | None = None) -> np.ndarray:
        """All shapes of class `label` (None: of any class) together, bool, shape (H, W).

        Raises UserError for a shape that cannot be drawn or that covers no pixel.
        """
        return np.logical_or.reduce([np.zeros(shape_hw, bool), *self.masks(shape_hw, label)])

    def masks(self, shape_hw: tuple[int, int], label: str | None = None) -> list[np.ndarray]:
        """As `mask`, each shape by itself."""
        shapes = [(number, region.shape) for number, region in enumerate(self.regions) if region.is_a(label)]
        return [self._filled(number, shape, shape_hw) for number, shape in shapes]

    def _filled(self, number: int, shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
        try:
            filled = fill_shape(shape, shape_hw)
            if not filled.any():
                raise ValueError(f"{shape['name']} covers no pixel of the picture")
        except ValueError as error:
            raise UserError(
                "{source}: entry '{name}', region {number}: {error}; correct or delete the region in VIA.",
                source=self.source,
                name=self.path.name,
                number=number,
                error=error,
            ) from error
        return filled


def _in_a_byte(grey: np.ndarray) -> np.ndarray:
    """Pillow cuts off what is above 255."""
    values = np.nan_to_num(grey.astype(float)).clip(0)
    return np.rint(values * (255 / max(values.max(), 255.0))).astype(np.uint8)


@dataclass(frozen=True)
class AnnotatedPicture:
    """What `write_via` needs of one picture: its file, its mask (bool, H x W), its attributes."""

    path: Path
    mask: np.ndarray
    attributes: dict[str, str]


def is_via_file(dataset: Path) -> bool:
    """Whether a dataset is an annotation file, and not a folder of `dlpfc prepare` or what describes it."""
    return dataset.suffix.lower() in (".json", ".csv") and dataset.name != "dataset.json"


def read_via(path: Path, pictures: Path | None = None, keep_empty: bool = False) -> list[ViaImage]:
    """The pictures of a VIA file, in its order.

    Reads VIA 1 (regions as a dict), VIA 2 (as a list), whole projects (`_via_img_metadata`) and the annotations that
    VIA exports as CSV. Pictures lie in the folder `pictures`, else where the project's `default_filepath` and its
    list of folders say, else beside the file. Entries without regions are skipped, as the annotator may not have
    looked at them yet, unless `keep_empty`.
    Raises UserError that names the file and the entry for anything that does not fit.
    """
    path = Path(path)
    with told_as_damaged(path, say("this VIA file"), say("export the annotations as JSON from VIA again")):
        held = _held(path)
        folders = [pictures] if pictures else [*_folders_of(path, held), path.parent]
        images = [_image(path, folders, key, entry) for key, entry in _entries(path, held).items()]
        return [image for image in images if image.regions or keep_empty]


def write_via(path: Path, pictures: Sequence[AnnotatedPicture], label: str, name: str) -> None:
    """Write a VIA 2 project called `name` at `path`, beside or above the pictures.

    Each component of a mask becomes one polygon of class `label`; reading it back gives the same
    mask. An existing file is refused with UserError.
    """
    entries = {}
    for picture in pictures:
        entry = _entry(picture, Path(path).parent, label)
        entries[f"{entry['filename']}{entry['size']}"] = entry
    attributes = sorted({key for picture in pictures for key in picture.attributes})
    try:
        with open(path, "x", encoding="utf-8") as file:
            json.dump(_project(entries, attributes, label, name), file)
    except FileExistsError:
        raise UserError("{path}: exists already; move it away or name another file.", path=path) from None


def _held(path: Path) -> Any:
    """What the file holds, entries in VIA's own form. Raises UserError for one that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _entries_of_table(text) if path.suffix.lower() == ".csv" else json.loads(text)
    except (csv.Error, KeyError, OSError, RecursionError, TypeError, ValueError) as error:
        raise UserError("{path}: cannot be read as a VIA annotation file ({error}).", path=path, error=error) from error


def _entries_of_table(text: str) -> dict[str, dict]:
    """The entries of an export as CSV, a row a region; VIA 1 begins its header with '#', VIA 3 has another."""
    if "CSV_HEADER" in text:
        return dict.fromkeys(_OF_VERSION_3, {})
    entries: dict[str, dict] = {}
    for row in csv.DictReader(text.lstrip("#").splitlines()):
        about = {"filename": row["filename"], "file_attributes": json.loads(row["file_attributes"] or "{}")}
        entry = entries.setdefault(row["filename"] + row["file_size"], {**about, "regions": []})
        shape = json.loads(row["region_shape_attributes"] or "{}")
        if shape:  # a picture without regions has one row
            attributes = json.loads(row["region_attributes"] or "{}")
            entry["regions"].append({"shape_attributes": shape, "region_attributes": attributes})
    return entries


def _entries(path: Path, held: Any) -> dict[str, dict]:
    if isinstance(held, dict) and {"annotations", "images"} <= held.keys():
        raise UserError("{path}: is a COCO file; export the annotations as JSON from VIA.", path=path)
    if isinstance(held, dict) and _OF_VERSION_3 <= held.keys():
        raise UserError("{path}: is of VIA 3; outline in VIA 2, for which `dlpfc slices` writes a project.", path=path)
    entries = held.get("_via_img_metadata", held) if isinstance(held, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise UserError("{path}: holds no VIA image entries; export annotations as JSON from VIA.", path=path)
    return entries


def _folders_of(path: Path, held: Any) -> list[Path]:
    """Where a project says that its pictures lie: its default folder first, as VIA looks for them."""
    core = ((held.get("_via_settings") or {}).get("core") or {}) if isinstance(held, dict) else {}
    named = [core.get("default_filepath"), *(core.get("filepath") or {})]
    return [path.parent / name.replace("\\", "/") for name in named if name]


def _image(path: Path, folders: Sequence[Path], key: str, entry: dict) -> ViaImage:
    if not isinstance(entry, dict) or not isinstance(entry.get("filename"), str):
        raise UserError("{path}: entry '{key}' has no 'filename'; it is not a VIA image entry.", path=path, key=key)
    regions = tuple(_regions(path, entry))
    places = [folder / entry["filename"] for folder in folders]
    there = next((place for place in places if place.is_file()), None)
    if there is None:
        raise UserError(
            "{path}: the picture of entry '{key}' is missing; put it at {picture}.",
            path=path,
            key=key,
            picture=places[0],
        )
    attributes = {name: " ".join(_ticked(value)) for name, value in (entry.get("file_attributes") or {}).items()}
    return ViaImage(path, there, attributes, regions, entry["filename"])


def _regions(path: Path, entry: dict) -> list[ViaRegion]:
    regions = entry.get("regions") or []
    regions = list(regions.values()) if isinstance(regions, dict) else regions
    return [_region(path, entry["filename"], number, region) for number, region in enumerate(regions)]


def _region(path: Path, filename: str, number: int, region: dict) -> ViaRegion:
    shape = region.get("shape_attributes") if isinstance(region, dict) else None
    if not isinstance(shape, dict):
        raise UserError(
            "{path}: entry '{filename}', region {number} has no 'shape_attributes'.",
            path=path,
            filename=filename,
            number=number,
        )
    return ViaRegion(shape, _labels(region.get("region_attributes") or {}))


def _labels(attributes: dict) -> tuple[str, ...]:
    """Class names under any key."""
    return tuple(name for value in attributes.values() for name in _ticked(value))


def _ticked(value: object) -> list[str]:
    """What was typed or chosen of an attribute: a text or number, the ticked names of a checkbox, or a list."""
    if isinstance(value, dict):
        return [str(name) for name, ticked in value.items() if str(ticked).lower() in ("true", "1")]
    if isinstance(value, list):
        return [name for each in value for name in _ticked(each)]
    text = "" if value is None else str(value).strip()
    return [text] if text else []


def _entry(picture: AnnotatedPicture, folder: Path, label: str) -> dict:
    polygons = outline_polygons(picture.mask)
    return {
        "filename": picture.path.relative_to(folder).as_posix(),
        "size": picture.path.stat().st_size,
        "regions": [_polygon_region(polygon, label) for polygon in polygons],
        "file_attributes": picture.attributes,
    }


def _polygon_region(polygon: np.ndarray, label: str) -> dict:
    xs, ys = polygon.T.tolist()
    shape = {"name": "polygon", "all_points_x": xs, "all_points_y": ys}
    return {"shape_attributes": shape, "region_attributes": {CLASS_KEY: label}}


def _project(entries: dict, file_attributes: list[str], label: str, name: str) -> dict:
    classes = {"type": "dropdown", "description": "", "options": {label: label}, "default_options": {}}
    text = {"type": "text", "description": "", "default_value": ""}
    return {
        "_via_settings": _settings(name),
        "_via_img_metadata": entries,
        "_via_attributes": {
            "region": {CLASS_KEY: classes},
            "file": {key: text for key in file_attributes},
        },
        "_via_data_format_version": "2.0.10",
        "_via_image_id_list": list(entries),
    }


def _settings(name: str) -> dict:
    """The settings that VIA 2.0 expects in a project, at its own defaults."""
    grid: dict[str, Any] = {"img_height": 80, "rshape_fill": "none", "rshape_fill_opacity": 0.3}
    grid |= {"rshape_stroke": "yellow", "rshape_stroke_width": 2, "show_region_shape": True}
    grid |= {"show_image_policy": "all"}
    image = {"region_label": "__via_region_id__", "region_color": "__via_default_region_color__"}
    image |= {"region_label_font": "10px Sans", "on_image_annotation_editor_placement": "NEAR_REGION"}
    ui: dict[str, Any] = {"annotation_editor_height": 25, "annotation_editor_fontsize": 0.8}
    ui |= {"leftsidebar_width": 18, "image_grid": grid, "image": image}
    core = {"buffer_size": 18, "filepath": {}, "default_filepath": ""}
    return {"ui": ui, "core": core, "project": {"name": name}}
