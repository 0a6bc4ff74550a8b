"""Weights are what their card says, or they are not loaded."""

import json
from dataclasses import replace

import pytest
import torch
from torchvision.models import resnet18
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights, maskrcnn_resnet50_fpn

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.weights import (
    SHIPPED,
    choose_device,
    file_sha256,
    initialise,
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
    save_weights(path, CARD, {"mask-rcnn": Trained(network, SMALL)})
    return path, network


def test_loaded_network_has_the_saved_weights_configuration_and_card(weights):
    path, network = weights
    model = load_model(path)
    assert (model.id, model.label_definition, model.networks["mask-rcnn"].config) == (
        "small-test",
        "a test label",
        SMALL,
    )
    assert model.sha256 == file_sha256(path)
    for name, value in network.state_dict().items():
        assert torch.allclose(model.networks["mask-rcnn"].network.state_dict()[name], value, atol=2e-3, rtol=2e-3)
    assert not model.networks["mask-rcnn"].network.training


@pytest.mark.parametrize(
    "region, name", [(None, "DLPFC"), ({"name": "dlpfc"}, "DLPFC"), ({"name": "insula"}, "insula"), ("odd", "DLPFC")]
)
def test_the_region_is_called_as_the_card_calls_it(weights, region, name):
    model = load_model(weights[0])
    assert replace(model, card={**model.card, "region": region}).region_name == name


def test_the_card_tells_the_least_confidence_of_a_slice(weights):
    for path, own in ((weights[0], SMALL.confidence), (SHIPPED, 0.5)):
        assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["confidence"] == own


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
    torch.save({"format": "dlpfc-weights-2", "networks": Trap()}, path)
    with pytest.raises(UserError):
        load_model(path)
    assert not (tmp_path / "trapped").exists()


def test_weights_that_do_not_fit_their_configuration_are_refused(tmp_path):
    path = tmp_path / "wrong.pt"
    save_weights(path, CARD, {"mask-rcnn": Trained(build_network(SMALL), replace(SMALL, fpn_channels=32))})
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


@pytest.fixture
def window():
    torch.manual_seed(4)
    return Trained(build_unet(SMALL_WINDOW).eval(), SMALL_WINDOW)


def same_weights(one: Trained, other: Trained) -> bool:
    states = one.network.state_dict(), other.network.state_dict()
    return all(torch.allclose(states[0][name], value, atol=2e-3, rtol=2e-3) for name, value in states[1].items())


def test_a_file_holds_either_network_or_both(tmp_path, weights, window):
    both, alone = tmp_path / "both.pt", tmp_path / "unet.pt"
    save_weights(both, CARD, {"unet": window, "mask-rcnn": Trained(weights[1], SMALL)})
    save_weights(alone, CARD, {"unet": window})
    for path, names in ((both, ["mask-rcnn", "unet"]), (alone, ["unet"]), (weights[0], ["mask-rcnn"])):
        assert list(load_model(path).networks) == names
    for path in (both, alone):
        held = load_model(path).networks["unet"]
        assert held.config == SMALL_WINDOW and same_weights(held, window) and not held.network.training


def test_several_files_are_joined_to_one_that_names_them_all(tmp_path, weights, window):
    unet, joined = tmp_path / "unet.pt", tmp_path / "joined.pt"
    save_weights(unet, {**CARD, "id": "window"}, {"unet": window})
    join_weights([weights[0], unet], joined)
    model = load_model(joined)
    assert model.id == "small-test + window"
    assert [each.config for each in model.networks.values()] == [SMALL, SMALL_WINDOW]
    assert [part["id"] for part in model.card["parts"]] == ["small-test", "window"]
    other = tmp_path / "other-label.pt"
    save_weights(other, {"id": "x", "label_definition": "another"}, {"unet": window})
    for paths, target, word in (
        ([weights[0], unet], joined, "there already"),
        ([unet, weights[0], unet], tmp_path / "second.pt", "unet.pt: holds a unet"),
        ([weights[0], other], tmp_path / "third.pt", "different labels"),
    ):
        with pytest.raises(UserError, match=word):
            join_weights(paths, target)


def part_of_the_first_form(trained: Trained) -> dict:
    return {
        "config": {name: value for name, value in trained.config.to_dict().items()},
        "state": {name: value.half() for name, value in trained.network.state_dict().items()},
    }


@pytest.mark.parametrize("names", [["mask-rcnn"], ["unet"], ["mask-rcnn", "unet"]])
def test_the_first_form_of_a_weights_file_is_still_read(tmp_path, weights, window, names):
    window = replace(window, config=replace(SMALL_WINDOW, weight=0.7))
    networks = {"mask-rcnn": Trained(weights[1], SMALL), "unet": window}
    parts = {name: part_of_the_first_form(networks[name]) for name in names}
    slices = parts.get("mask-rcnn", {"config": {}})
    slices["config"].pop("weight", None)  # the first form had none
    held = {"format": "dlpfc-weights-1", **CARD, "volume": parts.get("unet"), **(slices if "state" in slices else {})}
    torch.save(held, tmp_path / "old.pt")
    model = load_model(tmp_path / "old.pt")
    assert list(model.networks) == names and (model.id, model.label_definition) == tuple(CARD.values())
    assert all(same_weights(model.networks[name], networks[name]) for name in names)
    if len(names) == 2:
        assert [each.config.weight for each in model.networks.values()] == [0.3, 0.7]


def test_a_network_that_this_version_does_not_know_is_named(tmp_path, weights):
    held = torch.load(weights[0], weights_only=True)
    held["networks"]["yolo"] = held["networks"]["mask-rcnn"]
    path = tmp_path / "newer.pt"
    torch.save(held, path)
    with pytest.raises(UserError, match="newer.pt: holds a network 'yolo'"):
        load_model(path)


def test_weights_and_card_of_a_stopped_run_are_both_the_old_ones(weights, monkeypatch):
    """A card with another file's hash would make the weights unusable."""
    path, network = weights
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("DLPFCSegmenterLib.networks.weights.file_sha256", stop)
    with pytest.raises(KeyboardInterrupt):
        save_weights(path, CARD | {"id": "new"}, {"mask-rcnn": Trained(network, SMALL)})
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_imagenet_file_fills_the_whole_backbone(tmp_path):
    torch.manual_seed(1)
    pretrained = resnet18(weights=None)
    torch.save(pretrained.state_dict(), tmp_path / "resnet18.pth")
    network = build_network(replace(SMALL, stages=4))
    copied = initialise(network, str(tmp_path / "resnet18.pth"), "resnet18")
    assert copied == len(pretrained.state_dict()) - 2  # the classifier has no place
    assert torch.equal(network.backbone.stem[0].weight, pretrained.conv1.weight)
    assert torch.equal(network.backbone.stages[3][1].conv2.weight, pretrained.layer4[1].conv2.weight)


def test_coco_file_fills_all_but_what_depends_on_the_classes(tmp_path):
    torch.manual_seed(1)
    coco = maskrcnn_resnet50_fpn(weights=None, weights_backbone=None)
    torch.save(coco.state_dict(), tmp_path / "coco.pth")
    config = replace(
        SMALL, stages=4, backbone="resnet50", fpn_channels=256, box_head_size=1024, mask_head_channels=256,
        mask_head_layers=4, detail_channels=0,
    )  # fmt: skip
    network = build_network(config)
    before = network.roi_heads.box_predictor.cls_score.weight.clone()
    initialise(network, str(tmp_path / "coco.pth"), "resnet50")
    assert torch.equal(network.backbone.stem[0].weight, coco.backbone.body.conv1.weight)
    assert torch.equal(network.backbone.fpn.inner_blocks[2][0].weight, coco.backbone.fpn.inner_blocks[2][0].weight)
    assert torch.equal(network.roi_heads.mask_head[1][0].weight, coco.roi_heads.mask_head[1][0].weight)
    assert torch.equal(network.roi_heads.box_predictor.cls_score.weight, before)


def test_a_file_for_three_channels_starts_the_middle_of_more(tmp_path):
    pretrained = resnet18(weights=None)
    torch.save(pretrained.state_dict(), tmp_path / "resnet18.pth")
    network = build_network(replace(SMALL, context=5))
    initialise(network, str(tmp_path / "resnet18.pth"), "resnet18")
    first = network.backbone.stem[0].weight
    assert torch.equal(first[:, 1:4], pretrained.conv1.weight) and not first[:, [0, 4]].any()


def test_our_own_checkpoints_can_be_trained_further(tmp_path):
    torch.manual_seed(1)
    first = build_network(SMALL)
    torch.save({"network": first.state_dict(), "score": 0.5}, tmp_path / "best.pt")
    second = build_network(SMALL)
    assert initialise(second, str(tmp_path / "best.pt"), "resnet18") == len(first.state_dict())
    assert torch.equal(second.backbone.stem[0].weight, first.backbone.stem[0].weight)


def test_file_that_fits_nowhere_is_refused(tmp_path):
    torch.save({"strange.weight": torch.zeros(3)}, tmp_path / "strange.pth")
    with pytest.raises(UserError, match="none of its weights fits"):
        initialise(build_network(SMALL), str(tmp_path / "strange.pth"), "resnet18")
    (tmp_path / "text.pth").write_text("hello")
    with pytest.raises(UserError, match="cannot be read"):
        initialise(build_network(SMALL), str(tmp_path / "text.pth"), "resnet18")


def test_start_from_nothing_changes_nothing():
    assert initialise(build_network(SMALL), "none", "resnet18") == 0


def test_offline_download_says_which_file_to_fetch(monkeypatch):
    def offline(*args, **kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", offline)
    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    name = MaskRCNN_ResNet50_FPN_Weights.DEFAULT.url.rsplit("/", 1)[-1]
    with pytest.raises(UserError, match=name):
        initialise(build_network(SMALL), "coco", "resnet18")


def _with(path, held):
    torch.save(held, path)
    path.with_suffix(".json").unlink(missing_ok=True)
    return path


WRONG = {
    "no id": lambda held: held.pop("id"),
    "a number for an id": lambda held: held.update(id=3),
    "no networks": lambda held: held.pop("networks"),
    "a list of networks": lambda held: held.update(networks=[1, 2]),
    "a network that is no dictionary": lambda held: held["networks"].update({"mask-rcnn": 7}),
    "no settings": lambda held: held["networks"]["mask-rcnn"].pop("config"),
    "settings of text": lambda held: held["networks"]["mask-rcnn"]["config"].update(fpn_channels="many"),
    "settings below 0": lambda held: held["networks"]["mask-rcnn"]["config"].update(fpn_channels=-4),
    "no state": lambda held: held["networks"]["mask-rcnn"].update(state=None),
    "a state of numbers": lambda held: held["networks"]["mask-rcnn"].update(state={"backbone.stem.0.weight": 1.0}),
    "names that are no text": lambda held: held["networks"].update({("a", "b"): {"config": {}, "state": {}}}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_malformed_weights_file_is_refused_in_one_line(name, weights):
    path, _ = weights
    held = torch.load(path, weights_only=True)
    WRONG[name](held)
    with pytest.raises(UserError) as refused:
        load_model(_with(path, held))
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("value", (float("nan"), float("inf"), -float("inf")))
def test_weights_that_are_no_numbers_are_refused(value, weights):
    path, _ = weights
    held = torch.load(path, weights_only=True)
    state = held["networks"]["mask-rcnn"]["state"]
    name = next(name for name, tensor in state.items() if tensor.is_floating_point())
    state[name][(-1,) * state[name].dim()] = value
    with pytest.raises(UserError, match=f"its weights '{name}' hold what is no number"):
        load_model(_with(path, held))


@pytest.mark.parametrize("text", ("[]", "3", '"card"', "null", "[" * 200_000, '{"label_definition": 5}', "{", "\0"))
def test_a_malformed_card_is_refused_in_one_line(text, weights):
    path, _ = weights
    path.with_suffix(".json").write_text(text)
    with pytest.raises(UserError, match="small.json: is not a model card"):
        load_model(path)
