"""Rounds of federated learning over Flower: sites train on scans that never leave them, and send weights alone.

`server` and `client` are Flower's ServerApp and ClientApp; the folder `federated/` of the repository is the app that
`flwr run` takes. A site is told by its node's configuration which prepared dataset is its own. A site that dies in a
round, sends what is no number, or weights of another architecture or label, is left out of that round, and named.
The rounds are parts of one learning, whose rate falls over all of them. At the end each site gets what came of it.
"""

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flwr.app import ConfigRecord, Context, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp

from ..errors import UserError
from ..files import told_to_the_user, write_whole, write_whole_file
from ..networks.merge import merge_weights, require_same_architecture, with_own_norm
from ..networks.registry import trainer_of
from ..networks.weights import load_model, require_one_label
from ..progress import SILENT
from .order import Order
from .prepare import dataset_folder, people_prepared
from .run import Run

ROUNDS_FILE = "rounds.json"
MERGED_FILE = "merged.pt"
"""At a site: what came of all rounds."""

_POLL_S = 0.2

_SILENT = "did not answer: it is late or has gone"

_CONTENT = "dlpfc"
"""The one record of a message: to a site 'weights' and 'round', back 'weights' and 'people', or 'error'; at the end
'weights' alone, and nothing back but an 'error'."""


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
    wanted = load_model(begun)
    answers = sorted(answers, key=lambda answer: answer.site)  # whoever came first changes no sum
    with told_to_the_user(folder), write_whole(held) as fresh:
        for index, answer in enumerate(answers):
            (fresh / f"{index}.pt").write_bytes(answer.weights)
    for index, answer in enumerate(answers):
        path = held / f"{index}.pt"
        try:
            sent = load_model(path)
            require_same_architecture(path, sent.networks, wanted.networks)
            require_one_label((begun, path), (wanted, sent))
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
    """All rounds, as the run's configuration says: `rounds`, `start`, `output`, `sites`, `timeout_s`.

    Raises UserError where too few sites have come, two of one name, or where `output` holds rounds.
    """
    told = context.run_config
    folder, path = Path(str(told["output"])), Path(str(told["start"]))
    timeout_s = float(told["timeout_s"])
    if any(folder.glob("round-*")):
        raise UserError("{folder}: holds the rounds of another learning; name a new folder as output.", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    sites = _roll_call(grid, int(told["sites"]), timeout_s)
    rounds: list[Round] = []
    for number in range(1, int(told["rounds"]) + 1):
        told_sites = {"weights": path.read_bytes(), "round": number}
        answers, silent = answers_in(_ask(grid, sites, "train", told_sites, timeout_s), sites)
        path, came = merge_answers(number, answers, path, folder)
        rounds.append(Round(number, came.merged, came.left_out | silent))
        _write_rounds(rounds, folder)
        told_of = "; ".join(f"{site}: {reason}" for site, reason in rounds[-1].left_out.items()) or "nobody"
        print(f"round {number}: merged {', '.join(came.merged) or 'nobody'}; left out {told_of}", flush=True)
    without = without_result(_ask(grid, sites, "evaluate", {"weights": path.read_bytes()}, timeout_s), sites)
    _write_rounds(rounds, folder, without)
    for site, reason in without.items():
        print(f"{site} did not get the result: {reason}", flush=True)


def _ask(grid: Grid, sites: Iterable[int], kind: str, told: dict, timeout_s: float) -> Iterable[Message]:
    content = RecordDict({_CONTENT: ConfigRecord(told)})
    asked = [Message(content, dst_node_id=node, message_type=kind) for node in sites]
    return grid.send_and_receive(asked, timeout=timeout_s)


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
    require_names(sites.values())
    return sites


def require_names(sites: Iterable[str]) -> None:
    """Raise UserError where two sites are called alike: whoever is left out must be told by name."""
    alike = [site for site, count in Counter(sites).items() if count > 1]
    if alike:
        raise UserError("{alike}: several sites are called so; give each a name of its own.", alike=", ".join(alike))


def answers_in(replies: Iterable[Message], sites: Mapping[int, str]) -> tuple[list[Answer], dict[str, str]]:
    """What the sites sent, and of those that sent no weights why."""
    answers, silent = [], dict.fromkeys(sites.values(), _SILENT)
    for reply in replies:
        site = sites.get(reply.metadata.src_node_id)
        if site is None:  # the server's own word that a site has gone
            continue
        answer = _answer(reply, site)
        if isinstance(answer, Answer):
            del silent[site]
            answers.append(answer)
        else:
            silent[site] = answer
    return answers, silent


def without_result(replies: Iterable[Message], sites: Mapping[int, str]) -> dict[str, str]:
    """Who did not get what came of all rounds, and why."""
    without = dict.fromkeys(sites.values(), _SILENT)
    for reply in replies:
        site = sites.get(reply.metadata.src_node_id)
        if site is None:
            continue
        without.pop(site, None)
        if reply.has_error() or "error" in _told(reply):
            without[site] = f"failed: {reply.error.reason}" if reply.has_error() else str(_told(reply)["error"])
    return without


def _answer(reply: Message, site: str) -> Answer | str:
    """What a site sent, or why it is none."""
    if reply.has_error():
        return f"failed: {reply.error.reason}"
    try:
        told = _told(reply)
        return str(told["error"]) if "error" in told else Answer(site, bytes(told["weights"]), int(told["people"]))
    except (KeyError, TypeError, ValueError) as error:
        return f"sent what is no answer ({type(error).__name__}); install the server's version there"


def _write_rounds(rounds: Sequence[Round], folder: Path, without: Mapping[str, str] | None = None) -> None:
    told: list[dict] = [{"round": each.number, "merged": each.merged, "left_out": each.left_out} for each in rounds]
    if without:
        told[-1]["without_result"] = without
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
    dataset, preset, output = Path(str(node["dataset"])), str(run["preset"]), Path(str(node["output"]))
    number, rounds = int(told["round"]), int(run["rounds"])
    people = people_prepared(dataset_folder(dataset), "train")
    own = _own(context, number)
    # A training that was stopped goes on from its checkpoint; one that begins with other weights does not.
    begun = sha256(told["weights"] + (own.read_bytes() if own else b"")).hexdigest()[:12]
    folder = output / f"round-{number}-of-{rounds}-{begun}"
    _keep(told, own, start := folder / "start.pt")
    settings = [*str(run["settings"]).split(), *str(node.get("settings", "")).split()]
    site_run = Run(folder, seed=number, workers=0, part=((number - 1) / rounds, number / rounds))
    path = trainer_of(preset)(Order(dataset, preset, settings, str(start)), site_run, SILENT)
    with told_to_the_user(output), write_whole_file(_own_file(context, number)) as fresh:
        shutil.copyfile(path, fresh)
    return {"weights": path.read_bytes(), "people": people}


@client.evaluate()
def take(message: Message, context: Context) -> Message:
    """Keep what came of all rounds."""
    try:
        own = _own(context, int(context.run_config["rounds"]) + 1)
        _keep(_told(message), own, Path(str(context.node_config["output"])) / MERGED_FILE)
    except UserError as error:
        return _reply(message, {"error": str(error)})
    return _reply(message, {})


def _own_file(context: Context, number: int) -> Path:
    """Where a site keeps what its own training wrote in a round of this run."""
    return Path(str(context.node_config["output"])) / f"own-{context.run_id}-{number}.pt"


def _own(context: Context, number: int) -> Path | None:
    """This site's last weights of this run before a round, where their normalisation is left to it; None: no such."""
    kept = [_own_file(context, before) for before in range(number - 1, 0, -1)]
    return next(filter(Path.exists, kept), None) if context.run_config["keep-local-norm"] else None


def _keep(told: Mapping[str, Any], own: Path | None, path: Path) -> None:
    """Write the weights that came, with the normalisation of this site's own, if any."""
    came = path.with_name("came.pt")
    with told_to_the_user(path.parent), write_whole_file(came) as fresh:
        fresh.write_bytes(bytes(told["weights"]))
    with_own_norm(came, own or came, path)
    came.unlink()


def _told(message: Message) -> Mapping[str, Any]:
    """What the one record of a message holds."""
    record: Any = message.content[_CONTENT]
    return record


def _reply(message: Message, told: dict) -> Message:
    return Message(RecordDict({_CONTENT: ConfigRecord(told)}), reply_to=message)
