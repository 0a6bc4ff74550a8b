"""Weights of several sites as one: the mean of each weight, as heavy as each site has people.

That is federated averaging (McMahan et al., Communication-efficient learning of deep networks from decentralized data,
2017): weights leave a site, its scans never do. Normalisation layers may stay a site's own, as they hold what its
scanner's contrast is like (Li et al., FedBN, 2021).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from ..errors import UserError
from .registry import Trained
from .weights import Model, load_model, require_one_label, save_weights

State = Mapping[str, torch.Tensor]
"""Name -> tensor, as `Module.state_dict`."""

_OF_TRAINING = frozenset((
    "name", "augmentation", "optimizer", "lr", "finetune_lr", "momentum", "weight_decay", "clip_norm", "batch", "steps",
    "steps_per_epoch", "pretrain_steps", "heads_epochs", "all_epochs", "patience", "check_every", "memory",
    "label_loss", "rois_per_image", "proposals_train", "positive_fraction", "background_iou",
))  # fmt: skip
"""Settings in which sites may differ: they decide how a network learns, not what it is or sees."""


def merge_weights(
    paths: Sequence[Path],
    people: Sequence[float],
    merged: Path,
    keep_local_norm: bool = False,
    rounds_before: int = 0,
) -> str:
    """Write the mean of weights files, each as heavy as the number of `people` it was trained on; returns its SHA-256.

    keep_local_norm  normalisation layers are those of the first file, which is the site's own
    rounds_before    as far as the files' cards do not tell it
    Raises UserError where a file cannot be read or holds what is no number, where they are of different architectures
    or labels, where the numbers of people make no sense, or where `merged` exists.
    """
    if merged.exists():
        raise UserError("{path}: is there already; name another file.", path=merged)
    if len(paths) < 2 or len(people) != len(paths) or not all(0 < each < float("inf") for each in people):
        raise UserError(
            "{files} weights files and {numbers} numbers of people; give two files or more, for each a number above 0.",
            files=len(paths),
            numbers=len(people),
        )
    models = [load_model(path) for path in paths]
    require_one_label(paths, models)
    for path, model in zip(paths[1:], models[1:], strict=True):
        require_same_architecture(path, model.networks, models[0].networks)
    networks = {
        name: _merged([model.networks[name] for model in models], people, keep_local_norm)
        for name in models[0].networks
    }
    rounds = 1 + max(rounds_before, *(int(model.card.get("rounds", 0)) for model in models))
    card = merged_card(models, people) | {"rounds": rounds}
    return save_weights(merged, card | {"local_norm_of": models[0].sha256 if keep_local_norm else None}, networks)


def with_own_norm(shared: Path, own: Path, path: Path) -> None:
    """Write weights that sites share as `path`, but with the normalisation layers of a site's own weights.

    Raises UserError where a file cannot be read, or they are of different architectures.
    """
    theirs, ours = load_model(shared), load_model(own)
    require_same_architecture(own, ours.networks, theirs.networks)
    for name, trained in theirs.networks.items():
        state = ours.networks[name].network.state_dict()
        kept = {each: state[each] for each in normalisation_of(trained.network)}
        trained.network.load_state_dict(trained.network.state_dict() | kept)
    told = {"id": theirs.id, "label_definition": theirs.label_definition, **theirs.card}
    save_weights(path, told | {"local_norm_of": ours.sha256}, theirs.networks)


def merged_card(models: Sequence[Model], people: Sequence[float]) -> dict:
    """The card of merged weights: whose they are, by hash, and how heavy each was."""
    first = models[0]
    kept = {key: first.card[key] for key in ("label_definition", "region") if key in first.card}
    parts = [
        {"id": model.id, "sha256": model.sha256, "people": number} for model, number in zip(models, people, strict=True)
    ]
    return {
        "id": "merged: " + " + ".join(model.id for model in models),
        "label_definition": first.label_definition,
        **kept,
        "merged": parts,
    }


def require_same_architecture(path: Path | str, networks: Mapping[str, Trained], other: Mapping[str, Trained]) -> None:
    """Raise UserError, naming `path`, unless both hold networks of the same kinds, shapes and ways to see a head."""
    if networks.keys() != other.keys():
        raise UserError(
            "{path}: holds {own}, but the first {other}; merge files of the same networks.",
            path=path,
            own=", ".join(networks),
            other=", ".join(other),
        )
    for name, trained in networks.items():
        unlike = [key for key, value in _seen(trained).items() if _seen(other[name]).get(key) != value]
        if unlike or shapes_of(trained.network.state_dict()) != shapes_of(other[name].network.state_dict()):
            raise UserError(
                "{path}: its {network} is of another architecture ({settings}); only weights of one can be merged.",
                path=path,
                network=name,
                settings=", ".join(unlike) or "shapes",
            )


def _seen(trained: Trained) -> dict:
    return {key: value for key, value in asdict(trained.config).items() if key not in _OF_TRAINING}


def shapes_of(state: State) -> dict[str, tuple[int, ...]]:
    """Name -> shape of each tensor."""
    return {name: tuple(value.shape) for name, value in state.items()}


def _merged(parts: Sequence[Trained], people: Sequence[float], keep_local_norm: bool) -> Trained:
    network = parts[0].network
    kept = normalisation_of(network) if keep_local_norm else frozenset()
    network.load_state_dict(mean_state([part.network.state_dict() for part in parts], people, kept))
    return Trained(network, parts[0].config)


def mean_state(states: Sequence[State], people: Sequence[float], kept: frozenset[str] = frozenset()) -> dict:
    """The mean of states of one architecture; what is no floating number, and the names in `kept`, is the first's."""
    shares = torch.tensor(people, dtype=torch.float64) / sum(people)
    mean = dict(states[0])
    for name, first in states[0].items():
        if first.is_floating_point() and name not in kept:
            stacked = torch.stack([state[name].double() for state in states])
            mean[name] = torch.tensordot(shares, stacked, dims=1).to(first.dtype)
    return mean


def normalisation_of(network: nn.Module) -> frozenset[str]:
    """Names of all weights and statistics of a network's normalisation layers."""
    layers = {name for name, module in network.named_modules() if "Norm" in type(module).__name__}
    return frozenset(name for name in network.state_dict() if name.rpartition(".")[0] in layers)
