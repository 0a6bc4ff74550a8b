"""One configuration for the network and its training."""

import json

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.configuration import PAPER, MaskRCNNConfig, named_config


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


def test_paper_preset_is_the_published_configuration():
    assert (PAPER.backbone, PAPER.batch, PAPER.mask_size, PAPER.confidence) == ("resnet101", 1, 28, 0.8)
    assert PAPER.optimizer == "sgd" and PAPER.finetune_lr < PAPER.lr
