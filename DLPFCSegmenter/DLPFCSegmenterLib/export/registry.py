"""Every export format by its name, as the files in `formats/` name them."""

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from ..errors import UserError
from . import formats
from .format import Format, MaskFormat, PointFormat, TargetReader


def _modules() -> list[ModuleType]:
    return [import_module(f"{formats.__name__}.{module.name}") for module in iter_modules(formats.__path__)]


def _all_formats() -> list[Format]:
    return sorted((each for module in _modules() for each in module.FORMATS), key=lambda each: each.rank)


FORMATS: dict[str, Format] = {each.name: each for each in _all_formats()}
"""Name -> format, in the order of their ranks."""

POINT_FORMATS = {name: each for name, each in FORMATS.items() if isinstance(each, PointFormat)}
"""Those of targets."""

READERS: list[PointFormat | TargetReader] = [
    *POINT_FORMATS.values(),
    *(each for module in _modules() for each in getattr(module, "READERS", ())),
]
"""All files of targets that are read, in the order in which a file's signature is looked for."""

MASK_FORMATS = {name: each for name, each in FORMATS.items() if isinstance(each, MaskFormat)}


def point_format(name: str) -> PointFormat:
    """The format of targets called `name`; raises UserError naming all of them."""
    if name not in POINT_FORMATS:
        raise UserError(
            "'{name}' is no export format; choose one of {point_formats}.",
            name=name,
            point_formats=", ".join(POINT_FORMATS),
        )
    return POINT_FORMATS[name]


def file_name(name: str, stem: str, moment: datetime) -> str:
    """The name that a file of a format of targets should bear: `stem` and its suffix, or what its reader asks for."""
    chosen = point_format(name)
    if not chosen.named_by_time:
        return stem + chosen.suffix
    return f"{chosen.named_by_time}{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}.xml"
