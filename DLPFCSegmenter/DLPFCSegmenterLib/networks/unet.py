"""The second network: a residual 3-D U-Net that sees the whole region at once, in MNI axes.

Sources: Ronneberger et al., U-Net (MICCAI 2015); Cicek et al., 3D U-Net (MICCAI 2016); He et al., Deep Residual
Learning (CVPR 2016); Ulyanov et al., Instance Normalization (2016).
"""

import torch
from torch import nn

from .unet_config import UNetConfig


class UNet(nn.Module):
    """From the window's normalised intensities to a logit for each voxel.

    forward((N, 1, K, J, I)) -> (N, 1, K, J, I); K, J and I are multiples of 2 to the power of levels less one.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        widths = config.channels
        self.first = _Convolution(1, widths[0])
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
