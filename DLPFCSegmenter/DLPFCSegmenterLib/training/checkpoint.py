"""Checkpoints that survive a kill: written beside the old one, then moved over it."""

from pathlib import Path

import torch

from ..errors import UserError
from ..files import write_whole_file


def save_checkpoint(path: Path, state: dict) -> None:
    """Write `state` (tensors and plain values) so that a kill leaves the old file or the new one."""
    with write_whole_file(path) as part:
        torch.save(state, part)


def load_checkpoint(path: Path) -> dict | None:
    """The saved state, or None where there is none. Raises UserError for a damaged file."""
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            f"{path}: cannot be read as a checkpoint ({type(error).__name__}); delete it to start this training again."
        ) from error
