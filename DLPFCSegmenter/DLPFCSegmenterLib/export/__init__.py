"""Files for navigators and other programs, and the result folder. Called as `export(plan, formats, folder)`,
it writes a plan in one format or more.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..plan import Plan


class _Export(ModuleType):
    """The folder as a function: `from DLPFCSegmenterLib import export` finds the folder, so that no function can."""

    def __call__(
        self, plan: "Plan", formats: str | Iterable[str], folder: Path | str, overwrite: bool = False
    ) -> list[Path]:
        """Write targets and masks of a plan for other programs; returns every file that was written.

        formats    one or more names of `registry.FORMATS`, such as 'brainsight' or 'mask-nifti'
        folder     where the files go; made where it is missing
        overwrite  whether files that are there already are replaced

        Each format counts in its own coordinate space, which its files name. Raises UserError for an unknown
        format, one that cannot hold the plan, or a file in the way; then nothing was written.
        """
        from .exporting import write_formats

        return write_formats(plan, (formats,) if isinstance(formats, str) else tuple(formats), Path(folder), overwrite)


sys.modules[__name__].__class__ = _Export
