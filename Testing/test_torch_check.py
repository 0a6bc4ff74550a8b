"""The pair torch and torchvision is tried with a real operator before any work."""

import subprocess
import sys
from pathlib import Path

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


def output_of(code, *folders):
    """What a Python of its own prints."""
    library = Path(torch_check.__file__).parents[1]
    program = f"import sys; sys.path[:0] = {[str(folder) for folder in (*folders, library)]}\n{code}"
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.slow
def test_torchvision_comes_without_the_compiler_and_works():
    code = """
from DLPFCSegmenterLib.torch_check import check_torchvision
check_torchvision()
import torch
from torchvision.ops import RoIAlign
print(float(RoIAlign(1, 1.0, 1)(torch.ones(1, 1, 4, 4), [torch.tensor([[0.0, 0.0, 2.0, 2.0]])])))
print("torch._dynamo" in sys.modules, "torch._dynamo.utils" in sys.modules)
"""
    assert output_of(code) == ["1.0", "False", "False"]


@pytest.mark.slow
def test_what_another_torchvision_takes_from_the_compiler_is_the_real_thing(tmp_path):
    (tmp_path / "torchvision.py").write_text(
        "from torch._dynamo.utils import counters, is_compile_supported\n"
        "supported = is_compile_supported('cpu')\n"
        "import torch._dynamo.utils as real\n"
    )
    code = """
from DLPFCSegmenterLib.torch_check import import_torchvision
found = import_torchvision()
import torch._dynamo.utils as real
print(found.counters is real.counters, found.real is real, found.supported == real.is_compile_supported("cpu"))
"""
    assert output_of(code, tmp_path) == ["True", "True", "True"]


@pytest.mark.slow
def test_a_compiler_that_is_there_already_is_left_alone():
    code = """
import torch._dynamo.utils as before
from DLPFCSegmenterLib.torch_check import import_torchvision
import_torchvision()
from torchvision.ops import roi_align
print(sys.modules["torch._dynamo.utils"] is before)
print(sys.modules["torchvision.ops.roi_align"].is_compile_supported is before.is_compile_supported)
"""
    assert output_of(code) == ["True", "True"]
