"""Naming every structure of the parcellation: a richer task than finding one region, at no annotation's cost.

It warms a backbone up (`warmup`) and goes on beside the detection (`label_loss` of the configuration).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn

from ..errors import UserError
from ..geometry.spaces import transform_points
from ..networks.mask_rcnn import DETAIL, FINEST, Backbone
from .subjects import REGION_LABEL, Person, TrainingSlice

_SEEN_FOR_PAIRS = 10
"""So many people show which label lies opposite which."""


class StructureNames(nn.Module):
    """Scores of all structures from the finest map that a backbone has, and the loss against the parcellation.

    forward((N, channels, H/n, W/n)) -> scores (N, structures, H/n, W/n); n is 2 of a detail map, 4 of a pyramid alone
    """

    table: torch.Tensor
    weights: torch.Tensor

    def __init__(self, backbone: Backbone, people: Sequence[Person]) -> None:
        super().__init__()
        table = label_table(people)
        self.register_buffer("table", torch.from_numpy(table))
        self.register_buffer("weights", _class_weights(int(table.max()) + 1))
        has_detail = backbone.detail is not None
        self.source, self.stride = (DETAIL, 2) if has_detail else (FINEST, 4)
        width = backbone.detail_channels if has_detail else backbone.out_channels
        self.classify = nn.Conv2d(width, int(table.max()) + 1, 1)

    def forward(self, finest: torch.Tensor) -> torch.Tensor:
        """Scores (see the class)."""
        return self.classify(finest)

    @torch.no_grad()
    def keep_scores(self, divided_by: float) -> None:
        """The same scores as before, once the pyramid's finest level was divided; a detail map stays as it is."""
        if self.source == FINEST:
            self.classify.weight.mul_(divided_by)

    def loss(self, maps: Mapping[str, torch.Tensor], batch: Sequence[TrainingSlice]) -> torch.Tensor:
        """Cross entropy of the batch whose feature maps are given; what a padded map has beyond its slices is left."""
        every = slice(None, None, self.stride)
        labels = torch.stack([item.labels[every, every] for item in batch]).to(self.table.device)
        rows, columns = labels.shape[1:]
        scores = self(maps[self.source])[..., :rows, :columns]
        return nn.functional.cross_entropy(scores, self.table[labels], weight=self.weights)


class Overheard:
    """Keeps the maps of the backbone's last run, so that detection and naming share them."""

    def __init__(self, backbone: Backbone) -> None:
        self.maps: Mapping[str, torch.Tensor] = {}
        backbone.register_forward_hook(self._keep)

    def _keep(self, _backbone: nn.Module, _images: tuple, maps: dict[str, torch.Tensor]) -> None:
        self.maps = maps


def label_table(people: Sequence[Person]) -> np.ndarray:
    """Class number of every label value 0..255; the region's own value has the last class.

    The two sides of a structure are one class, since a mirrored twin shows the right one on the left; what none of the
    first people has stays a class of its own.
    """
    present = np.unique(np.concatenate([np.unique(person.labels_kji) for person in people]))
    if REGION_LABEL in present:
        raise UserError(
            "The parcellation uses label {region_label}, which stands for the region itself.", region_label=REGION_LABEL
        )
    first_of_pair = {label: min(label, other) for label, other in _other_sides(people[:_SEEN_FOR_PAIRS]).items()}
    firsts = sorted({first_of_pair.get(label, label) for label in present.tolist()})
    table = np.zeros(256, np.int64)
    for label in present.tolist():
        table[label] = firsts.index(first_of_pair.get(label, label))
    table[REGION_LABEL] = len(firsts)
    return table


def _other_sides(people: Sequence[Person]) -> dict[int, int]:
    """The label on the other side of the head: the two lie where the mirror would put them, mutually."""
    places = _mean_places_mm(people)
    labels = list(places)
    points = np.array([places[label] for label in labels])
    away = np.linalg.norm((points * (-1, 1, 1))[:, None] - points[None], axis=2)
    nearest = away.argmin(axis=1)
    return {labels[a]: labels[b] for a, b in enumerate(nearest) if nearest[b] == a}


def _mean_places_mm(people: Sequence[Person]) -> dict[int, np.ndarray]:
    """Where each label has its centre in the frame, mm; background left out."""
    total, count = np.zeros((256, 3)), np.zeros(256)
    for person in people:
        kji = np.argwhere(person.labels_kji > 0)
        labels = person.labels_kji[tuple(kji.T)]
        points = transform_points(person.ijk_to_frame, kji[:, ::-1])
        count += np.bincount(labels, minlength=256)
        for axis in range(3):
            total[:, axis] += np.bincount(labels, points[:, axis], minlength=256)
    return {int(label): total[label] / count[label] for label in np.flatnonzero(count)}


def _class_weights(classes: int) -> torch.Tensor:
    """Background counts less and the region more than the other structures."""
    weights = torch.ones(classes)
    weights[0], weights[-1] = 0.3, 2.0
    return weights
