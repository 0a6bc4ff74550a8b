"""torch and torchvision inside Slicer: found, or installed with the user's consent."""

import importlib.util

from slicer.i18n import tr as _

from ..errors import UserError

PACKAGES = ("torch", "torchvision")


def ensure_torch() -> None:
    """Return once both packages are there. Raises UserError where they are missing and stay so.

    They come from the PyTorch extension, which picks a pair that fits this computer and asks before it
    downloads. Whether the pair works is the worker's first question (`torch_check`): importing it here
    would freeze the window.
    """
    if not missing_packages():
        return
    _install_with_consent()
    if missing_packages():
        raise UserError(_("PyTorch was not installed, so nothing was segmented; press Segment to be asked again."))


def missing_packages() -> list[str]:
    """Names of the packages that Python does not find; nothing is imported."""
    importlib.invalidate_caches()
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def _install_with_consent() -> None:
    try:
        import PyTorchUtils
    except ModuleNotFoundError as error:
        sentence = _(
            "The extension 'PyTorch' is missing; install it with Slicer's Extensions Manager, restart Slicer and "
            "press Segment again."
        )
        raise UserError(sentence) from error
    PyTorchUtils.PyTorchUtilsLogic().installTorch(askConfirmation=True)
