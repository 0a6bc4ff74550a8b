"""Stand-in for Slicer's `slicer.i18n`: texts pass through the application's translator."""

from __future__ import annotations

import inspect
from pathlib import Path


def translate(context: str, text: str) -> str:
    """`text` in the application's language."""
    from slicer import app

    return app.translate(context, text)


def tr(text: str) -> str:
    """`text` in the application's language; the context is the file of the caller."""
    caller = inspect.currentframe().f_back
    return translate(Path(caller.f_code.co_filename).stem, text)
