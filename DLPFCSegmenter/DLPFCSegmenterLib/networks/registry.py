"""The kinds of network that a weights file may hold, by name: the one list of them.

A new kind touches its own file and `REGISTRY`. The command line, the panel, weights files and the segmenter read it
here. Importing this file is cheap: a network's own file, and PyTorch with it, comes when the network is asked for.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..errors import UserError
from ..files import file_sha256
from ..progress import Progress, SilentProgress
from ..sentences import say
from ..terminology import region_called
from ..torch_check import import_torchvision

if TYPE_CHECKING:
    from torch import nn

    from ..scan.volume import Volume
    from .configuration import Configuration
    from .frame import FramedHead


@dataclass(frozen=True)
class NetworkEntry:
    """What is told of a network before it is imported.

    title     what a person reads
    module    the file that holds its `Network` as `NETWORK`; with a leading dot one beside this file
    segments  whether it sees the region; others do other work and are left alone by the segmenter
    presets   configurations from which `dlpfc train` may begin -> what they are, in words
    trainer   the file whose `train_from` trains it; '' for one that is not trained here
    """

    title: str
    module: str
    segments: bool = True
    presets: Mapping[str, str] = field(default_factory=dict)
    trainer: str = ""


REGISTRY: dict[str, NetworkEntry] = {
    "mask-rcnn": NetworkEntry(
        say("Mask R-CNN on slices"),
        ".slice_detector",
        presets={"dlpfc": say("our Mask R-CNN"), "paper": say("ResNet-101-FPN as published")},
        trainer="..training.mask_rcnn_training",
    ),
    "unet": NetworkEntry("3-D U-Net", ".unet", presets={"unet": "the 3-D U-Net"}, trainer="..training.unet_training"),
}
"""Name in weights files and on the command line -> network."""

SHIPPED = Path(__file__).parent / "shipped" / "dlpfc.pt"
"""The weights that come with the extension."""

SHIPPED_HEAD = SHIPPED.with_name("head.pt")
"""Those that find the head (`head_network`)."""


def card_beside(weights: Path | None) -> dict:
    """The model card beside a weights file, or the shipped one; {} where there is none that can be read.

    It is not held against the weights here (`load_model` does that), which would mean reading them.
    """
    try:
        card = json.loads((weights or SHIPPED).with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


def region_in_card(weights: Path | None) -> str:
    """What the card beside a weights file calls its region, as `Model.region_name` does."""
    region = card_beside(weights).get("region")
    return region_called(region.get("name") if isinstance(region, dict) else None)


def own_weights_in(folders: Iterable[Path]) -> list[Path]:
    """Weights with a card beside them in any of the folders, the newest first; never those that are shipped."""
    found = {path.resolve() for folder in folders for path in folder.glob("*.pt") if path.parent != SHIPPED.parent}
    with_card = [path for path in found if card_beside(path).get("file") == path.name]
    return sorted(with_card, key=lambda path: path.stat().st_mtime, reverse=True)


def head_sha256() -> str:
    """SHA-256 of the head network's weights."""
    return file_sha256(SHIPPED_HEAD)


ALL = "all"
"""Choice of a person: every network that the weights hold."""


def segmenting() -> dict[str, str]:
    """Name -> title of every network that sees the region."""
    return {name: entry.title for name, entry in REGISTRY.items() if entry.segments}


def network_choices() -> tuple[str, ...]:
    """Which networks of a weights file may be asked: all that it holds, or one alone."""
    return (ALL, *segmenting())


def network_help() -> str:
    """The choices in words."""
    return say("{segmenting}, or all averaged", segmenting=", ".join(segmenting().values()))


def network_called(name: str) -> "Network":
    """The network of that name. Raises UserError for one that is not in the registry."""
    if name not in REGISTRY:
        raise UserError(
            "Unknown network '{name}': this version knows {registry}.", name=name, registry=", ".join(REGISTRY)
        )
    import_torchvision()
    return import_module(REGISTRY[name].module, __package__).NETWORK


def preset_help() -> str:
    """All presets in words."""
    told = ((preset, words) for entry in REGISTRY.values() for preset, words in entry.presets.items())
    return ", ".join(f"{preset} ({words})" for preset, words in told)


def trainer_of(preset: str) -> Callable[..., Path]:
    """What trains the network of a preset: (order, run, progress) -> the weights file.

    Raises UserError for a preset that no network has.
    """
    for entry in REGISTRY.values():
        if preset in entry.presets:
            import_torchvision()
            return import_module(entry.trainer, __package__).train_from
    known = ", ".join(name for entry in REGISTRY.values() for name in entry.presets)
    raise UserError("Unknown preset '{preset}': use one of {known}.", preset=preset, known=known)


class Network(Protocol):
    """A kind of network: how it is set, built, and asked about a head.

    configuration  the class of its settings
    detects        it finds the region in single slices with a confidence of its own, so where it is asked it alone
                   decides that there is a region and in which slices; the others then say where its border runs
    """

    configuration: type["Configuration"]
    detects: bool

    def build(self, config: Any) -> "nn.Module":
        """An untrained network for a configuration."""

    def views(self, trained: "Trained", head: "FramedHead", asked: "Asked") -> list["View"]:
        """What it says of a head; only of networks that segment."""


@dataclass(frozen=True)
class Trained:
    """A network with weights, in evaluation mode, and its configuration."""

    network: "nn.Module"
    config: Any


@dataclass(frozen=True)
class Asked:
    """How networks are asked.

    threshold   probability from which a voxel is the region
    confidence  replaces a detector's own least confidence of a slice where given
    alone       no other network is asked about the same head
    """

    threshold: float
    confidence: float | None = None
    alone: bool = True
    device: str = "cpu"
    progress: Progress = field(default_factory=SilentProgress)


@dataclass(frozen=True)
class SeenSlice:
    """A slice in which a network found the region.

    index      of the slice in its plane's stack
    score      confidence 0..1
    middle_mm  middle of the finding in the frame, shape (3,)
    normal     axis 0, 1 or 2 of the frame on which the slices follow each other
    """

    plane: str
    index: int
    score: float
    middle_mm: np.ndarray
    normal: int


@dataclass(frozen=True)
class View:
    """One look at a head: a plane of slices, or a window.

    probability  of the region, float32 0..1, on a grid in the frame's mm
    weight       how much it counts beside the other views
    slices       where a network that `detects` found the region; None for others
    """

    name: str
    probability: "Volume"
    weight: float
    slices: tuple[SeenSlice, ...] | None = None


def heaviest(views: Mapping[str, View]) -> View:
    """The view that counts most; the first of several."""
    return max(views.values(), key=lambda view: view.weight)
