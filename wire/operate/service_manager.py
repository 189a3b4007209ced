"""What a service manager is told (systemd's ``sd_notify``): ready, reloading, stopping, and that all is well.

The protocol is a datagram of ``NAME=value`` lines to a Unix socket that the environment names; without one,
nothing is told.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping

log = logging.getLogger(__name__)


class ServiceManager:
    """Tells who supervises us. Thread-safe; a manager that does not listen holds nobody up."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # an abstract address is written with @ for its first byte, which is zero
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._watchdog_us = _watchdog_us(environment)

    @property
    def watchdog_s(self) -> float | None:
        """Seconds within which the manager wants to hear that all is well; None when it does not."""
        return None if self._watchdog_us is None else self._watchdog_us / 1e6

    def ready(self, status: str) -> None:
        """We serve. ``status`` is a line for people."""
        self._tell(f"READY=1\nSTATUS={status}")

    def reloading(self) -> None:
        """We take up the configuration anew and will say when we are ready again."""
        now_us = time.monotonic_ns() // 1000
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={now_us}\nSTATUS=taking up the configuration anew")

    def stopping(self) -> None:
        """We are about to end."""
        self._tell("STOPPING=1\nSTATUS=finishing what is under way")

    def alive(self) -> None:
        """All loops turn."""
        self._tell("WATCHDOG=1")

    def _tell(self, lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.settimeout(1.0)
                sender.sendto(lines.encode(), self._address)
        except OSError as exc:
            log.warning("the service manager cannot be told: %s", exc)


def _watchdog_us(environment: Mapping[str, str]) -> int | None:
    """The watchdog's interval when it is meant for this process."""
    interval, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not interval.isdecimal() or (pid and pid != str(os.getpid())):
        return None
    return int(interval) or None
