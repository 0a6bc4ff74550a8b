"""What a file must say of its own numbers: a space, unit or axes that it does not name are never guessed."""

from pathlib import Path

from ..errors import UserError


def require_declared(path: Path, declared: dict, expected: dict[str, str]) -> None:
    """Raise UserError unless `declared`, read from `path`, holds the expected values."""
    for name, value in expected.items():
        if declared.get(name) != value:
            named = f"{name} '{declared[name]}' is not known" if name in declared else f"it names no {name}"
            raise UserError(f"{path}: {named}; only '{value}' can be read.")
