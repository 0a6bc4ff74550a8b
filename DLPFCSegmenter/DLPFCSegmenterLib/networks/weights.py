"""Weights files: what is in them, and how they are trusted.

A weights file `NAME.pt` holds the model's id, and of a Mask R-CNN, a 3-D U-Net or both a half-precision
state and the configuration. Beside it stands `NAME.json`, the model card, which names the file's SHA-256. A
file without a card of its own is accepted when it is the user's own (`dlpfc plan --weights`), and its hash
is reported.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torchvision.models.detection import MaskRCNN

from ..errors import UserError
from .mask_rcnn import build_network
from .mask_rcnn_config import MaskRCNNConfig
from .unet import UNet, build_unet
from .unet_config import UNetConfig

SHIPPED = Path(__file__).parent / "shipped" / "dlpfc.pt"
"""The network that comes with the extension."""

_FORMAT = "dlpfc-weights-1"


@dataclass(frozen=True)
class SliceModel:
    """A Mask R-CNN, and how its slices are cut."""

    network: MaskRCNN
    config: MaskRCNNConfig


@dataclass(frozen=True)
class VolumeModel:
    """A 3-D U-Net, and the window that it sees."""

    network: UNet
    config: UNetConfig


@dataclass(frozen=True)
class Model:
    """Networks ready to be asked, in evaluation mode, and what they are. One of the two may be missing.

    card  the model card's values: data, licences, label definition, figures, limits
    """

    slices: SliceModel | None
    volume: VolumeModel | None
    id: str
    sha256: str
    card: dict

    @property
    def label_definition(self) -> str:
        """What its label means, in one sentence."""
        return self.card.get("label_definition", "not stated by the weights file")


def save_weights(path: Path, card: dict, slices: SliceModel | None, volume: VolumeModel | None = None) -> str:
    """Write `path` and its card beside it; the result is the file's SHA-256.

    `card` has at least 'id' and 'label_definition'.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = {"format": _FORMAT, "id": card["id"], "label_definition": card["label_definition"]}
    torch.save({**held, **(_held(slices) if slices else {}), "volume": _held(volume) if volume else None}, path)
    sha256 = file_sha256(path)
    text = json.dumps({**card, "file": path.name, "sha256": sha256}, indent=2, ensure_ascii=False)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return sha256


def _held(model: SliceModel | VolumeModel) -> dict:
    state = {name: _half(value) for name, value in model.network.state_dict().items()}
    return {"config": model.config.to_dict(), "state": state}


def join_weights(slices: Path, volume: Path, joined: Path) -> str:
    """Write the Mask R-CNN of one file and the 3-D U-Net of another as one; the result is its SHA-256.

    Raises UserError where a network is missing, where they learnt different labels, or where `joined` exists.
    """
    if joined.exists():
        raise UserError(f"{joined}: is there already; name another file.")
    first, second = load_model(slices), load_model(volume)
    if first.slices is None or second.volume is None:
        raise UserError(f"{slices} has to hold a Mask R-CNN and {volume} a 3-D U-Net; name them in this order.")
    if first.label_definition != second.label_definition:
        raise UserError(f"{slices} and {volume} learnt different labels; join networks that were trained for the same.")
    parts = [{k: v for k, v in each.card.items() if k not in ("file", "region")} for each in (first, second)]
    card = {key: first.card[key] for key in ("label_definition", "region") if key in first.card}
    return save_weights(
        joined, {"id": f"{first.id} + {second.id}", **card, "parts": parts}, first.slices, second.volume
    )


def _half(value: torch.Tensor) -> torch.Tensor:
    return value.detach().cpu().half() if value.is_floating_point() else value.detach().cpu()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_model(path: Path | None = None, device: str = "cpu") -> Model:
    """The networks of a weights file, or the shipped ones.

    Raises UserError for a missing file, one that is not a weights file, one whose hash is not the
    card's, or one whose configuration does not fit its weights.
    """
    path = Path(path or SHIPPED)
    if not path.is_file():
        raise UserError(f"{path}: there is no weights file; give one that `dlpfc train` wrote.")
    sha256 = file_sha256(path)
    card = _read_card(path, sha256)
    held = _read_weights(path)
    slices = volume = None
    if "state" in held:
        config = MaskRCNNConfig.from_dict(held["config"])
        slices = SliceModel(_filled(build_network(config), held["state"], path, device), config)
    if held.get("volume"):
        window = UNetConfig.from_dict(held["volume"]["config"])
        volume = VolumeModel(_filled(build_unet(window), held["volume"]["state"], path, device), window)
    return Model(slices, volume, held["id"], sha256, {"label_definition": held["label_definition"], **card})


def _filled(network: nn.Module, state: dict, path: Path, device: str) -> nn.Module:
    """The network with the weights of a file, in single precision."""
    try:
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    except RuntimeError as error:
        raise UserError(
            f"{path}: its weights do not fit the configuration stored with them; train or download the file again."
        ) from error
    return network.eval().to(device)


def _read_card(path: Path, sha256: str) -> dict:
    """The card beside a weights file, {} where there is none; UserError where the hash differs."""
    place = path.with_suffix(".json")
    if not place.exists():
        return {}
    try:
        card = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{place}: is not a model card; delete it or restore it.") from error
    if card.get("sha256") != sha256:
        raise UserError(
            f"{path}: its SHA-256 is not the one in {place.name}, so the file is damaged or not the"
            " one that the card describes; install it again."
        )
    return card


def _read_weights(path: Path) -> dict:
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(f"{path}: is not a weights file of this program; give one that `dlpfc train` wrote.") from error
    if not isinstance(held, dict) or held.get("format") != _FORMAT:
        raise UserError(f"{path}: is not a weights file of this program; give one that `dlpfc train` wrote.")
    return held


def choose_device(wanted: str) -> str:
    """'cuda' or 'cpu' for 'auto', 'cuda' or 'cpu'. Raises UserError for a GPU that is not there."""
    if wanted not in ("auto", "cpu", "cuda"):
        raise UserError(f"Unknown device '{wanted}': use auto, cpu or cuda.")
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise UserError("No CUDA GPU can be used by this PyTorch; choose the device 'cpu' or 'auto'.")
    return "cuda" if available and wanted != "cpu" else "cpu"
