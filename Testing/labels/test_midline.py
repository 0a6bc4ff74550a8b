"""Labels that call both hemispheres one are told from a structure that reaches over the midline."""

import numpy as np
import pytest

from DLPFCSegmenterLib.labels.midline import lies_over_midline
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.volume import Volume

FRAME = HeadFrame(np.eye(4), 1.7)


@pytest.mark.parametrize(
    "frame, size_mm, middle_mm, stays",
    [
        (FRAME, 20, 0, True),
        (FRAME, 40, -20, True),
        (FRAME, 40, 12, False),
        (FRAME, 20, 30, False),
        (HeadFrame(np.eye(4), np.inf), 20, 30, True),
    ],
)
def test_a_structure_in_the_middle_may_reach_over_it(frame, size_mm, middle_mm, stays):
    """A vermis of 20 mm does; a left region whose middle lies 12 mm to the right is none."""
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[0, 3] = middle_mm - size_mm / 2 + 1
    mask = Volume(np.ones((3, 3, size_mm // 2), bool), matrix)
    assert lies_over_midline(mask, "left", frame) != stays
    mask.ijk_to_ras[0] *= -1
    assert lies_over_midline(mask, "right", frame) != stays
