"""Weights files: what is in them, how they are trusted, and where a network's training starts from.

A weights file `NAME.pt` holds the model's id and, by the names of `registry`, the configuration and half-precision
state of one network or several. Beside it stands `NAME.json`, the model card, which names the file's SHA-256. A
file without a card of its own is accepted when it is the user's own (`dlpfc plan --weights`), and its hash
is reported; what its region is called stands in the file too.

A training starts from nothing, ImageNet, COCO, or any file of weights that fits. ImageNet and COCO come from
torchvision when online, or from a file that torchvision would have loaded. Matterport's rule: layers whose shape
depends on the classes start anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..errors import UserError, in_one_line
from ..files import file_sha256, write_whole
from ..terminology import region_called
from .registry import REGISTRY, SHIPPED, Trained, network_called

_FORMAT = "dlpfc-weights-2"
_FIRST_FORMAT = "dlpfc-weights-1"


@dataclass(frozen=True)
class Model:
    """Networks ready to be asked, in evaluation mode, and what they are.

    networks  name in the registry -> network
    card      the model card's values: data, licences, label definition, figures, limits
    """

    networks: Mapping[str, Trained]
    id: str
    sha256: str
    card: dict

    @property
    def label_definition(self) -> str:
        """What its label means, in one sentence."""
        return self.card.get("label_definition", "not stated by the weights file")

    @property
    def region_name(self) -> str:
        """What a person calls what it finds: 'DLPFC', or the name that was given to another region."""
        region = self.card.get("region")
        return region_called(region.get("name") if isinstance(region, dict) else None)


def save_weights(path: Path, card: dict, networks: Mapping[str, Trained]) -> str:
    """Write `path` and its card beside it; the result is the file's SHA-256.

    `card` has at least 'id' and 'label_definition'. Raises UserError for a name that does not end in .pt.
    """
    if path.suffix != ".pt":
        raise UserError("{path}: give weights a name that ends in .pt; their card lies beside them.", path=path)
    named = {name: _held(networks[name]) for name in REGISTRY if name in networks}
    told_inside = {key: card[key] for key in ("id", "label_definition", "region") if card.get(key)}
    held = {"format": _FORMAT, **told_inside, "networks": named}
    with write_whole(path.parent, last=path.with_suffix(".json").name) as fresh:
        torch.save(held, fresh / path.name)
        sha256 = file_sha256(fresh / path.name)
        told = {**card, **_own_confidence(networks), "file": path.name, "sha256": sha256}
        text = json.dumps(told, indent=2, ensure_ascii=False)
        (fresh / path.name).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return sha256


def _own_confidence(networks: Mapping[str, Trained]) -> dict[str, float]:
    """What the card says of the least confidence of a slice, so that the panel shows it without reading the weights."""
    told = [each.config.confidence for name, each in networks.items() if network_called(name).detects]
    return {"confidence": told[0]} if told else {}


def _held(trained: Trained) -> dict:
    state = {name: _half(value) for name, value in trained.network.state_dict().items()}
    return {"config": trained.config.to_dict(), "state": state}


def join_weights(paths: Sequence[Path], joined: Path) -> str:
    """Write the networks of several files as one; the result is its SHA-256.

    Raises UserError where two hold the same network, where they learnt different labels, or where `joined` exists.
    """
    if joined.exists():
        raise UserError("{joined}: is there already; name another file.", joined=joined)
    models = [load_model(path) for path in paths]
    networks: dict[str, Trained] = {}
    for path, model in zip(paths, models, strict=True):
        twice = networks.keys() & model.networks.keys()
        if twice:
            raise UserError(
                "{path}: holds a {kind} as a file before it does; join networks of different kinds.",
                path=path,
                kind=twice.pop(),
            )
        networks |= model.networks
    require_one_label(paths, models)
    parts = [{k: v for k, v in model.card.items() if k not in ("file", "region")} for model in models]
    card = {key: models[0].card[key] for key in ("label_definition", "region") if key in models[0].card}
    return save_weights(joined, {"id": " + ".join(model.id for model in models), **card, "parts": parts}, networks)


def require_one_label(paths: Sequence[Path], models: Sequence[Model]) -> None:
    """Raise UserError, naming the files, where models learnt different labels."""
    if len({model.label_definition for model in models}) > 1:
        named = " and ".join(map(str, paths))
        raise UserError("{named} learnt different labels; join networks that were trained for the same.", named=named)


def _half(value: torch.Tensor) -> torch.Tensor:
    return value.detach().cpu().half() if value.is_floating_point() else value.detach().cpu()


def load_model(path: Path | None = None, device: str = "cpu") -> Model:
    """The networks of a weights file, or the shipped ones.

    Raises UserError for a missing file, one that is not a weights file, one whose hash is not the
    card's, one with a network that this version does not know, or one whose configuration does not fit its weights.
    """
    path = Path(path or SHIPPED)
    if not path.is_file():
        raise UserError("{path}: there is no weights file; give one that `dlpfc train` wrote.", path=path)
    sha256 = file_sha256(path)
    card = _read_card(path, sha256)
    with told_malformed(path):
        held = _read_weights(path)
        _require_schema(held)
        networks = {name: _trained(name, each, path, device) for name, each in held["networks"].items()}
    told = {key: held[key] for key in ("label_definition", "region") if key in held}
    return Model(networks, held["id"], sha256, told | card)


@contextmanager
def told_malformed(path: Path) -> Iterator[None]:
    """Turn whatever a file's wrong values lead its reader to into a UserError that names the file."""
    try:
        yield
    except (UserError, MemoryError):
        raise
    except Exception as error:
        raise UserError(
            "{path}: is malformed ({kind}: {error}); give a file that `dlpfc train` wrote.",
            path=path,
            kind=type(error).__name__,
            error=in_one_line(error)[:200],
        ) from error


def _require_schema(held: Mapping[str, Any]) -> None:
    """Raise TypeError or KeyError unless the file holds texts and, by name, settings and tensors."""
    kinds: list[tuple[Any, type]] = [(held["id"], str), (held["label_definition"], str), (held["networks"], dict)]
    for each in held["networks"].values():
        kinds += [(each["config"], dict), (each["state"], dict)]
        kinds += [(value, torch.Tensor) for value in each["state"].values()]
    for value, kind in kinds:
        if not isinstance(value, kind):
            raise TypeError(f"a {type(value).__name__} stands where a {kind.__name__} belongs")


def require_finite(path: Path, state: Mapping[str, torch.Tensor]) -> None:
    """Raise UserError for weights that are no numbers: a network would answer nonsense without a word."""
    for name, value in state.items():
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise UserError(
                "{path}: its weights '{name}' hold what is no number; train or download the file again.",
                path=path,
                name=name,
            )


def _trained(name: str, held: dict, path: Path, device: str) -> Trained:
    """A network with the weights of a file, in single precision."""
    if name not in REGISTRY:
        raise UserError(
            "{path}: holds a network '{name}' that this version does not know; update the module.", path=path, name=name
        )
    kind = network_called(name)
    config = kind.configuration.from_dict(held["config"])
    require_finite(path, held["state"])
    network: nn.Module = kind.build(config)
    try:
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in held["state"].items()})
    except RuntimeError as error:
        raise UserError(
            "{path}: its weights do not fit the configuration stored with them; train or download the file again.",
            path=path,
        ) from error
    return Trained(network.eval().to(device), config)


def _read_card(path: Path, sha256: str) -> dict:
    """The card beside a weights file, {} where there is none; UserError where the hash differs."""
    place = path.with_suffix(".json")
    if not place.exists():
        return {}
    try:
        card = json.loads(place.read_text(encoding="utf-8"))
        if not isinstance(card, dict) or not isinstance(card.get("label_definition", ""), str):
            raise TypeError("no card holds this")
    except (ValueError, TypeError, RecursionError) as error:
        raise UserError("{place}: is not a model card; delete it or restore it.", place=place) from error
    if card.get("sha256") != sha256:
        raise UserError(
            "{path}: its SHA-256 is not the one in {name}, so the file is damaged or not the one that the"
            " card describes; install it again.",
            path=path,
            name=place.name,
        )
    return card


def _read_weights(path: Path) -> dict[str, Any]:
    """What a file holds: 'id', 'label_definition' and 'networks'."""
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            "{path}: is not a weights file of this program; give one that `dlpfc train` wrote.", path=path
        ) from error
    form = held.get("format") if isinstance(held, dict) else None
    if form == _FIRST_FORMAT:
        return from_first_form(held)
    if form != _FORMAT:
        raise UserError("{path}: is not a weights file of this program; give one that `dlpfc train` wrote.", path=path)
    return held


def from_first_form(held: Mapping[str, Any]) -> dict[str, Any]:
    """The first form of a weights file, a Mask R-CNN with a 3-D U-Net under 'volume', as the form of now.

    There the U-Net had a share of the whole as its weight, and the Mask R-CNN what was left.
    """
    networks = {}
    if "state" in held:
        networks["mask-rcnn"] = {"config": dict(held["config"]), "state": held["state"]}
    if held.get("volume"):
        networks["unet"] = held["volume"]
    if len(networks) == 2:
        networks["mask-rcnn"]["config"]["weight"] = round(1 - held["volume"]["config"]["weight"], 12)
    return {"id": held["id"], "label_definition": held["label_definition"], "networks": networks}


def choose_device(wanted: str) -> str:
    """'cuda' or 'cpu' for 'auto', 'cuda' or 'cpu'. Raises UserError for a GPU that is not there."""
    if wanted not in ("auto", "cpu", "cuda"):
        raise UserError("Unknown device '{wanted}': use auto, cpu or cuda.", wanted=wanted)
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise UserError("No CUDA GPU can be used by this PyTorch; choose the device 'cpu' or 'auto'.")
    return "cuda" if available and wanted != "cpu" else "cpu"


_FIRST = "backbone.stem.0.weight"
_RESNET_PARTS = {"conv1.": "stem.0.", "bn1.": "stem.1."} | {f"layer{n + 1}.": f"stages.{n}." for n in range(4)}


def initialise(network: nn.Module, start: str, backbone: str) -> int:
    """Copy pretrained values into a Mask R-CNN; returns how many tensors were copied.

    start  'none', 'imagenet', 'coco' or a file's path
    Raises UserError for a file that cannot be read or fits nowhere, or when offline.
    """
    if start == "none":
        return 0
    found = _renamed(_pretrained(start, backbone))
    own = network.state_dict()
    if _FIRST in found and _FIRST in own:
        found[_FIRST] = _with_channels(found[_FIRST], own[_FIRST].shape[1])
    fitting = {name: value for name, value in found.items() if _fits(own, name, value)}
    if not fitting:
        raise UserError(
            "{start}: none of its weights fits a {backbone} Mask R-CNN; choose another file or backbone.",
            start=start,
            backbone=backbone,
        )
    network.load_state_dict({**own, **fitting})
    return len(fitting)


def _with_channels(first: torch.Tensor, wanted: int) -> torch.Tensor:
    """The first layer's kernels for more input channels: those around the middle start at zero."""
    missing = wanted - first.shape[1]
    if missing <= 0:
        return first
    return nn.functional.pad(first, (0, 0, 0, 0, missing // 2, missing - missing // 2))


def _fits(own: Mapping[str, torch.Tensor], name: str, value: torch.Tensor) -> bool:
    return name in own and own[name].shape == value.shape


def _pretrained(start: str, backbone: str) -> Mapping[str, torch.Tensor]:
    if start in ("imagenet", "coco"):
        return _from_torchvision(start, backbone)
    try:
        held = torch.load(Path(start), map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            "{start}: cannot be read as a weights file ({kind}).", start=start, kind=type(error).__name__
        ) from error
    for key in ("networks", "mask-rcnn", "state", "network", "model", "state_dict"):
        if isinstance(held, dict) and isinstance(held.get(key), dict):
            held = held[key]
    return {name: value for name, value in held.items() if isinstance(value, torch.Tensor)}


def _from_torchvision(start: str, backbone: str) -> Mapping[str, torch.Tensor]:
    from torchvision.models import get_model_weights
    from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights

    weights = MaskRCNN_ResNet50_FPN_Weights.DEFAULT if start == "coco" else get_model_weights(backbone).DEFAULT
    try:
        return weights.get_state_dict(progress=False)
    except OSError as error:
        raise UserError(
            "The {start} weights cannot be downloaded ({error}); download {file} elsewhere and give the file instead.",
            start=start,
            error=error,
            file=weights.url.rsplit("/", 1)[-1],
        ) from error


def _renamed(found: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """torchvision's names of a ResNet or of a detector as ours."""
    return {_own_name(name): value for name, value in found.items()}


def _own_name(name: str) -> str:
    detector = name.startswith("backbone.body.")
    bare = name.removeprefix("backbone.body.")
    for theirs, ours in _RESNET_PARTS.items():
        if bare.startswith(theirs):
            return "backbone." + ours + bare.removeprefix(theirs)
    return "backbone." + bare if detector or name.startswith(("stem.", "stages.", "fpn.", "detail.")) else name
