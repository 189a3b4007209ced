"""Whether an endpoint can be reached as it is configured, without delivering anything."""

from __future__ import annotations

from wire.config import Settings
from wire.deliver.turn import build_transport
from wire.errors import CommandError, WireError
from wire.from_settings import route


def try_endpoint(settings: Settings, endpoint: str) -> None:
    """Reach it. Raises CommandError with the reason when it cannot be, or there is no such endpoint."""
    found = [each for each in settings.endpoints if each.id == endpoint]
    if not found:
        raise CommandError(f"there is no endpoint {endpoint} in the configuration")
    try:
        transport = build_transport(route(found[0], settings))
        try:
            transport.probe()
        finally:
            transport.close()
    except WireError as exc:
        raise CommandError(str(exc)) from exc
    except Exception as exc:  # a transport's edge: what it raises is what is wrong
        raise CommandError(f"the transport failed: {exc!r}") from exc
