"""Scans of people, where the shared data folder stands beside the checkout."""

from pathlib import Path

import pytest

from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.targeting.placing import place_landmarks, read_head
from DLPFCSegmenterLib.targeting.scalp import extract_scalp
from DLPFCSegmenterLib.volume.head_scan import HeadScan
from DLPFCSegmenterLib.volume.readers import read_volume

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not beside this checkout")


@pytest.mark.parametrize("name", ["fullhead/chris_T1w.nii.gz", "fullhead/pycortex-S1_T1w.nii.gz"])
def test_a_whole_head_gets_hotspots_and_walks_on_both_sides(name):
    head = read_head(HeadScan(read_volume(DATA / name)))
    assert head.warnings == ()
    for side, sign in (("left", -1), ("right", 1)):
        target = transform_points(head.registration.ras_from_mni, (sign * 38, 44, 26))
        placed = place_landmarks(head, side, target)
        hotspot, five_cm = (landmark.position_ras_mm for landmark in placed.landmarks)
        right, anterior, _ = head.scalp.head_axes_ras
        assert abs((five_cm - hotspot) @ right) < 2.0 < 35.0 < (five_cm - hotspot) @ anterior
        assert 8.0 < placed.distances_mm["target_to_scalp"] < 30.0


def test_a_brain_only_scan_is_refused():
    with pytest.raises(NoScalpError, match="skull was removed"):
        extract_scalp(read_volume(DATA / "ds002748" / "sub-01_T1w.nii.gz"))
