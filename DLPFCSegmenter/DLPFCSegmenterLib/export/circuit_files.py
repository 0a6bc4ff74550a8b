"""What resting-state fMRI says of a plan, as files: the map, a table of places and a picture of each side."""

import csv
from pathlib import Path

import nibabel as nib
import numpy as np

from ..geometry.sides import SIDES
from ..plan import Plan
from ..words import circuit_places
from .file_names import CIRCUIT_MAP_FILE, CIRCUIT_TABLE_FILE, circuit_picture_name

CIRCUIT_FILES = (CIRCUIT_MAP_FILE, CIRCUIT_TABLE_FILE, *map(circuit_picture_name, SIDES))
_COLUMNS = ("hemisphere", "place", "r_mm", "a_mm", "s_mm", "z", "to_target_mm")
_DPI = 150


def write_circuit(plan: Plan, folder: Path) -> None:
    """Write the files of a plan that has any fMRI into a folder that exists; RAS mm of the scan's own world."""
    if plan.circuit is None:
        return
    if plan.circuit.z_map is not None:
        z_map = plan.circuit.z_map
        image = nib.Nifti1Image(np.asarray(z_map.array_kji, np.float32).T, z_map.ijk_to_ras)
        image.header.set_xyzt_units("mm")
        nib.save(image, folder / CIRCUIT_MAP_FILE)
    with (folder / CIRCUIT_TABLE_FILE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(_rows(plan))
    _draw(plan, folder)


def _draw(plan: Plan, folder: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from ..report.circuit import draw_circuit

    for name, side in plan.sides.items():
        figure = draw_circuit(plan, side)
        if figure is not None:
            figure.set_dpi(_DPI)
            FigureCanvasAgg(figure).print_png(folder / circuit_picture_name(name))


def _rows(plan: Plan) -> list[list[str]]:
    return [
        [name, label, *(f"{mm:.2f}" for mm in at), "n/a" if z is None else f"{z:.4f}", f"{away:.2f}"]
        for name, side in plan.sides.items()
        for label, at, z in circuit_places(side)
        for away in [float(np.linalg.norm(at - side.target.position_ras_mm))]
    ]
