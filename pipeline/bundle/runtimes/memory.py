"""Reuse the memory that is freed, and do not look for garbage all the time."""

from __future__ import annotations

import ctypes
import functools
import gc

# Of glibc's malloc.h.
M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX = -1, -4, -8
NEVER = 2**31 - 1


@functools.cache
def keep_freed_memory() -> bool:
    """Tell glibc to hold on to freed memory; False where the C library is another.

    Networks and images ask for the same hundred MiB again and again. By default each is mapped
    afresh and its pages filled with zeros by the kernel: a third of a U-Net's time in PyTorch, a
    tenth of a study's with OpenVINO. The process stays as large as its largest moment, which it
    would be again at the next study anyway. All threads share one pool, as only the first can be
    of any size; call it before threads begin, for one that has a pool of its own keeps it.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    settings = ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, NEVER), (M_ARENA_MAX, 1))
    return all(mallopt(name, value) for name, value in settings)


def give_freed_memory_back() -> bool:
    """Return what is held on to and not in use to the system; False where that cannot be asked."""
    try:
        return bool(ctypes.CDLL("libc.so.6").malloc_trim(0))
    except (OSError, AttributeError):
        return False


def collect_seldom() -> None:
    """Leave what is loaded out of the search for garbage, and search all the rest seldom.

    Headers are a hundred thousand objects a study, enough for Python to walk, once a study, through
    every object of every library: half a second. What is new is still searched, and what nobody
    refers to is freed at once as ever.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
