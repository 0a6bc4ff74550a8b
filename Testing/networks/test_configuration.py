"""One configuration for the network and its training."""

import json

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.configuration import PAPER, MaskRCNNConfig, named_config
from DLPFCSegmenterLib.networks.unet import UNetConfig


def test_configuration_survives_being_written_as_json():
    for config in (MaskRCNNConfig(), PAPER):
        assert MaskRCNNConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_unknown_keys_are_refused_by_name():
    with pytest.raises(UserError, match="wings"):
        MaskRCNNConfig.from_dict({"wings": 2})


def test_settings_change_a_preset():
    config = named_config("paper", ["lr=0.5", "image_size=64,96", "augmentation.scale=0.3"])
    assert (config.lr, config.image_size, config.augmentation.scale) == (0.5, (64, 96), 0.3)
    assert config.backbone == "resnet101"


@pytest.mark.parametrize("setting", ["wings=2", "lr=fast", "augmentation.wings=1", "augmentation=1"])
def test_settings_that_make_no_sense_are_refused(setting):
    with pytest.raises(UserError, match=setting.split("=")[0].split(".")[-1]):
        named_config("dlpfc", [setting])


def test_unknown_preset_names_the_known_ones():
    with pytest.raises(UserError, match="dlpfc, paper"):
        named_config("other")


def test_a_training_without_an_epoch_is_refused_before_anything_is_prepared():
    with pytest.raises(UserError, match="heads_epochs and all_epochs"):
        named_config("paper", ["heads_epochs=0", "all_epochs=0", "pretrain_steps=9"])


def test_paper_preset_is_the_published_configuration():
    assert (PAPER.backbone, PAPER.batch, PAPER.mask_size, PAPER.confidence) == ("resnet101", 1, 28, 0.8)
    assert PAPER.optimizer == "sgd" and PAPER.finetune_lr < PAPER.lr


@pytest.mark.parametrize(
    "setting",
    [
        "batch=0", "steps_per_epoch=-1", "all_epochs=-2", "lr=nan", "lr=-0.1", "finetune_lr=inf", "image_size=96,0",
        "depths_mm=-60", "pixel_mm=0", "augmentation.scale=-1", "context=0", "window_centre_mm=nan,0,0",
    ],
)  # fmt: skip
def test_a_setting_by_which_nothing_can_be_learnt_is_refused(setting):
    """steps_per_epoch=-1 left weights that had learnt nothing, and said nothing."""
    name, _, text = setting.partition("=")
    with pytest.raises(UserError, match=f"Setting {name}: with {text} nothing can be learnt; give numbers like"):
        MaskRCNNConfig().changed([setting])
    with pytest.raises(UserError, match="nothing can be learnt"):
        UNetConfig().changed(["shape_kji=24,-1,32"])


@pytest.mark.parametrize("setting", ["all_epochs=0", "label_loss=0", "window_centre_mm=-1,-2,-3", "confidence=0.0"])
def test_a_phase_or_a_share_may_be_0_and_a_place_below_it(setting):
    name, _, text = setting.partition("=")
    value = MaskRCNNConfig().changed([setting]).to_dict()[name]
    assert (list(value) if isinstance(value, tuple) else [value]) == [float(part) for part in text.split(",")]
