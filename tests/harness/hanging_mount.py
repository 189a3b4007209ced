"""A disk that does not answer: a file system of the kernel's (FUSE) behind which nobody sits.

As a module run in a process of its own (`python -m tests.harness.hanging_mount PATH`), so that its end lets
everybody go who waits for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_AT_MOST_S = 120.0
_DETACH = 2


@contextlib.contextmanager
def hanging_mount(path: Path) -> Iterator[None]:
    """At ``path``, a folder. Raises PermissionError where none can be mounted."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.harness.hanging_mount", str(path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        if (said := process.stdout.readline().strip()) != "hangs":
            raise PermissionError(f"no file system can be mounted here: {said}")
        yield
    finally:
        process.kill()
        process.wait(10)
        ctypes.CDLL(None).umount2(os.fsencode(path), _DETACH)


def _main(path: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        kernel = os.open("/dev/fuse", os.O_RDWR)
    except OSError as exc:
        print(exc.strerror, flush=True)
        return
    options = f"fd={kernel},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
    failed = libc.mount(b"nobody", os.fsencode(path), b"fuse", 0, options.encode())
    print(os.strerror(ctypes.get_errno()) if failed else "hangs", flush=True)
    if not failed:
        time.sleep(_AT_MOST_S)


if __name__ == "__main__":
    _main(sys.argv[1])
