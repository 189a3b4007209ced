"""A receiver to try endpoints with: prints a line for every document that arrives, and nothing else.

    python examples/receiver.py [PORT]        (9000 without one; standard library only; Ctrl+C stops it)

Point an endpoint at it: ``url = "http://127.0.0.1:9000/cms"``.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(BaseHTTPRequestHandler):
    """Takes every POST."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Say what came, and accept it."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        key, story, version = (
            self.headers.get(name, "-") for name in ("webhook-id", "wire-story", "wire-version")
        )
        print(f"{self.path}  {key}  story {story} version {version}  {len(body)} bytes", flush=True)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing more than our own line."""


def main() -> None:
    """Serve on loopback until interrupted."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    print(f"waiting for documents at http://127.0.0.1:{port}/", flush=True)
    try:
        ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
