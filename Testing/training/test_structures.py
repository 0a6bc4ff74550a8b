"""Naming structures: two sides are one class, and the loss knows the parcellation."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from DLPFCSegmenterLib.networks.mask_rcnn import build_network, even_features
from DLPFCSegmenterLib.training.structures import Overheard, StructureNames
from DLPFCSegmenterLib.training.subjects import REGION_LABEL, TrainingSlice, people_of
from small_config import SMALL


def test_both_sides_of_a_structure_are_one_class_and_the_region_its_own(person):
    names = StructureNames(build_network(SMALL).backbone, people_of(person, SMALL)[:1])
    background, head, left, right, region = names.table[[0, 1, 2, 3, REGION_LABEL]].tolist()
    assert left == right
    assert len({background, head, left, region}) == 4


@pytest.mark.parametrize(("detail_channels", "shape"), [(8, (2, 4, 48, 48)), (0, (2, 4, 24, 24))])
def test_names_are_read_from_the_finest_map_that_was_overheard(person, detail_channels, shape):
    backbone = build_network(replace(SMALL, detail_channels=detail_channels)).backbone
    names, overheard = StructureNames(backbone, people_of(person, SMALL)[:1]), Overheard(backbone)
    maps = backbone(torch.zeros(2, 3, 96, 96))
    assert overheard.maps is maps
    assert names(maps[names.source]).shape == shape


@pytest.mark.parametrize("detail_channels", [8, 0])
def test_scores_are_the_same_once_features_are_even(person, detail_channels):
    torch.manual_seed(0)
    backbone = build_network(replace(SMALL, detail_channels=detail_channels)).backbone.eval()
    names, images = StructureNames(backbone, people_of(person, SMALL)[:1]), torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        before = names(backbone(images)[names.source])
        names.keep_scores(even_features(backbone, images))
        after = names(backbone(images)[names.source])
    assert float(before.std()) > 0.01
    torch.testing.assert_close(before, after, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("detail_channels", [8, 0])
def test_the_loss_falls_to_nothing_where_every_place_is_named_rightly(person, detail_channels):
    config = replace(SMALL, detail_channels=detail_channels, image_size=(90, 77))
    network = build_network(config)
    names = StructureNames(network.backbone, people_of(person, config)[:1])
    labels = np.random.default_rng(0).choice([0, 1, 2, REGION_LABEL], config.image_size)
    names.classify = nn.Identity()
    every = slice(None, None, names.stride)
    classes = names.table[torch.from_numpy(labels)[every, every]]
    scores = 30 * nn.functional.one_hot(classes, 4).movedim(-1, 0)[None].float()
    padded = nn.functional.pad(scores, (0, 5, 0, 3))
    empty = torch.zeros(3, *config.image_size)
    shown = [TrainingSlice(empty, torch.from_numpy(labels), torch.from_numpy(labels == REGION_LABEL))]
    assert float(names.loss({names.source: padded}, shown)) < 1e-6
    assert float(names.loss({names.source: padded.roll(1, 1)}, shown)) > 10
