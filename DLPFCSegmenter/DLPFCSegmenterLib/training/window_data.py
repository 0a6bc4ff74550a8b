"""What the 3-D network learns from, read from a prepared dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..labels.label import RegionLabel
from ..networks.unet import UNetConfig
from .prepare import PreparedScan, dataset_description, prepared_scans
from .structures import label_table
from .subjects import Person, people_of
from .windows import CroppedPerson, WindowSource

_SEEN_FOR_LABELS = 20
"""So many sides of people show which structures there are; one that is in none of them counts as background."""


@dataclass(frozen=True)
class WindowData:
    """What is learnt from and watched.

    source   random windows of the training people, both sides
    watched  sides of people by which the learning is watched
    table    class of each label value 0..255, or None where not everybody has a parcellation
    """

    source: WindowSource
    watched: Sequence[CroppedPerson]
    table: np.ndarray | None
    label_definition: str
    region: RegionLabel


def read_window_data(dataset: Path, config: UNetConfig) -> WindowData:
    """A folder that `dlpfc prepare` wrote.

    Raises UserError for anything else, a VIA file included: its pictures are no volumes.
    """
    if dataset.suffix == ".json" and dataset.name != "dataset.json":
        raise UserError(f"{dataset}: the 3-D network learns from volumes; give a folder that `dlpfc prepare` wrote.")
    folder = dataset.parent if dataset.name == "dataset.json" else dataset
    described = dataset_description(folder).get("region", {})
    region = RegionLabel.from_dict(described)
    learning, first = _cropped(prepared_scans(folder, "train"), config)
    watched, _ = _cropped(prepared_scans(folder, "val"), config)
    if not watched:
        raise UserError(f"{folder}: the region is known in none of its validation scans; prepare others.")
    named = all(person.labels_kji.any() for person in learning)
    table = label_table(first) if named else None
    definition = described.get("definition", region.definition)
    return WindowData(WindowSource(learning, config), watched, table, definition, region)


def _cropped(paths: Sequence[Path], config: UNetConfig) -> tuple[list[CroppedPerson], list[Person]]:
    """All sides of the scans of which something is known, cropped, and the first of them as they are."""
    cropped: list[CroppedPerson] = []
    first: list[Person] = []
    for path in paths:
        sides = [side for side in people_of(PreparedScan.load(path), config) if side.shows_region]
        cropped += [CroppedPerson.of(side, config) for side in sides]
        first += sides[: _SEEN_FOR_LABELS - len(first)]
    return cropped, first
