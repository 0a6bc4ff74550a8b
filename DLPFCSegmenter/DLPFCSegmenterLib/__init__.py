"""Find the dorsolateral prefrontal cortex in a T1 scan and plan a TMS target.

The main job in three lines; importing this package loads nothing heavy, PyTorch and VTK come when used:

    from DLPFCSegmenterLib import PlanOptions, export, make_plan, read_scan, write_plan

    plan = make_plan(read_scan("T1.nii.gz"), PlanOptions(hemispheres=("left", "right")))
    write_plan(plan, "results")
    export(plan, "brainsight", "results")

All coordinates are RAS in mm in the scan's own world space, as the names say. What a person can mend
raises `errors.UserError` with one sentence. Everything but `application/` imports neither `slicer` nor `qt`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import export as export
    from .export.plan_folder import write_plan as write_plan
    from .options import PlanOptions as PlanOptions
    from .plan import make_plan as make_plan
    from .scan.readers import read_volume as read_scan

__version__ = "0.1.0"
"""What every file and picture of the module says of itself."""

__all__ = ["PlanOptions", "export", "make_plan", "read_scan", "write_plan"]

_PLACES = {
    "export": ("export", ""),
    "PlanOptions": ("options", "PlanOptions"),
    "make_plan": ("plan", "make_plan"),
    "read_scan": ("scan.readers", "read_volume"),
    "write_plan": ("export.plan_folder", "write_plan"),
}
"""Name -> file and name in it; `export` is a folder that can be called."""


def __getattr__(name: str) -> Any:
    """What is asked for by name, loaded only then (Python calls this)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    file, wanted = _PLACES[name]
    module = import_module(f".{file}", __name__)
    return getattr(module, wanted) if wanted else module
