"""The command line and the worker: programs of their own, which share a computer with others.

What the libraries read of it when they load is set here, before any of them is imported; what a person has set stays.
Their threads sleep while they wait for each other: as delivered they spin, which costs a lone program nothing, and
makes every program on a busy computer many times slower. The numbers that come out are the same.
"""

import ctypes
import os

_MOST_THREADS = 8
"""More of them than this help no network of this size."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Their numbers in malloc.h."""

_LARGE_BLOCK = 4 << 20


def _quiet_threads() -> dict[str, str]:
    """Variables of the environment for OpenMP (GNU's and Intel's), NumPy's OpenBLAS, and ITK."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = str(min(cores, _MOST_THREADS))
    return {
        "OMP_WAIT_POLICY": "PASSIVE",
        "GOMP_SPINCOUNT": "0",
        "KMP_BLOCKTIME": "0",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": "1",
        "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": threads,
    }


os.environ.update(_quiet_threads() | os.environ)


def _return_large_blocks() -> None:
    """Have glibc return blocks of 4 MiB and more as soon as they are freed, of which it keeps 0.1 GiB else.

    Smaller ones are asked for again at once: of them twice as much as one large block is kept, as it is by default.
    """
    if hasattr(c_library := ctypes.CDLL(None), "mallopt"):
        c_library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        c_library.mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE_BLOCK)


if os.name == "posix":
    _return_large_blocks()
