"""What is made of a scan once."""

import numpy as np

from DLPFCSegmenterLib.scan.head_scan import HeadScan
from template_scan import template_scan


def test_canonical_grid_and_registration_are_made_once():
    head = HeadScan(template_scan())
    assert head.canonical is head.canonical
    assert head.registration is head.registration


def test_the_mirrored_head_has_the_mirrored_grid_and_registration_without_new_work():
    head = HeadScan(template_scan())
    registration = head.registration
    twin = head.mirrored()
    assert "registration" in twin.__dict__
    assert np.array_equal(twin.canonical.array_kji, head.canonical.array_kji)
    assert np.array_equal(twin.canonical.ijk_to_ras, head.canonical.mirrored().ijk_to_ras)
    assert np.array_equal(twin.registration.ras_from_mni, registration.mirrored().ras_from_mni)
    assert np.array_equal(twin.scan.ijk_to_ras, head.scan.mirrored().ijk_to_ras)


def test_the_mirrored_head_on_ras_axes_has_the_grid_that_the_mirrored_scan_has():
    head = HeadScan(template_scan())
    twin, made_anew = head.mirrored_on_ras_axes(), HeadScan(head.scan.mirrored())
    assert np.allclose(twin.canonical.array_kji, made_anew.canonical.array_kji, atol=1e-3)
    assert np.allclose(twin.canonical.ijk_to_ras, made_anew.canonical.ijk_to_ras)
