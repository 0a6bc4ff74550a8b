"""What is read while a patient is registered and a coil is guided."""

import numpy as np

from ...guidance.aim import AimErrors
from ...guidance.registration import Registration
from ...sentences import tr as _
from ..nodes import plan_points

GREEN, ORANGE = "rgb(0,158,115)", "rgb(213,94,0)"


def registration_lines(found: Registration, entry_ras_mm: np.ndarray | None) -> list[str]:
    """The errors of a registration: of each point, left out of the fit, of the sweep, and at the entry.

    entry_ras_mm  in the registration's scan, shape (3,), or None
    """
    each = [f"{plan_points.fiducial_name(key)} {away:.1f}" for key, away in found.residual_mm.items()]
    lines = [_("Registered: fiducials {fre:.1f} mm ({each})", fre=found.fre_mm, each=", ".join(each))]
    if found.left_out_mm:
        largest = max(found.left_out_mm.values())
        lines.append(_("Left out of the fit, one is off by {away:.1f} mm at most", away=largest))
    if found.swept_rms_mm is not None:
        lines.append(_("Sweep: {rms:.1f} mm from the scalp", rms=found.swept_rms_mm))
    if entry_ras_mm is not None:
        away = found.error_at_mm(entry_ras_mm)
        lines.append(_("Expect the entry to be off by {away:.1f} mm at least", away=away))
    return lines


def in_large_type(errors: AimErrors, within: dict[str, bool]) -> str:
    """Each number on a line of its own, green within its limit."""
    lines = {
        "in_plane": _("In plane {away:.1f} mm", away=errors.in_plane_mm),
        "height": _("Height {height:.1f} of {planned:.1f} mm", height=errors.height_mm, planned=errors.planned_mm),
        "handle": _("Handle {angle:+.1f}°", angle=errors.handle_deg),
        "tilt": _("Tilt {angle:.1f}°", angle=errors.tilt_deg),
    }
    coloured = (
        f'<span style="color:{GREEN if within[name] else ORANGE}">{text}</span>' for name, text in lines.items()
    )
    return "<br>".join(coloured)
