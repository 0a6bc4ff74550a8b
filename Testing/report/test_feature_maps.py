"""The picture of the feature maps shows the person as every other picture does."""

import numpy as np
import pytest
from matplotlib.image import imread

from DLPFCSegmenterLib.evaluation.attention import Attention, SliceAttention
from DLPFCSegmenterLib.report.feature_maps import draw_attention
from DLPFCSegmenterLib.terminology import segment_colour


def attention(hemisphere, plane="axial"):
    """A slice whose finding lies at the beginning of its columns."""
    rows, columns = np.indices((40, 40))
    head = (np.hypot(rows - 20, columns - 20) < 18).astype(float)
    mask = np.hypot(rows - 14, columns - 9) < 4
    answers = {"0": head + mask, "detail": head * rows}
    return Attention("scan", hemisphere, "model", (SliceAttention(plane, head, mask, answers, 0.9 * mask),))


def share_on_the_right(tmp_path, shown):
    """Share of the outline in the right half of the first panel."""
    path = tmp_path / "features.png"
    draw_attention(shown, path)
    picture = imread(path)[:, :, :3]
    panel = picture[len(picture) // 4 :, : picture.shape[1] // 4]
    near = np.linalg.norm(panel - segment_colour(shown.hemisphere), axis=-1) < 0.15
    columns = np.nonzero(near)[1]
    assert columns.size > 20, "no outline was drawn"
    return float(np.mean(columns > panel.shape[1] / 2))


@pytest.mark.parametrize("hemisphere, share", [("left", 1.0), ("right", 0.0)])
def test_the_patients_right_is_on_the_left_of_the_picture(tmp_path, hemisphere, share):
    assert share_on_the_right(tmp_path, attention(hemisphere)) == pytest.approx(share, abs=0.05)


def test_a_sagittal_slice_keeps_the_face_on_the_left(tmp_path):
    assert share_on_the_right(tmp_path, attention("left", "sagittal")) < 0.05


def test_without_a_finding_or_a_detail_map_there_is_a_picture_too(tmp_path):
    (shown,) = attention("left").slices
    bare = SliceAttention("axial", shown.image, np.zeros((40, 40), bool), {"0": shown.answers["0"]}, shown.objectness)
    draw_attention(Attention("scan", "left", "model", (bare,)), tmp_path / "features.png")
    assert imread(tmp_path / "features.png").max() > 0.9
