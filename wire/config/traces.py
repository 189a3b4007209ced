"""``[traces]``: the way of each story, told by OpenTelemetry."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wire.config.values import Table, WebAddress


class TraceSettings(Table):
    """``[traces]``: where the ways of stories are told by OTLP over HTTP; nowhere without an address."""

    url: WebAddress | None = None  #: of the collector, such as ``http://127.0.0.1:4318/v1/traces``
    share: Annotated[float, Field(ge=0, le=1)] = 1.0  #: of the stories that are traced
