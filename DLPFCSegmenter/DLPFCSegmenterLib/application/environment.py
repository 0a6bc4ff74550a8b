"""Python inside Slicer: packages found or installed with the user's consent, and the library read afresh."""

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import slicer

from ..errors import UserError
from ..sentences import say
from ..sentences import tr as _

PACKAGES = ("torch", "torchvision")
_LIBRARY = "DLPFCSegmenterLib"

_REQUIREMENTS = {
    "contourpy": "contourpy>=1.2",
    "highdicom": "highdicom>=0.24",
    "matplotlib": "matplotlib>=3.8",
    "nibabel": "nibabel>=5.2",
    "nilearn": "nilearn>=0.12",
    "pydicom": "pydicom>=3",
}
"""What pip is asked for, for packages that Slicer may come without."""

_NOT_INSTALLED = (RuntimeError, OSError, ImportError, subprocess.SubprocessError)
"""What is raised where the user declines, pip fails, or what it installed cannot be imported."""

_INSTALLATION = threading.Lock()
"""Held while something is installed: Slicer turns the event loop meanwhile, so a button can be pressed again."""


def ensure_torch() -> None:
    """Return once both packages are there. Raises UserError where they are missing and stay so.

    They come from the PyTorch extension, which picks a pair that fits this computer and asks before it
    downloads. Whether the pair works is the worker's first question (`torch_check`): importing it here
    would freeze the window.
    """
    busy = say("PyTorch is being installed; wait until that has ended.")
    refused = say("PyTorch was not installed{reason}, so nothing was segmented; press Segment to be asked again.")
    _ensure(PACKAGES, lambda missing: _install_with_consent(), busy, refused)


def ensure_packages(names: tuple[str, ...]) -> None:
    """Return once these packages of pip are there. Raises UserError where they are missing and stay so."""
    busy = say("Python packages are being installed; wait until that has ended.")
    refused = say("The Python packages {names} are needed and were not installed{reason}; try again to be asked.")
    _ensure(names, lambda missing: _pip_install_with_consent([_REQUIREMENTS[name] for name in missing]), busy, refused)


def _ensure(names: tuple[str, ...], install: Callable[[list[str]], None], busy: str, refused: str) -> None:
    """`refused` is a source with places for the names and for ' (why)'."""
    missing = missing_packages(names)
    if not missing:
        return
    try:
        with _one_at_a_time(busy):
            install(missing)
    except _NOT_INSTALLED as error:
        raise UserError(refused, names=", ".join(missing), reason=f" ({error})") from error
    missing = missing_packages(names)
    if missing:
        raise UserError(refused, names=", ".join(missing), reason="")


@contextmanager
def _one_at_a_time(refusal: str) -> Iterator[None]:
    """Raises UserError with the sentence while something is being installed already."""
    if not _INSTALLATION.acquire(blocking=False):
        raise UserError(refusal)
    try:
        yield
    finally:
        _INSTALLATION.release()


def _pip_install_with_consent(requirements: list[str]) -> None:
    try:
        from slicer import packaging
    except ImportError:  # Slicer 5.10
        if slicer.util.confirmOkCancelDisplay(
            _(
                "The Python packages {names} will be downloaded and installed into Slicer.",
                names=", ".join(requirements),
            )
        ):
            slicer.util.pip_install(requirements)
        return
    from packaging.requirements import Requirement

    packaging.pip_ensure([Requirement(each) for each in requirements], requester=_("DLPFC Segmenter"))


def missing_packages(names: tuple[str, ...] = PACKAGES) -> list[str]:
    """Names of the packages that Python does not find; nothing is imported."""
    importlib.invalidate_caches()
    return [name for name in names if importlib.util.find_spec(name) is None]


def _install_with_consent() -> None:
    try:
        import PyTorchUtils
    except ModuleNotFoundError as error:
        sentence = say(
            "The extension 'PyTorch' is missing; install it with Slicer's Extensions Manager, restart Slicer and "
            "press Segment again."
        )
        raise UserError(sentence) from error
    PyTorchUtils.PyTorchUtilsLogic().installTorch(askConfirmation=True)


def forget_library() -> None:
    """Remove every module of the library from Python's table.

    `importlib.reload` module by module would leave classes that import each other in two versions,
    whatever the order; reading all of them afresh cannot.
    """
    for name in [name for name in sys.modules if name == _LIBRARY or name.startswith(_LIBRARY + ".")]:
        del sys.modules[name]
