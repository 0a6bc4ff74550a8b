"""A small DICOM series on the disk."""

import numpy as np
import SimpleITK


def _turned(around: int, degrees: float) -> np.ndarray:
    """Rotation about axis 0, 1 or 2, shape (3, 3)."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(3)
    a, b = (around + 1) % 3, (around + 2) % 3
    matrix[[a, a, b, b], [a, b, a, b]] = cos, -sin, sin, cos
    return matrix


DIRECTIONS_LPS = {
    "tilted": _turned(0, 15),
    "oblique": _turned(2, 25) @ _turned(0, -20) @ _turned(1, 10),
    "head first turned over": np.diag([-1.0, -1.0, 1.0]),
    "rows right to left, feet first": np.diag([-1.0, 1.0, -1.0]),
    "sagittal": np.array([[0.0, 0, -1], [1, 0, 0], [0, -1, 0]]),
    "coronal": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
}
"""Directions of rows, columns and slices, as columns, LPS; each right-handed."""


def save_series(folder, directions: str = "tilted") -> None:
    """An MR series of 6 slices of 1.5 x 1.2 x 3 mm, with axes of `DIRECTIONS_LPS`."""
    array_kji = np.repeat(np.arange(100, 106, dtype=np.int16), 90 * 80).reshape(6, 90, 80)
    save_slices(folder, array_kji, (1.5, 1.2, 3.0), (-60.0, -50, -40), DIRECTIONS_LPS[directions])


def save_slices(folder, array_kji, spacing_mm, origin_lps_mm, directions_lps) -> None:
    """An MR series of these voxels, at most 100 slices, whose files' names are in another order than they."""
    folder.mkdir()
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for k, values in enumerate(array_kji):
        plane = SimpleITK.GetImageFromArray(values[None])
        plane.SetSpacing(spacing_mm)
        position = np.array(origin_lps_mm) + spacing_mm[2] * k * directions_lps[:, 2]
        fields = {
            "0008|0016": "1.2.840.10008.5.1.4.1.1.4", "0008|0018": f"1.2.826.1.{k + 1}", "0008|0060": "MR",
            "0010|0010": "Doe^Jane", "0010|0020": "1", "0020|000d": "1.2.826.2", "0020|000e": "1.2.826.3",
            "0020|0052": "1.2.826.4", "0020|0013": str(3 + len(array_kji) - k), "0018|0050": str(spacing_mm[2]),
            "0020|0032": "\\".join(f"{value:.6f}" for value in position),
            "0020|0037": "\\".join(f"{value:.8f}" for value in directions_lps[:, :2].T.ravel()),
        }  # fmt: skip
        for key, value in fields.items():
            plane.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"{(k + 1) * 37 % 101}.dcm"))
        writer.Execute(plane)
