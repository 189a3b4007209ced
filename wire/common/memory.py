"""Keeps memory that a burst once needed from being held on to, and the collector from needless work.

glibc gives each thread an arena of its own and rarely returns what was freed to the system: a daemon of
a dozen threads then keeps half as much again as it uses. Elsewhere than on glibc nothing is done.
"""

from __future__ import annotations

import ctypes
import gc

_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_ARENAS = 2
#: Bytes from which on what is freed goes back to the system at once, such as a feed.
_LARGE = 128 * 1024
#: Objects more than before at which the collector looks for cycles. A batch of stories is some ten thousand,
#: all of which go when it is done: Python's own 700 have it look through each batch ten times.
_YOUNG = 20_000


def limit_arenas() -> None:
    """Let all threads share two arenas, none of which keeps what is large.

    glibc would raise the bound of what is large by itself, up to 32 MiB. To be called before threads start.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


def spare() -> None:
    """Have the collector wait until `settle`. To be called before anything is imported or built.

    All but some hundred of ninety thousand objects stay, so that looking them through again and again
    finds nothing, and takes a tenth of the start.
    """
    gc.disable()


def settle() -> None:
    """Have the collector begin, and look at nothing that is there by now. To be called once all is built."""
    gc.freeze()
    gc.set_threshold(_YOUNG)
    gc.enable()


def give_back() -> None:
    """Return freed memory to the system: some milliseconds after a burst, none when there is little."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
