"""The window of MNI space that the 3-D network sees, and what it says of it."""

import numpy as np
import torch

from ..geometry.spaces import ijk_to_ras_points, transform_points
from ..networks.frame import SliceFrame
from ..networks.slicing import normalise, sample
from ..networks.unet import UNet
from ..networks.unet_config import UNetConfig
from ..scan.volume import Volume


def volume_window(config: UNetConfig) -> Volume:
    """Its empty grid, in the frame's mm."""
    matrix = np.diag([config.spacing_mm] * 3 + [1.0])
    half_mm = (np.array(config.shape_kji[::-1]) - 1) * config.spacing_mm / 2
    matrix[:3, 3] = np.array(config.window_centre_mm) - half_mm
    return Volume(np.zeros(config.shape_kji, np.uint8), matrix)


def window_points_mm(config: UNetConfig) -> np.ndarray:
    """Its voxel centres in the frame's mm, shape (K, J, I, 3)."""
    ijk = np.moveaxis(np.indices(config.shape_kji), 0, -1)[..., ::-1]
    return ijk_to_ras_points(volume_window(config).ijk_to_ras, ijk.reshape(-1, 3)).reshape(ijk.shape)


def window_image(canonical: Volume, frame: SliceFrame, config: UNetConfig) -> np.ndarray:
    """A scan's normalised intensities in the window, float32 (K, J, I)."""
    frame_to_ijk = np.linalg.inv(canonical.ijk_to_ras) @ frame.ras_from_frame
    ijk = transform_points(frame_to_ijk, window_points_mm(config)).astype(np.float32)
    return normalise(sample(canonical.array_kji, ijk), frame.mean, frame.sd)


@torch.inference_mode()
def region_probability(network: UNet, image_kji: np.ndarray, config: UNetConfig, device: str = "cpu") -> Volume:
    """The probability of the region in the window, float32 (K, J, I) in 0..1, in the frame's mm."""
    logits = network(torch.from_numpy(image_kji)[None, None].to(device))
    return volume_window(config).with_array(logits.sigmoid()[0, 0].cpu().numpy())
