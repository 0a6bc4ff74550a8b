"""The file behind a volume that another program has loaded."""

from dataclasses import replace
from pathlib import Path

from ..errors import UserError
from .readers import read_volume
from .volume import Volume, is_same_grid


def as_in_file(volume: Volume, path: Path | None) -> Volume:
    """The volume with the name and the NIfTI codes of the file that it was loaded from.

    Without a file, or where that has gone, it stays as it is. Raises UserError where the volume no longer
    lies where its file says: a navigator reads the file, and every coordinate would be off in it.
    """
    if path is None or not path.exists():
        return volume
    file = read_volume(path)
    if not is_same_grid(volume.shape_ijk, volume.ijk_to_ras, file):
        raise UserError(
            f"'{volume.source}' no longer lies where its file {path} says (cropped, or a transform was hardened); "
            "save the volume to a file of its own and export again."
        )
    warnings = tuple(dict.fromkeys(volume.warnings + file.warnings))
    return replace(volume, source=str(path), warnings=warnings, qform_code=file.qform_code, sform_code=file.sform_code)
