"""Checkpoints: written so that a kill leaves the old one or the new one, and read back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from ..errors import UserError
from ..files import recover, write_whole_file


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors and plain values) so that a kill leaves the old file or the new one."""
    with write_whole_file(path) as part:
        torch.save(state, part)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """The saved state, or None where there is none. Raises UserError for a damaged file.

    One that was being exchanged when its run was killed is put in its place first.
    """
    recover(path.parent)
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            "{path}: cannot be read as a checkpoint ({kind}); delete it to start this training again.",
            path=path,
            kind=type(error).__name__,
        ) from error


@contextmanager
def told_as_unfit(path: Path) -> Iterator[None]:
    """Turn what taking up a checkpoint of another network raises into one sentence."""
    try:
        yield
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise UserError(
            "{path}: does not fit this training ({kind}); name another folder, or delete it to start again.",
            path=path,
            kind=type(error).__name__,
        ) from error
