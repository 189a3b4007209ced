"""Debian's nginx with the very configuration that the documentation shows."""

from __future__ import annotations

import pwd
import subprocess
from http.client import HTTPConnection
from pathlib import Path

from tests.harness.daemon import free_port
from tests.harness.waiting import eventually

CONFIGURATION = Path(__file__).parents[2] / "docs" / "nginx.conf"
PROXY_PARAMS = "/etc/nginx/proxy_params"
Reply = tuple[int, dict[str, str], bytes]


class Nginx:
    """A running nginx; `stop` ends it.

    root    a folder of its own
    outbox  what it serves
    wire    ``host:port`` of what answers everything else
    """

    def __init__(self, root: Path, outbox: Path, wire: str) -> None:
        self.port = free_port()
        served = CONFIGURATION.read_text(encoding="utf-8")
        for ours, its in (
            ("127.0.0.1:8080", wire),
            ("listen 80;", f"listen 127.0.0.1:{self.port};"),
            ("/srv/wire/outbox", str(outbox)),
            ("/var/log/nginx/wire.log combined buffer=64k flush=5s", f"{root}/access.log combined"),
        ):
            assert ours in served
            served = served.replace(ours, its)
        folders = "".join(
            f"{kind}_temp_path {root}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        file = root / "nginx.conf"
        file.write_text(
            f"daemon off;\nworker_processes 1;\npid {root}/pid;\nerror_log {root}/error.log;\n"
            f"user {_owner(root)};\nevents {{ worker_connections 64; }}\n"
            f"http {{\n{folders}{served}\n}}\n",
            encoding="utf-8",
        )
        self.log = root / "access.log"
        self.process = subprocess.Popen(["nginx", "-c", str(file), "-e", str(root / "error.log")])
        eventually(self._answers, what=f"nginx; see {root}/error.log")

    def _answers(self) -> bool:
        try:
            return self.get("/feeds.opml")[0] > 0
        except OSError:
            return False

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """One request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        found = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        connection.close()
        return found

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


def _owner(path: Path) -> str:
    return pwd.getpwuid(path.stat().st_uid).pw_name
