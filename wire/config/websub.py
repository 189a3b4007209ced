"""``[websub]``: who is told at once that a feed has changed."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field, PlainValidator

from wire.config.values import Several, Table, WebAddress, network

_Network = Annotated[IPv4Network | IPv6Network, PlainValidator(network)]


class WebSubSettings(Table):
    """``[websub]``: our own hub, and hubs elsewhere. Of public feeds alone."""

    hub: bool = True  #: whether anybody may subscribe at our own, ``/hub``
    hubs: Annotated[tuple[WebAddress, ...], Several] = ()  #: hubs elsewhere that are told of every change
    networks: Annotated[
        tuple[_Network, ...], Several
    ] = ()  #: subscribers may be in these besides public ones
    max_subscriptions: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    max_per_host: Annotated[int, Field(ge=1, le=1_000_000)] = 1000  #: of these, callbacks at one host
