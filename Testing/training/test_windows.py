"""A network is shown all of the region that it learns, wherever that lies; the DLPFC in the windows made for it."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.networks.configuration import PAPER, MaskRCNNConfig
from DLPFCSegmenterLib.networks.frame import slice_window
from DLPFCSegmenterLib.networks.unet import UNetConfig, window_points_mm
from DLPFCSegmenterLib.training.windows import Extent, coverage, fitted, fitted_to_dataset, window_boxes

DLPFC = ((-55.0, 12.0, 2.0), (-16.0, 62.0, 58.0))
INSULA = ((-50.0, -28.0, -20.0), (-24.0, 32.0, 20.0))
OTHERS = [
    INSULA,
    ((-22.0, 0.0, 20.0), (2.0, 66.0, 68.0)),  # dorsomedial prefrontal
    ((-66.0, -84.0, 12.0), (-28.0, -36.0, 60.0)),  # inferior parietal
    ((-70.0, -60.0, -34.0), (-40.0, 8.0, 8.0)),  # a whole temporal gyrus
    ((-3.0, -100.0, -12.0), (3.0, -60.0, 8.0)),
    ((-80.0, -100.0, -60.0), (-2.0, 75.0, 80.0)),  # a hemisphere
]


def filled(box, seed=0) -> np.ndarray:
    """Points all over a box, its corners too."""
    low, high = np.array(box)
    points = np.random.default_rng(seed).uniform(low, high, (400, 3))
    return np.concatenate([points, np.stack(np.meshgrid(*np.transpose(box)), -1).reshape(-1, 3)])


@pytest.mark.parametrize("config", (MaskRCNNConfig(), UNetConfig()))
def test_the_windows_of_the_dlpfc_stay_as_they_are(config):
    assert fitted(config, Extent(*DLPFC)) is config
    assert set(coverage(config, [filled(DLPFC)]).values()) == {1.0}


def test_the_dlpfcs_windows_do_not_hold_the_insula():
    """Why windows are fitted at all."""
    reached = coverage(MaskRCNNConfig(), [filled(INSULA)])
    assert reached["coronal"] < 0.8


@pytest.mark.parametrize("box", OTHERS)
@pytest.mark.parametrize("config", (MaskRCNNConfig(), UNetConfig()))
def test_every_view_of_another_region_reaches_all_of_it_with_room(box, config):
    own = fitted(config, Extent(*box))
    assert set(coverage(own, [filled(box)]).values()) == {1.0}
    for low, high in window_boxes(own).values():
        assert np.all(np.array(box[0]) - low >= 4) and np.all(high - np.array(box[1]) >= 4)
    assert fitted(own, Extent(*box)) is own


@pytest.mark.parametrize("box", OTHERS)
def test_what_is_told_of_the_windows_is_what_the_networks_are_shown(box):
    config = fitted(MaskRCNNConfig(), Extent(*box))
    for plane, (low, high) in window_boxes(config).items():
        window = slice_window(plane, config)
        points = window.points_ijk(np.arange(window.count), np.eye(4)).reshape(-1, 3)
        size = np.array([config.pixel_mm] * 3)
        size[window.normal] = config.slice_mm
        assert np.allclose(points.min(axis=0), low + size / 2, atol=config.slice_mm)
        assert np.allclose(points.max(axis=0), high - size / 2, atol=config.slice_mm)
    unet = fitted(UNetConfig(), Extent(*box))
    points = window_points_mm(unet).reshape(-1, 3)
    low, high = window_boxes(unet)["window"]
    assert np.allclose([points.min(axis=0), points.max(axis=0)], [low + 0.875, high - 0.875])
    assert all(size % 8 == 0 for size in unet.shape_kji)


def test_the_extent_is_everybodys_and_a_stray_voxel_is_not_the_region():
    one, other = filled(INSULA), filled(INSULA, 1) + (2.0, -3.0, 0.0)
    stray = np.vstack([one, [[70.0, 70.0, 70.0]]])
    extent = Extent.of([stray, other])
    assert np.allclose(extent.low_mm, (-50, -31, -20), atol=1.0)
    assert np.allclose(extent.high_mm, (-22, 32, 20), atol=1.0)


def test_who_sets_a_window_or_has_no_mni_axes_decides():
    described = {"extent_mni_mm": [list(corner) for corner in INSULA]}
    config = MaskRCNNConfig()
    assert fitted_to_dataset(config, described, ["lr=0.1"]) == fitted(config, Extent(*INSULA)) != config
    assert fitted_to_dataset(config, described, ["image_size=128,128"]) == config
    assert fitted_to_dataset(config, {}, []) == config
    assert fitted(PAPER, Extent(*INSULA)) is PAPER


def test_the_size_of_the_voxels_that_are_learnt_from_is_the_dataset_s_where_nobody_sets_it():
    described = {"voxel_mm": 1.1}
    assert fitted_to_dataset(MaskRCNNConfig(), described, []).label_mm == 1.1
    assert fitted_to_dataset(replace(MaskRCNNConfig(), label_mm=1.5), described, ["label_mm=1.5"]).label_mm == 1.5
    assert fitted_to_dataset(PAPER, described, []).label_mm == 0.0
    assert fitted_to_dataset(MaskRCNNConfig(), {}, []) == MaskRCNNConfig()


def test_a_network_of_fewer_planes_is_fitted_to_those():
    config = fitted(replace(MaskRCNNConfig(), planes=("axial",), depths_mm=(50.0,)), Extent(*INSULA))
    assert set(coverage(config, [filled(INSULA)])) == {"axial"} and len(config.depths_mm) == 1
