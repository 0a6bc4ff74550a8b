"""Rounds of federated learning over Flower: sites train on scans that never leave them, and send weights alone.

`server` and `client` are Flower's ServerApp and ClientApp; the folder `federated/` of the repository is the app that
`flwr run` takes. A site is told by its node's configuration which prepared dataset is its own. A site that dies in a
round, sends what is no number or weights of another architecture is left out of that round, and named.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flwr.app import ConfigRecord, Context, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp

from ..errors import UserError
from ..files import told_to_the_user, write_whole
from ..networks.merge import merge_weights, require_same_architecture
from ..networks.registry import trainer_of
from ..networks.weights import load_model
from ..progress import SILENT
from .loop import Order, Run

ROUNDS_FILE = "rounds.json"

_POLL_S = 0.2

_CONTENT = "dlpfc"
"""The one record of a message: to a site 'weights' and 'round', back 'weights' and 'people', or 'error'."""


@dataclass(frozen=True)
class Answer:
    """What a site sent in a round: its weights file, and how many people it was trained on."""

    site: str
    weights: bytes
    people: int


@dataclass(frozen=True)
class Round:
    """What came of a round: whose weights were merged, and who was left out and why."""

    number: int
    merged: tuple[str, ...]
    left_out: dict[str, str]


def merge_answers(number: int, answers: Sequence[Answer], begun: Path, folder: Path) -> tuple[Path, Round]:
    """Merge the weights of all sites that sent good ones; the file that the next round begins with, and what came.

    begun   the weights that the round began with, which stay where nobody sent any
    folder  gets `round-N.pt`, and in `round-N/` what each site sent
    """
    held = folder / f"round-{number}"
    left_out: dict[str, str] = {}
    good: list[Path] = []
    people: list[int] = []
    wanted = load_model(begun).networks
    answers = sorted(answers, key=lambda answer: answer.site)  # whoever came first changes no sum
    with told_to_the_user(folder), write_whole(held) as fresh:
        for index, answer in enumerate(answers):
            (fresh / f"{index}.pt").write_bytes(answer.weights)
    for index, answer in enumerate(answers):
        path = held / f"{index}.pt"
        try:
            require_same_architecture(path, load_model(path).networks, wanted)
            if answer.people < 1:
                raise UserError("{path}: was trained on nobody.", path=path)
        except UserError as error:
            left_out[answer.site] = str(error)
            continue
        good.append(path)
        people.append(answer.people)
    if not good:
        return begun, Round(number, (), left_out)
    merged = folder / f"round-{number}.pt"
    times = 1 if len(good) > 1 else 2  # one site alone is merged with itself, so that the card tells of the round
    merge_weights(good * times, people * times, merged, rounds_before=number - 1)
    names = {str(held / f"{index}.pt"): answer.site for index, answer in enumerate(answers)}
    return merged, Round(number, tuple(names[str(path)] for path in good), left_out)


server = ServerApp()


@server.main()
def lead(grid: Grid, context: Context) -> None:
    """All rounds, as the run's configuration says: `rounds`, `start`, `output`, `sites`, `timeout_s`."""
    told = context.run_config
    folder, path = Path(str(told["output"])), Path(str(told["start"]))
    timeout_s = float(told["timeout_s"])
    folder.mkdir(parents=True, exist_ok=True)
    sites = _roll_call(grid, int(told["sites"]), timeout_s)
    rounds: list[Round] = []
    for number in range(1, int(told["rounds"]) + 1):
        content = RecordDict({_CONTENT: ConfigRecord({"weights": path.read_bytes(), "round": number})})
        asked = [Message(content, dst_node_id=node, message_type="train", group_id=str(number)) for node in sites]
        answers, silent = answers_in(grid.send_and_receive(asked, timeout=timeout_s), sites)
        path, came = merge_answers(number, answers, path, folder)
        rounds.append(Round(number, came.merged, came.left_out | silent))
        _write_rounds(rounds, folder)
        told_of = "; ".join(f"{site}: {reason}" for site, reason in rounds[-1].left_out.items()) or "nobody"
        print(f"round {number}: merged {', '.join(came.merged) or 'nobody'}; left out {told_of}", flush=True)


def _roll_call(grid: Grid, wanted: int, timeout_s: float) -> dict[int, str]:
    """Number of a node -> what its site is called, once there are as many as are wanted."""
    until = time.monotonic() + timeout_s
    while len(nodes := list(grid.get_node_ids())) < wanted:
        if time.monotonic() > until:
            raise UserError("{there} of {wanted} sites have come; start the others.", there=len(nodes), wanted=wanted)
        time.sleep(_POLL_S)
    asked = [Message(RecordDict(), dst_node_id=node, message_type="query") for node in nodes]
    sites = {node: f"node {node}" for node in nodes}
    for reply in grid.send_and_receive(asked, timeout=timeout_s):
        if not reply.has_error():
            sites[reply.metadata.src_node_id] = str(_told(reply)["site"])
    return sites


def answers_in(replies: Iterable[Message], sites: Mapping[int, str]) -> tuple[list[Answer], dict[str, str]]:
    """What the sites sent, and of those that sent no weights why."""
    answers, silent = [], dict.fromkeys(sites.values(), "did not answer: it is late or has gone")
    for reply in replies:
        site = sites.get(reply.metadata.src_node_id)
        if site is None:  # the server's own word that a site has gone
            continue
        if reply.has_error():
            silent[site] = f"failed: {reply.error.reason}"
            continue
        told = _told(reply)
        if "error" in told:
            silent[site] = str(told["error"])
            continue
        del silent[site]
        answers.append(Answer(site, bytes(told["weights"]), int(told["people"])))
    return answers, silent


def _write_rounds(rounds: Sequence[Round], folder: Path) -> None:
    told = [{"round": each.number, "merged": each.merged, "left_out": each.left_out} for each in rounds]
    with told_to_the_user(folder), write_whole(folder) as fresh:
        (fresh / ROUNDS_FILE).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


client = ClientApp()


@client.query()
def tell_name(message: Message, context: Context) -> Message:
    """What this site is called."""
    return _reply(message, {"site": str(context.node_config["site"])})


@client.train()
def train_here(message: Message, context: Context) -> Message:
    """A site's part of a round: train on its own dataset from the weights that came, and send weights back."""
    try:
        return _reply(message, _trained(_told(message), context))
    except UserError as error:
        return _reply(message, {"error": str(error)})


def _trained(told: Mapping[str, Any], context: Context) -> dict[str, bytes | int]:
    node, run = context.node_config, context.run_config
    dataset, number, preset = Path(str(node["dataset"])), int(told["round"]), str(run["preset"])
    folder = Path(str(node["output"])) / f"round-{number}"
    start = folder / "start.pt"
    with told_to_the_user(folder), write_whole(folder) as fresh:
        (fresh / start.name).write_bytes(bytes(told["weights"]))
    settings = [*str(run["settings"]).split(), *str(node.get("settings", "")).split()]
    site_run = Run(folder, seed=number, workers=0)
    path = trainer_of(preset)(Order(dataset, preset, settings, str(start)), site_run, SILENT)
    return {"weights": path.read_bytes(), "people": len(list((dataset / "train" / "volumes").glob("*.npz")))}


def _told(message: Message) -> Mapping[str, Any]:
    """What the one record of a message holds."""
    record: Any = message.content[_CONTENT]
    return record


def _reply(message: Message, told: dict) -> Message:
    return Message(RecordDict({_CONTENT: ConfigRecord(told)}), reply_to=message)
