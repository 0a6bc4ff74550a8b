"""Rounds of federated learning: whose weights are merged, who is left out and named, and what crosses the socket."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

pytest.importorskip("flwr", reason="the extra 'federated' is not installed")

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.networks.merge import normalisation_of
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.weights import load_model, save_weights
from DLPFCSegmenterLib.training import federated
from DLPFCSegmenterLib.training.federated import Answer, answers_in, merge_answers, require_names
from small_config import SMALL_WINDOW

BALLS = RegionLabel("balls", (2,), (3,), 0.0)
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (
    "channels=4,6,8 shape_kji=24,28,32 spacing_mm=4.0 window_centre_mm=-20,30,-60 frame=head steps=2 check_every=2"
    " label_loss=0"
)


def weights(path, seed=0, poison=False, label=BALLS.definition, **settings):
    torch.manual_seed(seed)
    config = replace(SMALL_WINDOW, **settings)
    network = build_unet(config)
    if poison:
        next(network.parameters()).data.view(-1)[0] = float("nan")
    save_weights(path, {"id": path.stem, "label_definition": label}, {"unet": Trained(network, config)})
    return path


@pytest.fixture
def begun(tmp_path):
    return weights(tmp_path / "first.pt")


def sent(tmp_path, site, people, **more):
    return Answer(site, weights(tmp_path / f"sent-{site}.pt", **more).read_bytes(), people)


def test_a_round_merges_by_people_whoever_came_first(begun, tmp_path):
    answers = [sent(tmp_path, "B", 30, seed=2), sent(tmp_path, "A", 10, seed=1)]
    path, came = merge_answers(1, answers, begun, tmp_path / "one")
    other, _ = merge_answers(1, answers[::-1], begun, tmp_path / "two")
    assert came.merged == ("A", "B") and not came.left_out
    states = [load_model(tmp_path / f"sent-{site}.pt").networks["unet"].network.state_dict() for site in "AB"]
    merged = load_model(path).networks["unet"].network.state_dict()
    for name, value in merged.items():
        torch.testing.assert_close(value, (states[0][name] + 3 * states[1][name]) / 4, atol=2e-3, rtol=2e-3)
    assert load_model(path).card["rounds"] == 1 and path.read_bytes() == other.read_bytes()


def test_sites_whose_weights_are_no_good_are_left_out_and_named(begun, tmp_path):
    answers = [
        sent(tmp_path, "good", 3, seed=1), sent(tmp_path, "nan", 3, poison=True), sent(tmp_path, "nobody", 0),
        sent(tmp_path, "other", 3, channels=(4, 6, 10)), Answer("noise", b"no weights", 3),
        sent(tmp_path, "elsewhere", 3, spacing_mm=2.0), sent(tmp_path, "insula", 3, label="the insula"),
    ]  # fmt: skip
    path, came = merge_answers(1, answers, begun, tmp_path / "server")
    left_out = ["elsewhere", "insula", "nan", "nobody", "noise", "other"]
    assert came.merged == ("good",) and sorted(came.left_out) == left_out
    assert "no number" in came.left_out["nan"] and "another architecture" in came.left_out["other"]
    good = load_model(tmp_path / "sent-good.pt").networks["unet"].network.state_dict()
    merged = load_model(path).networks["unet"].network.state_dict()
    assert all(torch.equal(merged[name], good[name]) for name in good)


def test_a_round_in_which_nobody_sent_good_weights_leaves_those_before(begun, tmp_path):
    path, came = merge_answers(2, [sent(tmp_path, "nan", 3, poison=True)], begun, tmp_path / "server")
    assert path == begun and came.merged == () and list(came.left_out) == ["nan"]


class Reply:
    """As Flower gives it: from a node, with content or an error."""

    def __init__(self, node, content=None, error=None):
        self.metadata, self.content, self.error = self, {federated._CONTENT: content}, error
        self.src_node_id, self.reason = node, error

    def has_error(self):
        return self.error is not None


def test_a_site_that_dies_and_one_that_fails_are_named():
    class Broken:
        reason = "the process ended"

    of_servers_own = 7  # as Flower tells of a node that has gone
    replies = [Reply(1, {"weights": b"w", "people": 4}), Reply(2, error=Broken), Reply(3, {"error": "no dataset"})]
    replies += [Reply(of_servers_own, error=Broken), Reply(5, {"people": 3}), Reply(6, {"weights": b"", "people": "x"})]
    answers, silent = answers_in(replies, {1: "A", 2: "B", 3: "C", 4: "D", 5: "E", 6: "F"})
    assert answers == [Answer("A", b"w", 4)]
    assert silent == {
        "B": "failed: the process ended",
        "C": "no dataset",
        "D": "did not answer: it is late or has gone",
        "E": "sent what is no answer (KeyError); install the server's version there",
        "F": "sent what is no answer (ValueError); install the server's version there",
    }


def test_who_did_not_get_the_result_is_named():
    class Broken:
        reason = "the process ended"

    replies = [Reply(1, {}), Reply(2, error=Broken), Reply(3, {"error": "the disk is full"}), Reply(7, error=Broken)]
    assert federated.without_result(replies, {1: "A", 2: "B", 3: "C", 4: "D"}) == {
        "B": "failed: the process ended",
        "C": "the disk is full",
        "D": "did not answer: it is late or has gone",
    }


def test_rounds_of_another_learning_are_not_written_over(tmp_path):
    (tmp_path / "round-1").mkdir()
    told = {"output": str(tmp_path), "start": "unused.pt", "timeout_s": 1.0, "sites": 2, "rounds": 1}
    with pytest.raises(UserError, match="holds the rounds of another learning"):
        federated.lead(None, SimpleNamespace(run_config=told))


def test_a_site_counts_people_and_not_scans_wherever_its_dataset_is_named(site, begun, person):
    folder = Path(site.node_config["dataset"])
    person.save(folder / "train" / "volumes" / "again.npz")
    replace(person, subject="sub-02").save(folder / "train" / "volumes" / "other.npz")
    node = {**site.node_config, "dataset": str(folder / "dataset.json")}
    named = SimpleNamespace(node_config=node, run_config=site.run_config, run_id=7)
    assert federated._trained({"weights": begun.read_bytes(), "round": 1}, named)["people"] == 2


def test_two_sites_of_one_name_are_told_before_anything_is_learnt():
    require_names(["A", "B"])
    with pytest.raises(UserError, match="^A: several sites are called so"):
        require_names(["A", "B", "A"])


@pytest.fixture
def site(tmp_path, person):
    """What Flower tells a site of itself and of the run."""

    class Context:
        node_config = {"dataset": str(dataset(tmp_path / "A", person)), "output": str(tmp_path / "rounds")}
        run_id = 7
        run_config = {"rounds": 5, "preset": "unet", "settings": SETTINGS, "keep-local-norm": False}

    return Context


def test_a_site_goes_on_in_a_round_but_not_from_what_it_learnt_from_other_weights(site, begun, tmp_path):
    other = weights(tmp_path / "other.pt", seed=1)
    first, again, elsewhere = (
        federated._trained({"weights": path.read_bytes(), "round": 1}, site)["weights"]
        for path in (begun, begun, other)
    )
    assert first == again != elsewhere
    second = {"weights": begun.read_bytes(), "round": 2}
    shared = federated._trained(second, site)["weights"]
    site.run_config["keep-local-norm"] = True  # by now it has some of its own
    own = [federated._trained(second, site)["weights"] for _ in range(2)]
    assert own[0] == own[1] != shared, "a round that is asked for again begins as it did"
    site.run_id = 8
    assert federated._trained(second, site)["weights"] == shared, "another run leaves it nothing"


def test_each_round_learns_at_the_rate_to_which_the_one_before_fell(site, begun, monkeypatch):
    parts = []

    def trainer(order, run, progress):
        parts.append(run.part)
        return begun

    monkeypatch.setattr(federated, "trainer_of", lambda preset: trainer)
    for number in range(1, 6):
        federated._trained({"weights": begun.read_bytes(), "round": number}, site)
    assert parts[0][0] == 0 and parts[-1][1] == 1
    assert [end for _, end in parts[:-1]] == [begin for begin, _ in parts[1:]]


def test_a_site_keeps_its_own_normalisation_in_the_rounds_and_at_their_end(site, tmp_path):
    own, merged = ({"weights": weights(tmp_path / f"{seed}.pt", seed).read_bytes()} for seed in (1, 2))
    output = tmp_path / "rounds"
    output.mkdir()
    ours_file = output / "own-7-4.pt"
    ours_file.write_bytes(_shifted(own["weights"], tmp_path))
    norms = normalisation_of(build_unet(SMALL_WINDOW))
    for kept in (False, True):
        site.run_config["keep-local-norm"] = kept
        federated._keep(merged, federated._own(site, 6), output / "merged.pt")
        ours, theirs, came = (
            load_model(path).networks["unet"].network.state_dict()
            for path in (ours_file, tmp_path / "2.pt", output / "merged.pt")
        )
        assert all(torch.equal(came[name], (ours if kept else theirs)[name]) for name in norms)
        assert all(torch.equal(came[name], theirs[name]) for name in came.keys() - norms)
    assert sorted(path.name for path in output.iterdir()) == ["merged.json", "merged.pt", ours_file.name]


def _shifted(content, tmp_path):
    """Weights with another normalisation than untrained ones have."""
    path = tmp_path / "shifted.pt"
    path.write_bytes(content)
    network = load_model(path).networks["unet"].network
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name in normalisation_of(network):
                value.add_(1.0)
    save_weights(path, {"id": "s", "label_definition": BALLS.definition}, {"unet": Trained(network, SMALL_WINDOW)})
    return path.read_bytes()


class Recorder(threading.Thread):
    """A door to the server that writes down every byte that goes through it."""

    def __init__(self, to_port):
        super().__init__(daemon=True)
        self._door, self._to_port, self.seen = socket.create_server(("127.0.0.1", 0)), to_port, bytearray()
        self.port = self._door.getsockname()[1]

    def run(self):
        while True:
            near = self._door.accept()[0]
            try:
                far = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:  # the server has ended
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one, other):
        try:
            while piece := one.recv(1 << 16):
                self.seen += piece
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def dataset(folder, person):
    for part in ("train", "val"):
        (folder / part / "volumes").mkdir(parents=True)
        person.save(folder / part / "volumes" / f"{part}.npz")
    (folder / "dataset.json").write_text(json.dumps({"region": BALLS.to_dict()}))
    return folder


@pytest.fixture
def flower(tmp_path):
    """Starts Flower's programs, and ends all of them with the test."""
    (tmp_path / "home").mkdir()
    library = ROOT / "DLPFCSegmenter"
    scripts = Path(sys.executable).parent
    own = {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(library)}
    own |= {"FLWR_HOME": str(tmp_path / "home"), "FLWR_TELEMETRY_ENABLED": "0"}
    running = []

    def start(program, *arguments):
        log = (tmp_path / f"{program}-{len(running)}.log").open("wb")
        running.append(
            subprocess.Popen(
                [scripts / program, *map(str, arguments)], env=os.environ | own, stdout=log, stderr=log, cwd=tmp_path
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(30)


@pytest.mark.slow
def test_three_sites_learn_together_over_sockets_through_which_no_scan_goes(person, begun, flower, tmp_path):
    port = free_port()
    recorder = Recorder(port)
    recorder.start()
    flower("flower-superlink", "--insecure", "--disable-runtime-dependency-installation", "--port", port)
    (tmp_path / "home" / "config.toml").write_text(
        f'[superlink]\ndefault = "here"\n[superlink.here]\naddress = "127.0.0.1:{port}"\ninsecure = true\n'
    )
    wait_for(port)
    for site, more in (("A", ""), ("B", ""), ("C", "channels=4,6,10")):
        told = {"site": site, "dataset": dataset(tmp_path / site, person), "output": tmp_path / f"{site}-rounds"}
        node = " ".join(f'{key}="{value}"' for key, value in (told | {"settings": more}).items())
        link = f"127.0.0.1:{recorder.port}"
        flower("flower-supernode", "--insecure", "--superlink", link, "--port", free_port(), "--node-config", node)
    app = shutil.copytree(ROOT / "federated", tmp_path / "app")
    told = {"start": str(begun), "output": str(tmp_path / "server"), "rounds": 2, "settings": SETTINGS}
    config = " ".join(f"{key}={json.dumps(value)}" for key, value in told.items())
    assert flower("flwr", "run", app, "here", "--stream", "--run-config", config).wait(540) == 0
    rounds = json.loads((tmp_path / "server" / "rounds.json").read_text(encoding="utf-8"))
    assert [each["merged"] for each in rounds] == [["A", "B"], ["A", "B"]]
    assert all(list(each["left_out"]) == ["C"] and "other widths" in each["left_out"]["C"] for each in rounds)
    card = load_model(tmp_path / "server" / "round-2.pt").card
    assert card["rounds"] == 2 and [part["people"] for part in card["merged"]] == [1, 1]
    merged = [
        load_model(tmp_path / place).networks["unet"].network for place in ("server/round-2.pt", "A-rounds/merged.pt")
    ]
    assert torch.equal(*(next(network.parameters()) for network in merged))
    assert (tmp_path / "server" / "round-1" / "0.pt").read_bytes() in bytes(recorder.seen)
    assert not [secret for secret in secrets_of(person, tmp_path / "A") if secret in recorder.seen]


def wait_for(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            threading.Event().wait(0.1)


def secrets_of(person, folder):
    """Pieces out of the middle of the scan, its labels and their files, as they lie in memory and on the disk."""
    arrays = [person.t1.array_kji, person.labels_kji, person.left_kji, person.right_kji]
    held = [array.tobytes() for array in arrays] + [path.read_bytes() for path in folder.rglob("*.npz")]
    varied = [
        piece
        for whole in held
        for start in range(0, len(whole) - 64, 512)
        if len(set(piece := whole[start : start + 64])) > 8
    ]
    assert len(varied) > 20
    return varied
