"""A small DICOM series on the disk."""

import numpy as np
import SimpleITK


def save_series(folder) -> None:
    """A tilted MR series of 6 slices of 1.5 x 1.2 x 3 mm."""
    folder.mkdir()
    angle = np.radians(15)
    tilt = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for k in range(6):
        plane = SimpleITK.GetImageFromArray(np.full((1, 90, 80), 100 + k, np.int16))
        plane.SetSpacing((1.5, 1.2, 3.0))
        position = np.array([-60.0, -50, -40]) + 3.0 * k * tilt[:, 2]
        fields = {
            "0008|0016": "1.2.840.10008.5.1.4.1.1.4", "0008|0018": f"1.2.826.1.{k + 1}", "0008|0060": "MR",
            "0010|0010": "Doe^Jane", "0010|0020": "1", "0020|000d": "1.2.826.2", "0020|000e": "1.2.826.3",
            "0020|0052": "1.2.826.4", "0020|0013": str(9 - k), "0018|0050": "3",
            "0020|0032": "\\".join(f"{value:.6f}" for value in position),
            "0020|0037": "\\".join(f"{value:.8f}" for value in tilt[:, :2].T.ravel()),
        }  # fmt: skip
        for key, value in fields.items():
            plane.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"{(k * 5) % 7}.dcm"))
        writer.Execute(plane)
