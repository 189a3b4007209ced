"""No word of a transport gives a secret away."""

from __future__ import annotations

import traceback
from base64 import b64encode
from collections.abc import Callable

import pytest

from tests.deliver.conftest import NOW, delivery
from tests.servers import http_receiver as answer
from tests.servers.http_receiver import HttpReceiver
from wire.deliver.discretion import Discreet
from wire.deliver.turn import Route, build_transport
from wire.errors import DeliveryError, Refused, Unreachable
from wire.story import Delivery, Receipt

SECRET = "c4nary-c4nary-c4nary"
SHAPES = {
    "plain": SECRET,
    "in base64": b64encode(SECRET.encode()).decode(),
    "with more around it": f"Authorization: Bearer {SECRET}\r\n",
}


class Teller:
    """Fails, or receipts, in words of the test's choice."""

    def __init__(self, tell: Callable[[], str | Exception]) -> None:
        self._tell = tell

    def send(self, sent: Delivery, *, deadline_s: float) -> Receipt:
        said = self._tell()
        if isinstance(said, Exception):
            raise said
        return Receipt(accepted_at=NOW, took_ms=1, status=200, detail=said)

    def send_all(self, deliveries: list[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        return [Refused(str(self._tell()), status=422), self.send(deliveries[0], deadline_s=deadline_s)]

    def probe(self) -> None:
        self.send(delivery(), deadline_s=1)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("said", SHAPES.values(), ids=SHAPES)
def test_receipts_and_errors_are_told_without_it(said: str) -> None:
    discreet = Discreet(lambda: Teller(lambda: said), {SECRET})
    assert "[secret]" in discreet.send(delivery(), deadline_s=1).detail
    told_of_all = str(discreet.send_all([delivery()] * 2, deadline_s=1))
    for told in (discreet.send(delivery(), deadline_s=1).detail, told_of_all):
        assert SECRET not in told
        assert SHAPES["in base64"] not in told


def test_nor_is_it_told_as_a_program_would_print_it() -> None:
    secret = "c4nary\\c4nary'c4nary\n"
    discreet = Discreet(lambda: Teller(lambda: f"not {[secret]!r}"), {secret})
    assert "c4nary" not in discreet.send(delivery(), deadline_s=1).detail


@pytest.mark.parametrize("kind", [Refused, Unreachable, ValueError], ids=lambda kind: kind.__name__)
def test_an_error_keeps_what_it_means_and_loses_what_it_hides(kind: type[Exception]) -> None:
    def tell() -> Exception:
        error = kind(f"530 no such password: {SECRET}")
        error.__cause__ = OSError(SECRET)
        return error

    for act in (
        lambda made: made.send(delivery(), deadline_s=1),
        lambda made: made.probe(),
    ):
        with pytest.raises(DeliveryError) as caught:
            act(Discreet(lambda: Teller(tell), {SECRET}))
        assert SECRET not in "".join(traceback.format_exception(caught.value))
    if kind is Refused:
        assert caught.value.permanent


def test_one_error_of_several_deliveries_stays_one() -> None:
    class Down(Teller):
        def send_all(self, deliveries: list[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
            return [Unreachable("refused")] * len(deliveries)

    first, second = Discreet(lambda: Down(str), {SECRET}).send_all([delivery()] * 2, deadline_s=1)
    assert first is second


def test_an_error_keeps_what_the_endpoint_asked_for() -> None:
    told = Unreachable("later", status=429, retry_after_s=7.0)
    with pytest.raises(Unreachable, match="later") as caught:
        Discreet(lambda: Teller(lambda: told), {SECRET}).send(delivery(), deadline_s=1)
    assert (caught.value.status, caught.value.retry_after_s) == (429, 7.0)


def test_faults_that_give_nothing_away_stay_what_they_are() -> None:
    with pytest.raises(ZeroDivisionError):
        Discreet(lambda: Teller(lambda: ZeroDivisionError("oops")), {SECRET}).probe()


def test_building_a_transport_gives_nothing_away_either() -> None:
    def build() -> Teller:
        raise ValueError(f"bad url https://desk:{SECRET}@x/")

    with pytest.raises(DeliveryError) as caught:
        Discreet(build, {SECRET})
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_an_endpoint_that_repeats_all_it_is_sent_learns_nobody_anything(receiver: HttpReceiver) -> None:
    route = Route(
        transport="http",
        options={"url": receiver.url, "headers": {"Authorization": f"Bearer {SECRET}"}},
        hidden=frozenset({SECRET}),
    )
    transport = build_transport(route)
    for padding in range(180, 200):  # the quotation is cut at every place of the secret
        receiver.script(answer.status(200, b"x" * padding + SECRET.encode()))
        detail = transport.send(delivery(), deadline_s=10).detail
        assert SECRET[:4] not in detail
        assert detail.startswith("x" * padding)
    receiver.script(answer.status(410, b"you sent Bearer " + SECRET.encode()))
    with pytest.raises(Refused, match=r"you sent Bearer \[secret\]"):
        transport.send(delivery(), deadline_s=10)
    transport.close()
