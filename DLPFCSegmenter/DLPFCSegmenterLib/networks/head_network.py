"""The head networks: they see a scan in coarse cells and say of each place where in MNI space it lies.

There are two of one build. The wide one sees a whole scan in cells of 8 mm, as far as the head lies as its header has
it; the close one sees the scan in MNI axes that the wide one found, in cells of 6.4 mm, and tells it more exactly. A
third one, the turn network, tells in which turn by right angles a head lies most as its header has it.

Sources: Ronneberger et al., U-Net (MICCAI 2015); Wu and He, Group Normalization (ECCV 2018; normalising each channel
over the volume would take away what all places have in common, such as the head's turn). Coordinates as a network's
answer: Taylor et al., The Vitruvian Manifold (CVPR 2012); Gopinath et al., Registration by Regression (2024).

It is not told where in the grid a cell lies: one that was learnt to leave the MNI axes as they were, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..errors import UserError
from ..sentences import both
from .weights import require_finite, told_malformed

MULTIPLE = 8
"""Cells along each axis of the input are a multiple of this."""

CLASSES = ("air", "head", "brain")
AIR, HEAD, BRAIN = range(3)

BRAIN_MIDDLE_MNI_MM = (0.0, -17.0, 4.0)
"""About the middle of the brain, and of what the close network sees."""

CLOSE_SHAPE_KJI = (32, 40, 32)
"""Cells that the close network sees: 205 x 256 x 205 mm around the brain's middle, in MNI axes."""

_GROUP = 8
"""Channels that are normalised together."""

_UNSEEN = (-1.0, 0.0, -1.0)
"""What `input_channels` are where nothing was scanned."""

_LOCAL_BLOCKS = 3
"""Side, in output cells, of the block against whose mean and SD an input cell is seen in the second channel."""

_FORMAT = "dlpfc-head-2"


@dataclass(frozen=True)
class HeadConfig:
    """One of the networks.

    look      'wide', which sees a scan as it lies, 'close', which sees it in MNI axes, or 'turn'
    cell_mm   size of the cells that it sees; it answers for cells twice as large
    channels  widths of its three levels, and `depth` the convolutions of the lowest
    reach_mm  an output of 1 is so many mm
    """

    look: str = "wide"
    cell_mm: float = 8.0
    channels: tuple[int, int, int] = (24, 48, 56)
    depth: int = 3
    reach_mm: float = 60.0

    @property
    def answer_mm(self) -> float:
        """Size of the cells that it answers for."""
        return 2.0 * self.cell_mm


WIDE = HeadConfig()
CLOSE = HeadConfig("close", 6.4)
TURN = HeadConfig("turn", WIDE.cell_mm, (16, 32, 64), depth=2)


@dataclass(frozen=True)
class HeadAnswer:
    """What the network says of each output cell.

    coordinates_mm  (N, 3, K, J, I), MNI x, y, z in mm
    logits          (N, 3, K, J, I), of `CLASSES`
    """

    coordinates_mm: torch.Tensor
    logits: torch.Tensor


class HeadNetwork(nn.Module):
    """From `input_channels` (N, 3, K, J, I) to a `HeadAnswer` at half of K, J and I, all multiples of 8.

    Every layer that changes the grid keeps its middle, so that a mirrored input can be answered on the mirrored grid.
    """

    def __init__(self, config: HeadConfig) -> None:
        super().__init__()
        top, middle, low = config.channels
        self.config = config
        self.first = _Convolution(3, top, kernel=4, stride=2, padding=1)
        self.top = _Convolution(top, top)
        self.to_middle = _Convolution(top, middle, kernel=2, stride=2, padding=0)
        self.middle = _Convolution(middle, middle)
        self.to_low = _Convolution(middle, low, kernel=2, stride=2, padding=0)
        self.low = nn.ModuleList(_Convolution(low, low) for _ in range(config.depth))
        self.join_middle = _Convolution(low + middle, middle)
        self.join_top = _Convolution(middle + top, top)
        self.last = _Convolution(top, top)
        self.answer = nn.Conv3d(top, 3 + len(CLASSES), kernel_size=1)

    def forward(self, channels: torch.Tensor) -> HeadAnswer:
        """Coordinates and classes (see the class)."""
        top = self.top(self.first(channels.contiguous(memory_format=torch.channels_last_3d)))
        middle = self.middle(self.to_middle(top))
        low = self._lowest(self.to_low(middle))
        middle = self.join_middle(torch.cat([middle, _doubled(low)], dim=1))
        top = self.last(self.join_top(torch.cat([top, _doubled(middle)], dim=1)))
        with _no_autocast(top):
            said = self.answer(top.float())
        return HeadAnswer(self.config.reach_mm * said[:, :3], said[:, 3:])

    def _lowest(self, low: torch.Tensor) -> torch.Tensor:
        """In single precision: oneDNN's bfloat16 gradients are not finite on grids of 2 x 3 x 2 (PyTorch 2.14)."""
        with _no_autocast(low):
            low = low.float()
            for layer in self.low:
                low = low + layer(low)
            return low


class TurnNetwork(nn.Module):
    """From `in_a_cube` (N, 3, C, C, C) to how much each looks like a head that lies as its header has it, logits (N,).

    It is asked of a scan in each turn and what it says is compared (softmax): so it learns one way to lie and not 24.
    """

    def __init__(self, config: HeadConfig) -> None:
        super().__init__()
        top, middle, low = config.channels
        self.config = config
        self.layers = nn.Sequential(
            _Convolution(3, top),
            _Convolution(top, middle, kernel=4, stride=2, padding=1),
            _Convolution(middle, middle),
            _Convolution(middle, low, kernel=2, stride=2, padding=0),
            *(_Convolution(low, low) for _ in range(config.depth)),
        )
        self.answer = nn.Linear(2 * low, 1)

    def forward(self, channels: torch.Tensor) -> torch.Tensor:
        """Logits (see the class); the first thing is to halve the grid."""
        halved = nn.functional.avg_pool3d(channels, 2).contiguous(memory_format=torch.channels_last_3d)
        features = self.layers(halved).float().flatten(2)
        return self.answer(torch.cat([features.mean(dim=2), features.amax(dim=2)], dim=1))[:, 0]


def in_a_cube(channels: torch.Tensor) -> torch.Tensor:
    """`input_channels` (1, 3, K, J, I) in a cube (1, 3, C, C, C) around the same middle; what is added was not seen."""
    sizes = channels.shape[2:]
    room = [max(sizes) - n for n in reversed(sizes)]
    ends = [part for n in room for part in (n // 2, n - n // 2)]
    return torch.cat(
        [nn.functional.pad(each, ends, value=value) for each, value in zip(channels.split(1, 1), _UNSEEN, strict=True)],
        1,
    )


def _no_autocast(features: torch.Tensor) -> torch.autocast:
    return torch.autocast(features.device.type, enabled=False)


class _Conv3d(nn.Conv3d):
    """As fast for one volume as for two: of one alone PyTorch (2.14) asks oneDNN for large ones only."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """By oneDNN itself, where nothing is learnt."""
        is_fast = features.is_cpu and torch.backends.mkldnn.is_available() and not torch.is_grad_enabled()
        if not is_fast or isinstance(self.padding, str):
            return super().forward(features)
        return torch.mkldnn_convolution(
            features, self.weight, self.bias, self.padding, self.stride, self.dilation, self.groups
        )


class _GroupNorm(nn.GroupNorm):
    """One that sums each group in one thread when nothing is learnt: else their number changes the last digits."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """With channels outermost, for which PyTorch shares out whole groups."""
        if torch.is_grad_enabled():
            return super().forward(features)
        return super().forward(features.contiguous()).contiguous(memory_format=torch.channels_last_3d)


class _Convolution(nn.Sequential):
    """A convolution, normalised over the volume and groups of channels, rectified."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, padding: int = 1) -> None:
        super().__init__(
            _Conv3d(inputs, outputs, kernel, stride, padding, bias=False),
            _GroupNorm(max(1, outputs // _GROUP), outputs),
            nn.LeakyReLU(0.01, inplace=True),
        )


def _doubled(features: torch.Tensor) -> torch.Tensor:
    return nn.functional.interpolate(features, scale_factor=2, mode="nearest")


def input_channels(values: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
    """What the network is shown of one scan: (1, 3, K, J, I) from grey values and `seen`, both (K, J, I).

    seen  share of each cell that lies in the field of view, 0..1
    The channels are the values between their 1st and 99th percentile, the same against their surroundings (a coil's
    sensitivity and bright fat change little of it), and `seen`. Gain and offset of the scan change nothing.
    """
    inside = seen > 0.5
    shown = values[inside] if inside.any() else values.reshape(-1)
    low, high = _percentiles(shown, (0.01, 0.99))
    unit = ((values - low) / (high - low).clamp(min=1e-6)).clamp(0.0, 1.5) * seen
    local = _against_surroundings(unit, seen)
    return torch.stack([4.0 * unit - 1.0, local, 2.0 * seen - 1.0])[None]


def _percentiles(values: torch.Tensor, shares: tuple[float, ...]) -> list[torch.Tensor]:
    last = values.numel() - 1
    return [torch.kthvalue(values, 1 + round(share * last)).values for share in shares]


def _against_surroundings(unit: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
    """Values in SDs of their surroundings, as far as these were seen."""
    sums = nn.functional.avg_pool3d(torch.stack([seen, unit, unit * unit]), 2)
    around = nn.functional.avg_pool3d(sums, _LOCAL_BLOCKS, stride=1, padding=_LOCAL_BLOCKS // 2)
    weight = around[0].clamp(min=1e-3)
    mean = around[1] / weight
    deviation = (around[2] / weight - mean * mean).clamp(min=0.0).sqrt()
    mean, scale = _doubled(torch.stack([mean, 1.0 / (deviation + 0.02)])[None])[0]
    return ((unit - mean) * scale).clamp(-3.0, 3.0) * seen


def build_head_network(config: HeadConfig) -> HeadNetwork:
    """An untrained wide or close network."""
    return HeadNetwork(config).to(memory_format=torch.channels_last_3d)


def build_turn_network(config: HeadConfig) -> TurnNetwork:
    """An untrained turn network."""
    return TurnNetwork(config).to(memory_format=torch.channels_last_3d)


AnyNetwork = HeadNetwork | TurnNetwork


@dataclass(frozen=True)
class HeadNetworks:
    """The three that find a head together."""

    wide: HeadNetwork
    close: HeadNetwork
    turn: TurnNetwork


def save_head_networks(path: Path, networks: Mapping[str, AnyNetwork], about: dict) -> None:
    """Write networks by their look in half precision; `about` are plain values that tell their making."""
    held = {}
    for look, network in networks.items():
        state = {name: value.detach().cpu().half() for name, value in network.state_dict().items()}
        held[look] = {"config": asdict(network.config), "state": state}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"format": _FORMAT, "about": about, "networks": held}, path)


def read_head_networks(path: Path, device: str = "cpu") -> tuple[dict[str, Any], dict]:
    """What a file of `save_head_networks` holds, in evaluation mode, and what it says of its making.

    Raises UserError for a missing file or one that holds no head networks.
    """
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            "{path}: cannot be read as head networks; give a file that was trained for it.", path=path
        ) from error
    if not isinstance(held, dict) or held.get("format") != _FORMAT:
        raise UserError("{path}: holds no head networks; give a file that was trained for it.", path=path)
    with told_malformed(path):
        for each in held["networks"].values():
            require_finite(path, each["state"])
        return {look: _filled(each).to(device) for look, each in held["networks"].items()}, held["about"]


def _filled(held: dict) -> AnyNetwork:
    known = {f.name for f in fields(HeadConfig)}
    values: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in held["config"].items() if k in known
    }
    config = HeadConfig(**values)
    network = build_turn_network(config) if config.look == TURN.look else build_head_network(config)
    network.load_state_dict({name: value.float() for name, value in held["state"].items()})
    return network.eval()


def load_head_networks(path: Path, device: str = "cpu") -> HeadNetworks:
    """All networks of a file. Raises UserError as `read_head_networks`, and where one of them is missing."""
    networks, _ = read_head_networks(path, device)
    if set(networks) != {"wide", "close", "turn"}:
        raise UserError(
            "{path}: holds {networks} alone; join the wide, the close and the turn network.",
            path=path,
            networks=both(networks),
        )
    return HeadNetworks(**networks)
