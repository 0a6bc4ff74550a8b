"""What resting-state fMRI says of a side, as a picture and as tables of the report."""

from xml.etree.ElementTree import Element

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ..plan import HemispherePlan, Plan
from ..scan.volume import Volume
from ..sentences import say, tr
from ..words import circuit_in_words, circuit_places, circuit_settings
from .page_tables import table, tag
from .slices import PLANES, Cut, cut, draw_letters, head_box, segment_colour, title_of

_MOST_Z = 0.6
_COLOURS, _HALF = "RdBu_r", 0.5


def draw_circuit(plan: Plan, side: HemispherePlan) -> Figure | None:
    """Three slices through the first target with the map over the scan, and the cortex from the side.

    None where a plan was read without its map, or nothing was found.
    """
    if plan.circuit is None or plan.circuit.z_map is None or side.circuit is None or not side.circuit.targets:
        return None
    at = side.circuit.targets[0].position_ras_mm
    figure = Figure(figsize=(10.0, 3.2), facecolor="white")
    panels = figure.subplots(1, 4)
    box = head_box(plan.volume)
    for axes, plane in zip(panels, PLANES, strict=False):
        place = float(at[plane.normal])
        scan = cut(plan.volume, plane, place, box)
        _draw_slice(axes, scan, *_values(plan.circuit.z_map, plane, place, box))
        axes.plot(at[plane.across], at[plane.up], "P", color="#F0E442", markeredgecolor="black", markersize=9)
        axes.set_title(title_of(scan), fontsize=9)
    _draw_cortex(panels[3], plan.circuit.z_map, side, at)
    figure.subplots_adjust(left=0.01, right=0.9, wspace=0.05, top=0.9, bottom=0.02)
    colours = figure.add_axes((0.915, 0.15, 0.012, 0.65))
    scale = figure.colorbar(ScalarMappable(Normalize(-_MOST_Z, _MOST_Z), _COLOURS), colours)
    scale.set_label(tr("Fisher's z"), fontsize=8)
    return figure


def _values(z_map: Volume, *where: "object") -> tuple[Cut, Cut]:
    """A slice of the map without its gaps, and how much of each pixel is no gap."""
    known = np.isfinite(z_map.array_kji)
    filled = z_map.with_array(np.nan_to_num(z_map.array_kji))
    return cut(filled, *where), cut(z_map.with_array(known.astype(np.float32)), *where)  # type: ignore[arg-type]


def _draw_slice(axes: Axes, scan: Cut, z: Cut, known: Cut) -> None:
    axes.imshow(scan.values, extent=scan.extent_mm, origin="lower", cmap="gray")
    shown = np.where(known.values > _HALF, z.values / np.maximum(known.values, _HALF), np.nan)
    axes.imshow(shown, extent=z.extent_mm, origin="lower", cmap=_COLOURS, vmin=-_MOST_Z, vmax=_MOST_Z, alpha=0.75)
    draw_letters(axes, scan.plane.letters)
    axes.set_axis_off()
    axes.set_xlim(scan.extent_mm[1], scan.extent_mm[0])
    axes.set_ylim(scan.extent_mm[2], scan.extent_mm[3])


def _draw_cortex(axes: Axes, z_map: Volume, side: HemispherePlan, at_ras_mm: np.ndarray) -> None:
    """The grey matter that is seen first from the side of the hemisphere, by someone who stands there."""
    is_left = side.region.hemisphere == "left"
    values = z_map.array_kji if is_left else z_map.array_kji[:, :, ::-1]
    first = np.isfinite(values).argmax(axis=2)
    seen = np.take_along_axis(values, first[:, :, None], axis=2)[:, :, 0]
    (_, low_a, low_s), step = z_map.ijk_to_ras[:3, 3], z_map.spacing_mm
    count_s, count_a = seen.shape
    extent = (low_a, low_a + count_a * step[1], low_s, low_s + count_s * step[2])
    axes.imshow(seen, extent=extent, origin="lower", cmap=_COLOURS, vmin=-_MOST_Z, vmax=_MOST_Z)
    mask = side.region
    points = np.argwhere(mask.mask_kji)[:, ::-1] @ mask.volume.ijk_to_ras[:3, :3].T + mask.volume.ijk_to_ras[:3, 3]
    axes.plot(*points[:, 1:].T, ",", color=segment_colour(mask.hemisphere), alpha=0.05)
    axes.plot(*at_ras_mm[1:], "P", color="#F0E442", markeredgecolor="black", markersize=9)
    axes.set_title(tr("cortex from the {hemisphere}", hemisphere=say(mask.hemisphere)), fontsize=9)
    draw_letters(axes, ("A", "P", "I", "S") if is_left else ("P", "A", "I", "S"))
    axes.set_xlim(*(extent[1::-1] if is_left else extent[:2]))
    axes.set_axis_off()


def circuit_tables(plan: Plan, side: HemispherePlan) -> list[Element]:
    """What was found, place beside place, and by which settings, with a heading; nothing without fMRI."""
    if plan.circuit is None or side.circuit is None:
        return []
    rows = [
        [label, *(f"{mm:.1f}" for mm in at), "" if z is None else f"{z:.2f}", f"{away:.1f}"]
        for label, at, z in circuit_places(side)
        for away in [float(np.linalg.norm(at - side.target.position_ras_mm))]
    ]
    titles = (say("Place"), "R", "A", "S", say("z with the SGC"), say("mm to the target"))
    names = tag("tr", *(tag("th", title) for title in titles))
    return [
        tag("h3", say("Connectivity with the subgenual cingulate (SGC)")),
        tag("p", circuit_in_words(side.circuit)),
        table([names], rows, "values measures"),
        table([], [["fMRI", text] for text in circuit_settings(plan.circuit)], "values facts"),
    ]
