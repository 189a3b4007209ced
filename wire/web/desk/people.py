"""Who may come in: the configured users, and whoever holds a one-time link."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from wire.common.people import Role, User, is_password, new_token, token_hash

#: Who works at the desk as long as no user is configured.
FIRST = User(name="admin", role=Role.ADMIN)

#: To be compared with where there is no such user, so that it takes as long; no password has it.
_NOBODY = "scrypt$15$8$3$AAAAAAAAAAAAAAAAAAAAAA==$OhLRYpBL0exhOYhKoQPPRoqP9/t9pPK4BaiqMLDHd4M="
_MOST_LINKS = 100


class People:
    """Everybody who may use the desk. Immutable; used by any thread."""

    def __init__(self, users: Iterable[User] = ()) -> None:
        self._users = {user.name: user for user in users} or {FIRST.name: FIRST}
        self.configured = FIRST not in self._users.values()
        self._one_by_one = threading.Semaphore(2)  # each comparison takes 32 MB

    def find(self, name: str) -> User | None:
        """The user of that name."""
        return self._users.get(name)

    def by_password(self, name: str, password: str) -> User | None:
        """The user whose name and password these are."""
        user = self._users.get(name)
        kept = user.password if user is not None else None
        with self._one_by_one:
            matches = is_password(password, kept or _NOBODY)
        return user if matches and kept else None

    def by_token(self, token: str) -> User | None:
        """The user whose token this is. Takes the same time whatever was sent."""
        digest = token_hash(token)
        found = [
            user for user in self._users.values() if hmac.compare_digest(user.token_sha256 or "", digest)
        ]
        return found[0] if found else None


@dataclass(slots=True)
class Links:
    """One-time links: each lets one browser in as one user. In memory only; thread-safe."""

    _users: dict[str, str] = field(default_factory=dict)  # token's hash -> user's name
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def make(self, name: str) -> str:
        """A token that lets its bearer in once as this user. The oldest of too many no longer does."""
        token = new_token()
        with self._guard:
            while len(self._users) >= _MOST_LINKS:
                del self._users[next(iter(self._users))]
            self._users[token_hash(token)] = name
        return token

    def take(self, token: str) -> str | None:
        """Whose link it is; from now on it leads nowhere."""
        with self._guard:
            return self._users.pop(token_hash(token), None)
