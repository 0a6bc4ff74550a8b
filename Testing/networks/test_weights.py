"""Weights are what their card says, or they are not loaded."""

import json
from dataclasses import replace

import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.weights import (
    SHIPPED,
    SliceModel,
    VolumeModel,
    choose_device,
    file_sha256,
    join_weights,
    load_model,
    save_weights,
)
from small_config import SMALL, SMALL_WINDOW

CARD = {"id": "small-test", "label_definition": "a test label"}


@pytest.fixture
def weights(tmp_path):
    torch.manual_seed(3)
    network = build_network(SMALL).eval()
    path = tmp_path / "small.pt"
    save_weights(path, CARD, SliceModel(network, SMALL))
    return path, network


def test_loaded_network_has_the_saved_weights_configuration_and_card(weights):
    path, network = weights
    model = load_model(path)
    assert (model.id, model.label_definition, model.slices.config) == ("small-test", "a test label", SMALL)
    assert model.sha256 == file_sha256(path)
    for name, value in network.state_dict().items():
        assert torch.allclose(model.slices.network.state_dict()[name], value, atol=2e-3, rtol=2e-3)
    assert not model.slices.network.training


def test_file_without_a_card_is_the_users_own_and_loads(weights):
    path, _ = weights
    path.with_suffix(".json").unlink()
    assert load_model(path).label_definition == "a test label"


def test_file_that_is_not_the_one_of_its_card_is_refused(weights):
    path, _ = weights
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(UserError, match="SHA-256"):
        load_model(path)


def test_missing_and_text_files_are_refused_by_name(tmp_path):
    with pytest.raises(UserError, match="none.pt: there is no weights file"):
        load_model(tmp_path / "none.pt")
    text = tmp_path / "text.pt"
    text.write_text("these are not weights")
    with pytest.raises(UserError, match="text.pt: is not a weights file"):
        load_model(text)


def test_torch_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "other.pt"
    torch.save({"state": {}}, path)
    with pytest.raises(UserError, match="is not a weights file of this program"):
        load_model(path)


def test_code_inside_a_weights_file_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "trapped"), "w"))

    path = tmp_path / "trap.pt"
    torch.save({"format": "dlpfc-weights-1", "state": Trap()}, path)
    with pytest.raises(UserError):
        load_model(path)
    assert not (tmp_path / "trapped").exists()


def test_weights_that_do_not_fit_their_configuration_are_refused(tmp_path):
    path = tmp_path / "wrong.pt"
    save_weights(path, CARD, SliceModel(build_network(SMALL), replace(SMALL, fpn_channels=32)))
    with pytest.raises(UserError, match="do not fit the configuration"):
        load_model(path)


def test_unreadable_card_is_refused(weights):
    path, _ = weights
    path.with_suffix(".json").write_text("{")
    with pytest.raises(UserError, match="small.json"):
        load_model(path)


def test_device_that_is_not_there_is_refused_in_words():
    assert choose_device("cpu") == "cpu"
    with pytest.raises(UserError, match="auto, cpu or cuda"):
        choose_device("tpu")
    if not torch.cuda.is_available():
        assert choose_device("auto") == "cpu"
        with pytest.raises(UserError, match="No CUDA GPU"):
            choose_device("cuda")


def test_shipped_weights_are_small_and_have_a_full_card():
    model = load_model()
    assert SHIPPED.stat().st_size < 30e6
    card = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    assert {"data", "licences", "label_definition", "figures", "limits", "sha256"} <= set(card)
    assert model.sha256 == card["sha256"]


def test_a_file_holds_either_network_or_both(tmp_path, weights):
    volume = VolumeModel(build_unet(SMALL_WINDOW).eval(), SMALL_WINDOW)
    both = tmp_path / "both.pt"
    save_weights(both, CARD, SliceModel(weights[1], SMALL), volume)
    save_weights(tmp_path / "unet.pt", CARD, None, volume)
    for path, slices in ((both, True), (tmp_path / "unet.pt", False)):
        model = load_model(path)
        assert (model.slices is not None) == slices and model.volume.config == SMALL_WINDOW
        for name, value in volume.network.state_dict().items():
            assert torch.allclose(model.volume.network.state_dict()[name], value, atol=2e-3, rtol=2e-3)
        assert not model.volume.network.training
    assert load_model(weights[0]).volume is None


def test_two_files_are_joined_to_one_that_names_both(tmp_path, weights):
    unet, joined = tmp_path / "unet.pt", tmp_path / "joined.pt"
    save_weights(unet, {**CARD, "id": "window"}, None, VolumeModel(build_unet(SMALL_WINDOW), SMALL_WINDOW))
    join_weights(weights[0], unet, joined)
    model = load_model(joined)
    assert model.id == "small-test + window" and model.slices.config == SMALL and model.volume.config == SMALL_WINDOW
    assert [part["id"] for part in model.card["parts"]] == ["small-test", "window"]
    for slices, volume, target, word in (
        (weights[0], unet, joined, "there already"),
        (unet, weights[0], tmp_path / "other.pt", "in this order"),
    ):
        with pytest.raises(UserError, match=word):
            join_weights(slices, volume, target)
    other = tmp_path / "other-label.pt"
    save_weights(other, {"id": "x", "label_definition": "another"}, None, model.volume)
    with pytest.raises(UserError, match="different labels"):
        join_weights(weights[0], other, tmp_path / "third.pt")
