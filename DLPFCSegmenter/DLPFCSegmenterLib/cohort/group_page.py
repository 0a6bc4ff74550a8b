"""The page of a group: all targets on one brain, distributions, and a table to filter and sort, in one file.

What moves in the page is `Resources/group.html`; here its data is put together. It needs no server and loads nothing
but the page of a person that is clicked on.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..files import told_to_the_user, write_whole_file
from ..geometry.sides import SIDES
from ..scan.head_frame import template_brain
from ..targeting.mni_targets import MNI_TARGETS
from ..terminology import DLPFC, NOTICE, segment_colour
from .group_table import JUDGED, OUTLIER_Z, GroupScan, Value

GROUP_PAGE = "group.html"

_TEMPLATE = Path(__file__).parent / "Resources" / "group.html"
_PLACE = "/* data */"
_MOST_THUMBNAIL_BYTES = 6500
"""A thousand of them, written as text, take 9 MB."""

_WIDTHS_PX = (240, 200, 160, 120, 80)
_QUALITY = 62
_SHOWN = (
    "scan", "state", "hemisphere", "robust_z", "outlier_in", "target_mni_x_mm", "target_mni_y_mm", "target_mni_z_mm",
    "volume_ml", "expected_error_mm", "entry_depth_mm", "five_cm_to_target_mm", "registration_spread_mm", "seconds",
    "gib", "warnings", "message",
)  # fmt: skip
"""Columns of the group's table that the page shows; `group.csv` has them all."""

_PLANES = {"axial": (0, 1, 2), "sagittal": (1, 2, 0), "coronal": (0, 2, 1)}
"""Plane -> RAS axes of its width and height, and the one that is looked along."""

_SHADE_TIMES = 4
_DECIMALS = 2


def write_group_page(
    scans: Sequence[GroupScan], rows: Sequence[Mapping[str, Value]], output: Path, region: str = DLPFC
) -> None:
    """Write `group.html` for the rows of the group's table, in whose scans a region was looked for.

    Raises UserError where the folder cannot be written.
    """
    text = json.dumps(
        {"region": region, **_data(scans, rows)}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    page = _TEMPLATE.read_text(encoding="utf-8").replace(_PLACE, text.replace("<", "\\u003c"), 1)
    with told_to_the_user(output), write_whole_file(output / GROUP_PAGE) as part:
        part.write_text(page, encoding="utf-8", errors="backslashreplace")


def _data(scans: Sequence[GroupScan], rows: Sequence[Mapping[str, Value]]) -> dict[str, Any]:
    """All that the page shows."""
    return {
        "notice": NOTICE,
        "version": __version__,
        "outlier_z": OUTLIER_Z,
        "judged": JUDGED,
        "columns": _SHOWN,
        "rows": [[_plain(row.get(name)) for name in _SHOWN] for row in rows],
        "scans": {scan.row.name: [scan.page, thumbnail(scan.picture)] for scan in scans},
        "planes": [_plane(name) for name in _PLANES],
        "published": [[target.label, *target.left_mni_mm] for target in MNI_TARGETS],
        "colours": {side: _css(side) for side in SIDES},
    }


def _plain(value: Value) -> Value:
    if isinstance(value, float):
        return round(value, _DECIMALS) if np.isfinite(value) else None
    return value


def _css(hemisphere: str) -> str:
    return "rgb({} {} {})".format(*(round(255 * part) for part in segment_colour(hemisphere)))


def thumbnail(picture: Path) -> str:
    """A small JPEG of a picture as text, '' where there is no picture or none that can be read."""
    from PIL import Image

    try:
        with Image.open(picture) as image:
            drawn = image.convert("RGB")
    except (OSError, ValueError):
        return ""
    for width in _WIDTHS_PX:
        buffer = BytesIO()
        small = drawn.resize((width, max(1, round(width * drawn.height / drawn.width))), reducing_gap=2.0)
        small.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
        if buffer.tell() <= _MOST_THUMBNAIL_BYTES:
            break
    return b64encode(buffer.getvalue()).decode("ascii")


def _plane(name: str) -> dict[str, Any]:
    """How thick the template's brain is along a plane's normal, as a picture, and where its edges lie in MNI mm.

    The high end of the width lies on the left where that is the person's right or front, as in the reports.
    """
    from PIL import Image

    across, up, along = _PLANES[name]
    brain = template_brain()
    steps = np.diag(brain.ijk_to_ras)[:3]
    seen_ijk = np.flip(brain.array_kji.transpose(2, 1, 0), axis=tuple(np.flatnonzero(steps < 0)))
    thick = seen_ijk.sum(axis=along)
    thick = thick if across < up else thick.T
    shade = (255 - 120 * (thick / thick.max()) ** 0.7).astype(np.uint8).T[::-1, ::-1]
    size = (shade.shape[1] * _SHADE_TIMES, shade.shape[0] * _SHADE_TIMES)
    buffer = BytesIO()
    Image.fromarray(shade).resize(size, Image.Resampling.BICUBIC).save(buffer, "PNG", optimize=True)
    return {
        "name": name,
        "across": across,
        "up": up,
        "bounds_mm": [_edges_mm(brain.ijk_to_ras, brain.shape_ijk, axis) for axis in (across, up)],
        "picture": b64encode(buffer.getvalue()).decode("ascii"),
    }


def _edges_mm(ijk_to_ras: np.ndarray, shape_ijk: tuple[int, int, int], axis: int) -> list[float]:
    """Least and greatest coordinate of a grid along an axis, with half a voxel around it; its axes are RAS axes."""
    step, start = ijk_to_ras[axis, axis], ijk_to_ras[axis, 3]
    ends = (start - step / 2, start + step * (shape_ijk[axis] - 0.5))
    return [float(min(ends)), float(max(ends))]
