"""Write the module's files into its CMakeLists.txt: scripts and resources, sorted."""

import re
from pathlib import Path

MODULE = Path(__file__).resolve().parents[1] / "DLPFCSegmenter"
IGNORED = ("__pycache__", "*.egg-info", "CMakeLists.txt")


def module_files() -> list[str]:
    """Every file that the module consists of, relative to its folder."""
    files = [path.relative_to(MODULE) for path in MODULE.rglob("*") if path.is_file()]
    return sorted(file.as_posix() for file in files if not _ignored(file))


def _ignored(file: Path) -> bool:
    return any(Path(part).match(pattern) for part in file.parts for pattern in IGNORED)


def with_list(cmake: str, variable: str, files: list[str]) -> str:
    """The CMake text with the list of one variable replaced."""
    lines = "".join(f"  {file.replace(MODULE.name, '${MODULE_NAME}', 1)}\n" for file in files)
    return re.sub(rf"(set\({variable}\n).*?(  \))", lambda found: found[1] + lines + found[2], cmake, flags=re.S)


def main() -> None:
    """Rewrite both lists in place."""
    file = MODULE / "CMakeLists.txt"
    files = module_files()
    cmake = with_list(
        file.read_text(encoding="utf-8"), "MODULE_PYTHON_SCRIPTS", [f for f in files if f.endswith(".py")]
    )
    cmake = with_list(cmake, "MODULE_PYTHON_RESOURCES", [f for f in files if not f.endswith(".py")])
    file.write_text(cmake, encoding="utf-8")


if __name__ == "__main__":
    main()
