"""Forget the library's modules, so that the next import reads their files again."""

import sys

LIBRARY = "DLPFCSegmenterLib"


def forget_library() -> None:
    """Remove every module of the library from Python's table.

    `importlib.reload` module by module would leave classes that import each other in two versions,
    whatever the order; reading all of them afresh cannot.
    """
    for name in [name for name in sys.modules if name == LIBRARY or name.startswith(LIBRARY + ".")]:
        del sys.modules[name]
