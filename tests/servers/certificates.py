"""Certificates for servers on loopback, made for the test run by an authority of its own."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Authority:
    """An authority that nobody knows, and whoever it vouches for."""

    folder: Path
    ca: trustme.CA
    ca_file: Path  #: to be trusted

    def server(self, *, name: str = "127.0.0.1", asks: bool = False) -> ssl.SSLContext:
        """What a server of that name needs.

        asks  it wants a certificate of this authority from its clients
        """
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.ca.issue_cert(name).configure_cert(context)
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            self.ca.configure_trust(context)
        return context

    def pair(self, name: str = "127.0.0.1") -> tuple[Path, Path]:
        """Files with a certificate and its key, for a client or for a server that reads files."""
        issued = self.ca.issue_cert(name)
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        issued.cert_chain_pems[0].write_to_path(certificate)
        issued.private_key_pem.write_to_path(key)
        return certificate, key


def authority(folder: Path) -> Authority:
    """A new authority whose files stand in a folder."""
    ca = trustme.CA()
    ca_file = folder / "ca.pem"
    ca.cert_pem.write_to_path(ca_file)
    return Authority(folder, ca, ca_file)
