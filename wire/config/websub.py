"""``[websub]``: who is told at once that a feed has changed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wire.config.values import Networks, Several, Table, WebAddress


class WebSubSettings(Table):
    """``[websub]``: our own hub, and hubs elsewhere. Of public feeds alone."""

    hub: bool = True  #: whether anybody may subscribe at our own, ``/hub``
    hubs: Annotated[tuple[WebAddress, ...], Several] = ()  #: hubs elsewhere that are told of every change
    networks: Networks = ()  #: subscribers may be in these besides public ones
    max_subscriptions: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    max_per_host: Annotated[int, Field(ge=1, le=1_000_000)] = 1000  #: of these, callbacks at one host
