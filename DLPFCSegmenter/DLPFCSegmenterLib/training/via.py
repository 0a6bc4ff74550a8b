"""VGG Image Annotator files: reads the forms of versions 1 and 2, writes a version 2 project.

Coordinates are pixels of the picture as `outline` defines them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import UserError
from .outline import fill_shape, outline_polygons

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
    attributes  VIA's `file_attributes`, in our own files 'subject', 'plane' and 'slice'
    """

    source: Path
    path: Path
    attributes: dict[str, str]
    regions: tuple[ViaRegion, ...]

    def picture(self) -> np.ndarray:
        """Grey values, uint8, shape (H, W)."""
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(self.path) as image:
                return np.asarray(image.convert("L"))
        except (UnidentifiedImageError, OSError) as error:
            raise UserError(f"{self.path}: cannot be read as a picture ({error}).") from error

    def mask(self, shape_hw: tuple[int, int], label: str | None = None) -> np.ndarray:
        """All shapes of class `label` (None: of any class) together, bool, shape (H, W).

        Raises UserError for a shape that cannot be drawn or that covers no pixel.
        """
        mask = np.zeros(shape_hw, bool)
        for number, region in enumerate(self.regions):
            if region.is_a(label):
                mask |= self._filled(number, region.shape, shape_hw)
        return mask

    def _filled(self, number: int, shape: dict, shape_hw: tuple[int, int]) -> np.ndarray:
        try:
            filled = fill_shape(shape, shape_hw)
            if not filled.any():
                raise ValueError(f"{shape['name']} covers no pixel of the picture")
        except ValueError as error:
            raise UserError(
                f"{self.source}: entry '{self.path.name}', region {number}: {error};"
                " correct or delete the region in VIA."
            ) from error
        return filled


@dataclass(frozen=True)
class AnnotatedPicture:
    """What `write_via` needs of one picture: its file, its mask (bool, H x W), its attributes."""

    path: Path
    mask: np.ndarray
    attributes: dict[str, str]


def read_via(path: Path, pictures: Path | None = None, keep_empty: bool = False) -> list[ViaImage]:
    """The pictures of a VIA file, in its order.

    Reads VIA 1 (regions as a dict), VIA 2 (as a list) and whole projects (`_via_img_metadata`).
    Pictures lie in the folder `pictures`, by default beside the file. Entries without regions are
    skipped, as the annotator may not have looked at them yet, unless `keep_empty`.
    Raises UserError that names the file and the entry for anything that does not fit.
    """
    path = Path(path)
    images = []
    for key, entry in _entries(path).items():
        image = _image(path, pictures or path.parent, key, entry)
        if image.regions or keep_empty:
            images.append(image)
    return images


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
        raise UserError(f"{path}: exists already; move it away or name another file.") from None


def _entries(path: Path) -> dict[str, dict]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as a VIA annotation file ({error}).") from error
    entries = content.get("_via_img_metadata", content) if isinstance(content, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise UserError(f"{path}: holds no VIA image entries; export annotations as JSON from VIA.")
    return entries


def _image(path: Path, folder: Path, key: str, entry: dict) -> ViaImage:
    if not isinstance(entry, dict) or not isinstance(entry.get("filename"), str):
        raise UserError(f"{path}: entry '{key}' has no 'filename'; it is not a VIA image entry.")
    regions = tuple(_regions(path, entry))
    picture = folder / entry["filename"]
    if not picture.is_file():
        raise UserError(f"{path}: the picture of entry '{key}' is missing; put it at {picture}.")
    return ViaImage(path, picture, entry.get("file_attributes") or {}, regions)


def _regions(path: Path, entry: dict) -> list[ViaRegion]:
    regions = entry.get("regions") or []
    regions = list(regions.values()) if isinstance(regions, dict) else regions
    return [_region(path, entry["filename"], number, region) for number, region in enumerate(regions)]


def _region(path: Path, filename: str, number: int, region: dict) -> ViaRegion:
    shape = region.get("shape_attributes") if isinstance(region, dict) else None
    if not isinstance(shape, dict):
        raise UserError(f"{path}: entry '{filename}', region {number} has no 'shape_attributes'.")
    return ViaRegion(shape, _labels(region.get("region_attributes") or {}))


def _labels(attributes: dict) -> tuple[str, ...]:
    """Class names under any key: a string, or the ticked names of a checkbox."""
    labels = []
    for value in attributes.values():
        if isinstance(value, str) and value.strip():
            labels.append(value.strip())
        elif isinstance(value, dict):
            labels += [name for name, ticked in value.items() if ticked]
    return tuple(labels)


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
