"""What is made of a scan once."""

import numpy as np
import pytest

from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume
from template_scan import template_scan


class Finder:
    """Finds every head where it looks for it first, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, canonical: Volume) -> HeadFrame:
        self.asked += 1
        matrix = np.eye(4)
        matrix[:3, 3] = (12.0, -20.0, 30.0)
        return HeadFrame(matrix, 1.7)


def test_canonical_grid_and_frame_are_made_once():
    head = HeadScan(template_scan(), finder := Finder())
    assert head.canonical is head.canonical
    assert head.registration is head.registration and finder.asked == 1


@pytest.mark.parametrize("asked_first", ["the head", "its mirror image"])
def test_the_mirrored_head_has_the_mirrored_grid_and_frame_without_new_work(asked_first):
    head = HeadScan(template_scan(), finder := Finder())
    registration = head.registration if asked_first == "the head" else None
    twin = head.mirrored()
    assert np.array_equal(twin.canonical.array_kji, head.canonical.array_kji)
    assert np.array_equal(twin.canonical.ijk_to_ras, head.canonical.mirrored().ijk_to_ras)
    mirrored = twin.registration
    assert np.array_equal(mirrored.ras_from_mni, (registration or head.registration).mirrored().ras_from_mni)
    assert np.array_equal(twin.scan.ijk_to_ras, head.scan.mirrored().ijk_to_ras)
    assert finder.asked == 1


def test_the_mirrored_head_on_ras_axes_has_the_grid_that_the_mirrored_scan_has():
    head = HeadScan(template_scan())
    twin, made_anew = head.mirrored_on_ras_axes(), HeadScan(head.scan.mirrored())
    assert np.allclose(twin.canonical.array_kji, made_anew.canonical.array_kji, atol=1e-3)
    assert np.allclose(twin.canonical.ijk_to_ras, made_anew.canonical.ijk_to_ras)


def test_a_head_that_is_known_is_never_looked_for():
    frame = HeadFrame(np.diag([0.9, 0.95, 0.9, 1.0]), 1.7)
    head = HeadScan.of_canonical(template_scan(), frame)
    assert head.registration is frame
    assert np.array_equal(head.mirrored().registration.ras_from_mni, frame.mirrored().ras_from_mni)
