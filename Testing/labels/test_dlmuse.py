"""Structures have the side and name that the parcellation gives them."""

from DLPFCSegmenterLib.labels.dlmuse import label_name
from DLPFCSegmenterLib.labels.label import DLMUSE_LEFT_GYRUS, DLMUSE_RIGHT_GYRUS


def test_gyri_have_their_sides():
    assert label_name(DLMUSE_LEFT_GYRUS) == "left middle frontal gyrus (143)"
    assert label_name(DLMUSE_RIGHT_GYRUS) == "right middle frontal gyrus (142)"
    assert label_name(191) == "left superior frontal gyrus (191)"


def test_what_is_no_gyrus_keeps_its_number():
    assert label_name(0) == "outside the brain"
    assert label_name(82) == "left frontal white matter (82)"
    assert label_name(47) == "label 47"
