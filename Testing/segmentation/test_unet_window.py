"""The window lies where its configuration says."""

from dataclasses import replace

import numpy as np
import torch
from torch import nn

from DLPFCSegmenterLib.networks.frame import SliceFrame
from DLPFCSegmenterLib.networks.unet_config import UNetConfig
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.unet_window import (
    region_probability,
    volume_window,
    window_image,
    window_points_mm,
)

CONFIG = replace(UNetConfig(), shape_kji=(8, 16, 24), spacing_mm=2.0, window_centre_mm=(-40.0, 30.0, 20.0))


def test_its_voxels_are_centred_and_spaced_as_said():
    points = window_points_mm(CONFIG)
    assert points.shape == (8, 16, 24, 3)
    assert np.allclose(points.mean(axis=(0, 1, 2)), CONFIG.window_centre_mm)
    assert np.allclose(points[1, 2, 3] - points[0, 0, 0], (6.0, 4.0, 2.0))


def test_an_image_shows_the_scan_through_the_frame():
    """Intensities that grow by 1 with every mm to the right, front and top say where each voxel was looked up."""
    k, j, i = np.indices((70, 80, 90)).astype(np.float32)
    scan_to_ras = np.diag([2.0, 2.0, 2.0, 1.0])
    scan_to_ras[:3, 3] = (-90.0, -50.0, -40.0)
    ras_from_frame = np.eye(4)
    ras_from_frame[:3, 3] = (5.0, -3.0, 2.0)
    expected = window_points_mm(CONFIG) + ras_from_frame[:3, 3]
    for axis, index in enumerate((i, j, k)):
        scan = Volume(index * 2.0 + scan_to_ras[axis, 3], scan_to_ras)
        image = window_image(scan, SliceFrame(ras_from_frame, 10.0, 50.0), CONFIG)
        assert np.allclose(image * 50.0 + 10.0, expected[..., axis], atol=1e-2)


class _Counts(nn.Module):
    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images


def test_logits_become_probabilities_on_the_window():
    image = np.zeros(CONFIG.shape_kji, np.float32)
    image[2, 3, 4] = 2.0
    probability = region_probability(_Counts(), image, CONFIG)
    assert np.allclose(probability.ijk_to_ras, volume_window(CONFIG).ijk_to_ras)
    assert np.isclose(probability.array_kji[2, 3, 4], 1 / (1 + np.exp(-2.0)))
    assert np.isclose(probability.array_kji[0, 0, 0], 0.5)
