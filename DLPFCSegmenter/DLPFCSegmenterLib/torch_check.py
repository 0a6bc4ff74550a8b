"""Do torch and torchvision fit together? Asked before any work, with a real operator.

The two are often found in builds that do not match; then torchvision imports, and fails at the first
box operation with "operator torchvision::nms does not exist". Mask R-CNN lives on that operator.
"""

from .errors import UserError

REPAIR = (
    "Install a matching pair: in Slicer open the module 'PyTorch Util', uninstall PyTorch, restart "
    "Slicer and install it again; elsewhere run 'pip install --force-reinstall torch torchvision'"
)


def check_torchvision() -> None:
    """Run `torchvision.ops.nms` on two boxes. Raises UserError with the way to repair it."""
    try:
        kept = _nms_of_two_boxes()
    except ModuleNotFoundError as error:
        raise UserError(f"The Python package {error.name} is not installed. {REPAIR}.") from error
    except (ImportError, RuntimeError, AttributeError, OSError) as error:
        raise UserError(f"torch and torchvision do not fit together ({_first_line(error)}). {REPAIR}.") from error
    if kept != [0]:
        raise UserError(f"torchvision computes a wrong result (nms kept {kept}, not [0]). {REPAIR}.")


def _nms_of_two_boxes() -> list[int]:
    """Indices kept of two boxes that overlap nearly fully: the first alone."""
    import torch
    import torchvision

    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0]])
    return torchvision.ops.nms(boxes, torch.tensor([0.9, 0.8]), 0.5).tolist()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
