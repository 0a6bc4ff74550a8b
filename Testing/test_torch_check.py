"""The pair torch and torchvision is tried with a real operator before any work."""

import sys

import pytest

from DLPFCSegmenterLib import torch_check
from DLPFCSegmenterLib.errors import UserError

pytest.importorskip("torchvision", reason="torchvision is not installed")


def test_a_matching_pair_passes():
    torch_check.check_torchvision()


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(UserError, match="torchvision.*(not installed|do not fit).*PyTorch Util"):
        torch_check.check_torchvision()


def test_a_pair_that_does_not_match_is_told_with_the_way_to_repair_it(monkeypatch):
    import torchvision

    def missing_operator(*arguments):
        raise RuntimeError("operator torchvision::nms does not exist\nmore")

    monkeypatch.setattr(torchvision.ops, "nms", missing_operator)
    sentence = r"do not fit together \(operator torchvision::nms does not exist\).*uninstall PyTorch, restart"
    with pytest.raises(UserError, match=sentence):
        torch_check.check_torchvision()
