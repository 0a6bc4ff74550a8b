"""The 3-D U-Net: a residual network that sees the whole region at once, in MNI axes, as one window.

Sources: Ronneberger et al., U-Net (MICCAI 2015); Cicek et al., 3D U-Net (MICCAI 2016); He et al., Deep Residual
Learning (CVPR 2016); Ulyanov et al., Instance Normalization (2016).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from ..geometry.spaces import ijk_to_ras_points, transform_points
from ..scan.volume import Volume
from .configuration import Augmentation, Configuration
from .frame import FramedHead
from .registry import Asked, Trained, View

WINDOW = "window"
"""Name of its view."""


@dataclass(frozen=True)
class UNetConfig(Configuration):
    """A 3-D U-Net for one region, and how it is trained.

    shape_kji         voxels of its window, in MNI axes
    spacing_mm        their size: there and back through 1.75 mm a label keeps a Dice of 0.98 with itself
                      (2 mm: 0.96, 1.5 mm: 0.99)
    window_centre_mm  middle of the window in MNI mm, x, y, z: it reaches well behind the region, for where that ends
                      is told by where the gyrus does
    channels          width of each level; the window is halved from one to the next
    label_loss        weight of an auxiliary loss: the last features name every structure of the parcellation;
                      refused where the dataset has none
    check_every       steps from one judgement and checkpoint to the next
    memory            of the running mean of the weights, which is what is kept (`training.loop.RunningMean`)
    batch             with one alone on one thread PyTorch leaves its fast convolutions aside
    """

    name: str = "unet"
    shape_kji: tuple[int, int, int] = (56, 48, 40)
    spacing_mm: float = 1.75
    window_centre_mm: tuple[float, float, float] = (-40.0, 31.0, 27.0)
    channels: tuple[int, ...] = (16, 48, 128, 256)
    weight: float = 0.9
    label_loss: float = 0.3
    lr: float = 0.002
    weight_decay: float = 1e-3
    clip_norm: float = 5.0
    memory: float = 0.998
    batch: int = 2
    steps: int = 6000
    check_every: int = 500
    augmentation: Augmentation = Augmentation(
        rotation_deg=9.0, tilt_deg=9.0, scale=0.1, shift_mm=6.0, skull_strip=0.2, synthetic_contrast=0.07,
        aged=0.4, any_look=0.3, rescanned=0.35,
    )  # fmt: skip


class UNet(nn.Module):
    """From the window's normalised intensities to a logit for each voxel.

    forward((N, 1 + maps, K, J, I)) -> (N, 1, K, J, I); K, J and I are multiples of 2 to the power of levels less one.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        widths = config.channels
        self.first = _Convolution(1 + len(config.extra_channels), widths[0])
        self.down = nn.ModuleList(_Residual(a, b, stride=2) for a, b in zip(widths, widths[1:], strict=False))
        self.lift = nn.ModuleList(
            nn.ConvTranspose3d(b, a, kernel_size=2, stride=2) for a, b in zip(widths, widths[1:], strict=False)
        )
        self.up = nn.ModuleList(_Residual(2 * width, width) for width in widths[1:-1])
        self.last = _Convolution(2 * widths[0], widths[0])
        self.region = nn.Conv3d(widths[0], 1, kernel_size=1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits of the region (see the class)."""
        return self.region(self.features(images))

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """What the region is told from: (N, channels[0], K, J, I)."""
        kept = [self.first(images.contiguous(memory_format=torch.channels_last_3d))]
        for down in self.down:
            kept.append(down(kept[-1]))
        x = kept.pop()
        for lift, join in reversed(list(zip(self.lift, (self.last, *self.up), strict=True))):
            x = join(torch.cat([kept.pop(), lift(x)], dim=1))
        return x


class _Convolution(nn.Sequential):
    """3x3x3, normalised over each volume, rectified."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv3d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False),
            nn.InstanceNorm3d(outputs, affine=True),
            nn.LeakyReLU(0.01, inplace=True),
        )


class _Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.inner = _Convolution(inputs, outputs, stride)
        self.outer = nn.Sequential(
            nn.Conv3d(outputs, outputs, kernel_size=3, padding=1, bias=False),
            nn.InstanceNorm3d(outputs, affine=True),
        )
        self.shortcut = nn.Conv3d(inputs, outputs, kernel_size=1, stride=stride, bias=False)
        self.rectify = nn.LeakyReLU(0.01, inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, inputs, K, J, I) -> (N, outputs, K / stride, J / stride, I / stride)."""
        return self.rectify(self.outer(self.inner(x)) + self.shortcut(x))


def build_unet(config: UNetConfig) -> UNet:
    """An untrained network for `config`."""
    return UNet(config).to(memory_format=torch.channels_last_3d)


def unet_window(config: UNetConfig) -> Volume:
    """The empty grid of its window, in the frame's mm."""
    matrix = np.diag([config.spacing_mm] * 3 + [1.0])
    half_mm = (np.array(config.shape_kji[::-1]) - 1) * config.spacing_mm / 2
    matrix[:3, 3] = np.array(config.window_centre_mm) - half_mm
    return Volume(np.zeros(config.shape_kji, np.uint8), matrix)


def window_points_mm(config: UNetConfig) -> np.ndarray:
    """The window's voxel centres in the frame's mm, shape (K, J, I, 3)."""
    ijk = np.moveaxis(np.indices(config.shape_kji), 0, -1)[..., ::-1]
    return ijk_to_ras_points(unet_window(config).ijk_to_ras, ijk.reshape(-1, 3)).reshape(ijk.shape)


def window_image(head: FramedHead, config: UNetConfig) -> np.ndarray:
    """A head's normalised intensities in the window, and then its maps, float32 (1 + maps, K, J, I)."""
    points = transform_points(head.frame_to_ijk, window_points_mm(config)).astype(np.float32)
    return np.concatenate([head.normalised(points)[None], head.extra(config.extra_channels, points)])


@torch.inference_mode()
def region_probability(trained: Trained, image: np.ndarray, device: str = "cpu") -> Volume:
    """The probability of the region in a `window_image`, float32 (K, J, I) in 0..1, in the frame's mm."""
    logits = trained.network(torch.from_numpy(image)[None].to(device))
    return unet_window(trained.config).with_array(logits.sigmoid()[0, 0].cpu().numpy())


class WindowNetwork:
    """The U-Net as a `Network`: its window is the one view."""

    configuration = UNetConfig
    detects = False

    def build(self, config: UNetConfig) -> nn.Module:
        """An untrained network."""
        return build_unet(config)

    def views(self, trained: Trained, head: FramedHead, asked: Asked) -> list[View]:
        """The window."""
        asked.progress.report(0, 1, "3-D window")
        probability = region_probability(trained, window_image(head, trained.config), asked.device)
        asked.progress.report(1, 1, "3-D window")
        return [View(WINDOW, probability, trained.config.weight)]


NETWORK = WindowNetwork()
