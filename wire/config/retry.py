"""``[retry]``: how often a failed delivery is tried again, and after which waits."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from wire.config.values import Table

Seconds = Annotated[float, Field(ge=0, le=7 * 86400, allow_inf_nan=False)]


class RetrySettings(Table):
    """``[retry]``: how long to wait before a failed delivery is tried again, and how often."""

    first_s: Seconds = 5.0  #: after the first failure
    factor: Annotated[float, Field(ge=1, le=10)] = 2.0  #: each wait is so many times the one before
    longest_s: Seconds = 14_400.0  #: and at most
    attempts: Annotated[int, Field(ge=1, le=200)] = 30  #: then it is given up
    delays_s: Annotated[tuple[Seconds, ...], Strict(False), Field(max_length=200)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] = 1.0  #: share of a wait that chance may take off
    refusals: Annotated[int, Field(ge=1, le=100)] = 3  #: attempts of what an endpoint refuses

    @model_validator(mode="after")
    def _one_way_of_waiting(self) -> Self:
        """Waits are either listed one by one or computed."""
        computed = self.model_fields_set & {"first_s", "factor", "longest_s", "attempts"}
        if self.delays_s is not None and computed:
            names = ", ".join(sorted(computed))
            raise ValueError(f"delays_s lists every wait; leave it out, or leave out {names}")
        return self
