"""A new network touches its own file and the registry: everything else reads it there."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import toy_network
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.registry import REGISTRY, NetworkEntry, Trained, network_called, network_choices
from DLPFCSegmenterLib.networks.weights import Model, load_model, save_weights
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.targeting.target import find_target
from synthetic_head import ball_ras_mm, bright_ball_model, plain_grid, synthetic_head

TESTING = Path(__file__).resolve().parents[1]


@pytest.fixture
def toy(monkeypatch):
    """The third network, known to this version and with weights."""
    monkeypatch.setitem(REGISTRY, "toy", toy_network.ENTRY)
    config = toy_network.ToyConfig()
    return Trained(toy_network.NETWORK.build(config).eval(), config)


@pytest.mark.parametrize("name", REGISTRY)
def test_every_network_of_the_registry_is_what_its_entry_says(name):
    network = network_called(name)
    config = network.configuration()
    assert network.configuration.from_dict(config.to_dict()) == config
    assert {"frame", "weight", "mask_threshold", "augmentation"} <= set(config.to_dict())


def test_a_name_that_is_not_in_the_registry_is_refused():
    with pytest.raises(UserError, match="'yolo': this version knows mask-rcnn, unet"):
        network_called("yolo")


@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_a_third_network_is_saved_loaded_and_finds_the_ball_alone(toy, tmp_path, hemisphere):
    save_weights(tmp_path / "toy.pt", {"id": "bright", "label_definition": "a ball"}, {"toy": toy})
    segmenter = Segmenter(load_model(tmp_path / "toy.pt"), networks="toy")
    side = -1.0 if hemisphere == "left" else 1.0
    scan = synthetic_head(*plain_grid(), side=side)
    region = segmenter.segment(HeadScan(scan), hemisphere, SilentProgress())
    assert np.linalg.norm(find_target(scan, region.mask_kji).position_ras_mm - ball_ras_mm(side)) < 1.5


def test_a_third_network_is_averaged_with_the_others_by_its_weight(toy):
    held = bright_ball_model(window=True)
    model = Model({**held.networks, "toy": toy}, "three", "0" * 64, {})
    predictions = Segmenter(model).predict(HeadScan(synthetic_head(*plain_grid())), "left", SilentProgress())
    weights = {name: view.weight for name, view in predictions.views.items()}
    planes = dict.fromkeys(("axial", "coronal", "sagittal"), 0.1 / 3)
    assert weights == pytest.approx({**planes, "window": 0.9, "toy": 0.5})
    assert predictions.threshold == pytest.approx((0.1 * 0.5 + 0.9 * 0.44 + 0.5 * 0.44) / 1.5)
    assert Segmenter(model, networks="toy").name == "three (toy alone)"


def test_a_network_that_does_other_work_is_left_alone_by_the_segmenter(toy, monkeypatch):
    monkeypatch.setitem(REGISTRY, "toy", NetworkEntry("Scalp", "toy_network", segments=False))
    assert "toy" not in network_choices()
    held = bright_ball_model()
    segmenter = Segmenter(Model({**held.networks, "toy": toy}, "two", "0" * 64, {}))
    assert list(segmenter.asked) == ["mask-rcnn"] and segmenter.name == "two"
    with pytest.raises(UserError, match="hold no network that sees the region"):
        Segmenter(Model({"toy": toy}, "scalp", "0" * 64, {}))


def test_networks_that_see_heads_in_different_frames_are_not_averaged(toy):
    mni = Trained(toy.network, toy_network.ToyConfig(frame="mni"))
    model = Model({**bright_ball_model().networks, "toy": mni}, "two frames", "0" * 64, {})
    with pytest.raises(UserError, match="different frames .head, mni."):
        Segmenter(model)
    assert Segmenter(model, networks="toy").name == "two frames (toy alone)"


def test_the_command_line_offers_what_the_registry_holds_without_importing_pytorch():
    code = (
        "import sys\n"
        "from DLPFCSegmenterLib.networks.registry import REGISTRY, NetworkEntry\n"
        "REGISTRY['toy'] = NetworkEntry('Brightness', 'toy_network')\n"
        "from DLPFCSegmenterLib.cli.main import main\n"
        "try:\n    main(['{command}', '--help'])\nexcept SystemExit:\n    print('torch' in sys.modules)\n"
    )
    for command in ("plan", "batch", "evaluate"):
        answer = subprocess.run(
            [sys.executable, "-c", code.replace("{command}", command)],
            capture_output=True, text=True, check=True, cwd=TESTING.parent / "DLPFCSegmenter",
        )  # fmt: skip
        assert "{all,mask-rcnn,unet,toy}" in answer.stdout and answer.stdout.endswith("False\n")
