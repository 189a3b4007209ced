"""No word of a transport gives a secret away, whatever the endpoint says.

An endpoint may repeat what it was sent (many test servers echo every header), and what it says stands in
receipts, errors and logs. So everything that a transport tells passes through here; third parties' too.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from wire.deliver.reply import CUT
from wire.errors import DeliveryError, Unreachable
from wire.ports import BatchTransport, Transport
from wire.story import Delivery, Receipt

_SHORTEST = 4  #: characters; anything shorter is no secret, and is part of every other word
_IN_ITS_PLACE = "[secret]"


class Discreet:
    """A transport whose words are free of secrets; `wire.ports.BatchTransport` where the other one is.

    build   makes the transport; what it raises may hold a secret too
    hidden  the secrets
    """

    def __init__(self, build: Callable[[], Transport], hidden: Iterable[str] = ()) -> None:
        forms = {form for secret in hidden if len(secret) >= _SHORTEST for form in _forms(secret)}
        self._hidden = sorted(forms, key=len, reverse=True)
        with self._discreetly():
            self._transport = build()

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        with self._discreetly():
            return self._receipt(self._transport.send(delivery, deadline_s=deadline_s))

    def send_all(self, deliveries: Sequence[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        """See `wire.ports.BatchTransport.send_all`."""
        with self._discreetly():
            results = cast(BatchTransport, self._transport).send_all(deliveries, deadline_s=deadline_s)
            # What ended all of them is one error, and stays one.
            told = {id(each): self._error(each) for each in results if isinstance(each, DeliveryError)}
            return [
                told[id(result)] if isinstance(result, DeliveryError) else self._receipt(result)
                for result in results
            ]

    def probe(self) -> None:
        """See `wire.ports.Transport.probe`."""
        with self._discreetly():
            self._transport.probe()

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._transport.close()

    @contextmanager
    def _discreetly(self) -> Iterator[None]:
        try:
            yield
        except DeliveryError as exc:
            # From None: what lies behind an error is printed with it, and may hold the secret as well.
            raise self._error(exc) from None
        except Exception as exc:
            if self._clean(repr(exc)) == repr(exc):
                raise
            raise Unreachable(f"the transport failed, which is our fault: {self._clean(repr(exc))}") from None

    def _error(self, error: DeliveryError) -> DeliveryError:
        return type(error)(
            self._clean(str(error)),
            status=error.status,
            retry_after_s=error.retry_after_s,
            disable=error.disable,
        )

    def _receipt(self, receipt: Receipt) -> Receipt:
        cleaned = self._clean(receipt.detail)
        return receipt if cleaned == receipt.detail else replace(receipt, detail=cleaned)

    def _clean(self, text: str) -> str:
        for form in self._hidden:
            text = text.replace(form, _IN_ITS_PLACE)
            if CUT in text:
                text = _without_its_beginning(form, text)
        return text


def _without_its_beginning(form: str, text: str) -> str:
    """The secret may be what stood where a quotation was cut off."""
    for length in range(len(form) - 1, _SHORTEST - 1, -1):
        text = text.replace(form[:length] + CUT, _IN_ITS_PLACE + CUT)
    return text


def _forms(secret: str) -> Iterator[str]:
    """A secret as it stands, and as protocols write it."""
    yield secret
    yield repr(secret)[1:-1]
    yield b64encode(secret.encode("utf-8", "surrogateescape")).decode("ascii")
