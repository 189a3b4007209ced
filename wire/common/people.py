"""Who may use the desk: roles, and how passwords and tokens are kept.

Of a password only its scrypt hash is known (RFC 7914), of a token only its SHA-256: a token is random and
long, so there is nothing to guess.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import scrypt, sha256

#: ``scrypt$LOG2N$R$P$SALT$HASH``, the last two in base64 of 16 and 32 bytes.
PASSWORD_HASH = re.compile(
    r"scrypt\$(1[4-9]|20)\$([1-9]|1[0-6])\$([1-9])\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)"
)

#: 2^15 blocks of 8 kB, three times: 32 MB and about a third of a second (OWASP's recommendation).
_LOG2_N, _R, _P = 15, 8, 3
_LONGEST_PASSWORD = 1024  #: characters; more is no password


class Role(StrEnum):
    """What somebody may do; each may also do what those before it may."""

    READER = "reader"  #: look
    EDITOR = "editor"  #: decide on stories, drop files, release from quarantine
    ADMIN = "admin"  #: pause, resume and replay endpoints

    def may(self, needed: Role) -> bool:
        """Whether this role covers another one."""
        ranks = tuple(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may use the desk."""

    name: str
    role: Role
    password: str | None = field(default=None, repr=False)  #: `PASSWORD_HASH`
    token_sha256: str | None = field(default=None, repr=False)  #: 64 hex digits

    @property
    def stamp(self) -> str:
        """Changes with the password, which ends the sessions that began with the old one."""
        return sha256(f"{self.name} {self.password}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody is at the desk."""

    name: str  #: of the user
    stamp: str  #: `User.stamp` when it began
    until: datetime  #: aware UTC


def hash_password(password: str, *, log2_n: int = _LOG2_N) -> str:
    """The hash to be put into the configuration.

    log2_n  the cost; each step more doubles time and memory
    """
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, log2_n, _R, _P)
    return f"scrypt${log2_n}${_R}${_P}${b64encode(salt).decode()}${b64encode(made).decode()}"


def is_password(password: str, kept: str) -> bool:
    """Whether a password has this hash. Takes the same time whatever was typed; False for what is no hash."""
    parts = PASSWORD_HASH.fullmatch(kept)
    if parts is None or len(password) > _LONGEST_PASSWORD:
        return False
    made = _scrypt(password, b64decode(parts[4]), int(parts[1]), int(parts[2]), int(parts[3]))
    return hmac.compare_digest(made, b64decode(parts[5]))


def new_token() -> str:
    """A token that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """By which a token is known: SHA-256 in hex."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _scrypt(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    n = 1 << log2_n
    text = password.encode("utf-8", "replace")
    return scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)
