"""Naming structures: two sides are one class, and the loss knows the parcellation."""

from dataclasses import replace

import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.mask_rcnn import DETAIL, build_network
from DLPFCSegmenterLib.training.structures import Overheard, StructureNames
from DLPFCSegmenterLib.training.subjects import REGION_LABEL, people_of
from small_config import SMALL


def test_both_sides_of_a_structure_are_one_class_and_the_region_its_own(person):
    names = StructureNames(build_network(SMALL).backbone, people_of(person, SMALL)[:1])
    background, head, left, right, region = names.table[[0, 1, 2, 3, REGION_LABEL]].tolist()
    assert left == right
    assert len({background, head, left, region}) == 4


def test_scores_have_half_the_slices_resolution_and_come_from_the_map_that_was_overheard(person):
    backbone = build_network(SMALL).backbone
    names, overheard = StructureNames(backbone, people_of(person, SMALL)[:1]), Overheard(backbone)
    maps = backbone(torch.zeros(2, 3, 96, 96))
    assert overheard.detail is maps[DETAIL]
    assert names(overheard.detail).shape == (2, 4, 48, 48)


def test_a_network_without_the_detail_map_cannot_name(person):
    network = build_network(replace(SMALL, detail_channels=0))
    with pytest.raises(UserError, match="detail_channels"):
        StructureNames(network.backbone, people_of(person, SMALL)[:1])
