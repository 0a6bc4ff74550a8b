"""torch for the module: there, refused, or not to be had."""

import subprocess
import sys
from types import ModuleType

import pytest
from slicer import packaging

from DLPFCSegmenterLib.application import environment
from DLPFCSegmenterLib.errors import UserError


class PyTorchUtils(ModuleType):
    """The PyTorch extension's module, with a user who agrees or not, and perhaps without a network."""

    def __init__(self, agrees, missing, is_offline=False):
        super().__init__("PyTorchUtils")
        self.asked = []
        self._agrees, self._missing, self._is_offline = agrees, missing, is_offline

    def PyTorchUtilsLogic(self):
        return self

    def installTorch(self, askConfirmation=False):
        self.asked.append(askConfirmation)
        if self._is_offline:
            raise subprocess.CalledProcessError(1, "ltt install torch")
        if self._agrees:
            self._missing.clear()


@pytest.fixture
def missing(monkeypatch):
    """Names that Python is made not to find."""
    names = {"torch", "torchvision"}
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name in names else find(name))
    return names


def test_nothing_is_asked_where_both_packages_are_there(missing, monkeypatch):
    missing.clear()
    monkeypatch.setattr(environment, "PACKAGES", ("numpy", "slicer"))
    environment.ensure_torch()


def test_missing_packages_are_installed_with_the_user_s_consent(missing, monkeypatch):
    extension = PyTorchUtils(True, missing)
    monkeypatch.setitem(sys.modules, "PyTorchUtils", extension)
    environment.ensure_torch()
    assert extension.asked == [True]


def test_a_user_who_declines_is_told_that_nothing_was_done(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, "PyTorchUtils", PyTorchUtils(False, missing))
    with pytest.raises(UserError, match="PyTorch was not installed, so nothing was segmented"):
        environment.ensure_torch()


def test_without_the_pytorch_extension_the_user_is_told_how_to_get_it(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, "PyTorchUtils", None)
    with pytest.raises(UserError, match="install it with Slicer's Extensions Manager"):
        environment.ensure_torch()


def test_an_installation_that_fails_is_told(missing, monkeypatch, panel, head):
    monkeypatch.setitem(sys.modules, "PyTorchUtils", PyTorchUtils(True, missing, is_offline=True))
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    assert "'ltt install torch' returned non-zero exit status 1" in panel.statusLabel.text
    assert panel.segmentButton.text == "Segment" and panel.segmentButton.enabled


def test_a_button_pressed_again_while_pytorch_is_installed_installs_nothing_twice(missing, monkeypatch, panel, head):
    said = []

    class Slow(PyTorchUtils):
        def installTorch(self, askConfirmation=False):
            super().installTorch(askConfirmation)
            missing.add("torch")
            panel.segmentButton.click()  # as pip's turns of the event loop allow
            said.append(panel.statusLabel.text)
            missing.clear()

    extension = Slow(True, missing)
    monkeypatch.setitem(sys.modules, "PyTorchUtils", extension)
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    assert said == ["⚠ PyTorch is being installed; wait until that has ended."]
    assert extension.asked == [True]
    assert panel.segmentButton.text == "Cancel"


def test_a_package_that_pip_cannot_install_is_named(missing, monkeypatch):
    def fail(requirements, requester):
        raise subprocess.CalledProcessError(1, "pip install")

    missing.add("highdicom")
    monkeypatch.setattr(packaging, "pip_ensure", fail)
    with pytest.raises(UserError, match=r"highdicom are needed and were not installed \(Command 'pip install'"):
        environment.ensure_packages(("highdicom",))


def test_a_button_pressed_again_while_packages_are_installed_installs_nothing_twice(missing, monkeypatch):
    asked, said = [], []

    def slow(requirements, requester):
        asked.append(requirements)
        try:
            environment.ensure_packages(("highdicom",))  # as pip's turns of the event loop allow
        except UserError as error:
            said.append(str(error))
        missing.clear()

    missing.add("highdicom")
    monkeypatch.setattr(packaging, "pip_ensure", slow)
    environment.ensure_packages(("highdicom",))
    assert len(asked) == 1
    assert said == ["Python packages are being installed; wait until that has ended."]


def test_the_panel_shows_the_reason_and_starts_nothing(missing, monkeypatch, panel, head):
    monkeypatch.setitem(sys.modules, "PyTorchUtils", PyTorchUtils(False, missing))
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    assert panel.statusLabel.text.startswith("⚠ PyTorch was not installed")
    assert panel.segmentButton.text == "Segment"
