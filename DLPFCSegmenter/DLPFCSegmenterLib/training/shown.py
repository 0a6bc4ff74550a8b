"""Pictures of what a network is shown in training, with the outlines that it learns: to be looked at before it learns.

Wrong scale, side or outlines are seen there at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..files import write_whole_file
from ..progress import Progress
from ..sentences import say
from .loop import Source
from .run import Run
from .subjects import TrainingSlice
from .window_data import TrainingWindow

SHOWN_FILE, BATCH_FILE = "what_the_network_sees.png", "one_batch.png"

_COLUMNS = 4


@dataclass(frozen=True)
class Look:
    """One slice: normalised intensities and the region, each (rows, columns); a pixel is `pixel_mm` wide and high."""

    grey: np.ndarray
    region: np.ndarray
    pixel_mm: float


def look_of(shown: TrainingSlice | TrainingWindow, pixel_mm: float) -> Look:
    """The middle slice of what is shown together; of a window the axial one that holds most of the region."""
    if isinstance(shown, TrainingSlice):
        return Look(shown.image[(len(shown.image) - shown.maps) // 2].numpy(), shown.region.numpy(), pixel_mm)
    region = shown.region[0].numpy() > 0.5
    index = int(region.sum(axis=(1, 2)).argmax()) if region.any() else len(region) // 2
    return Look(shown.image[0, index].numpy()[::-1], region[index][::-1], pixel_mm)


def some_of(shown: Sequence, wanted: int = 3) -> list:
    """So many of a sequence, spread over those of it that show the region; of all where none does."""
    with_region = [each for each in shown if bool((each.region > 0.5).any())] or list(shown)
    places = np.linspace(0, len(with_region) - 1, min(wanted, len(with_region)))
    return [with_region[round(place)] for place in places]


def draw_looks(path: Path, looks: Sequence[Look], title: str) -> Path:
    """Draw what a network is shown, side by side, with scale and sides; returns the picture's path."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(len(looks), _COLUMNS)
    rows = -(-len(looks) // columns)
    figure = Figure(figsize=(3.4 * columns, 3.6 * rows + 0.5), dpi=110, layout="constrained")
    for axes, look in zip(np.ravel(figure.subplots(rows, columns, squeeze=False)), looks, strict=False):
        height_mm, width_mm = np.array(look.grey.shape) * look.pixel_mm
        box = (0.0, width_mm, height_mm, 0.0)
        axes.imshow(look.grey, cmap="gray", extent=box, vmin=-2.5, vmax=2.5)
        if look.region.any():
            axes.contour(look.region, [0.5], colors=["#E69F00"], linewidths=1.2, extent=box, origin="upper")
        axes.set_xlabel("mm")
        axes.tick_params(labelsize=7)
    figure.suptitle(f"{title}\nThe region's own side is on the left, front or crown at the top", fontsize=9)
    with write_whole_file(path) as part:
        FigureCanvasAgg(figure).print_png(part)
    return path


def show(
    plain: Sequence[TrainingSlice | TrainingWindow], source: Source, batch: int, pixel_mm: float, run: Run,
    progress: Progress, dry: bool = False,
) -> Path:  # fmt: skip
    """Draw three of the plain slices or windows into the run's folder, or where it is dry a batch as it is learnt.

    Where nobody is watched, and so nothing is plain, what is learnt stands for it. Named in the log.
    """
    first = [source.draw(np.random.default_rng((run.seed, 0, number))) for number in range(max(batch, 3))]
    looks = [look_of(each, pixel_mm) for each in some_of(plain or first)]
    path = draw_looks(run.folder / SHOWN_FILE, looks, "What the network sees")
    progress.report(1, 1, say("what the network sees: {path}; look at it", path=path))
    if dry:
        looks = [look_of(each, pixel_mm) for each in first[:batch]]
        path = draw_looks(run.folder / BATCH_FILE, looks, "One batch, as it is learnt")
        progress.report(1, 1, say("one batch, as it is learnt: {path}", path=path))
    return path
