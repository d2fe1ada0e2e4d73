"""Let PyTorch reuse the memory it frees, in place of giving it back and asking for it again."""

from __future__ import annotations

import ctypes
import functools

# Of glibc's malloc.h.
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
NEVER = 2**31 - 1


@functools.cache
def keep_freed_memory() -> bool:
    """Tell glibc to hold on to freed memory; False where the C library is another.

    A network's layers ask for the same hundred MiB again and again. By default each is mapped
    afresh and its pages filled with zeros by the kernel, a third of a U-Net's time in PyTorch. The
    process stays as large as its largest moment, which it would be again at the next study anyway.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(M_MMAP_MAX, 0) and mallopt(M_TRIM_THRESHOLD, NEVER))
