"""What the API can do with feeds and endpoints, and the alarms that stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wire.common.alarms import Alarm
from wire.common.deskview import OutletShelf
from wire.common.people import Role
from wire.web.desk.api_table import TEXT, Call, Operation, Reply


class OutletOperations:
    """Builds its part of the table. Immutable; its handlers are used by any thread."""

    def __init__(
        self,
        *,
        outlets: OutletShelf,
        feeds: Mapping[str, int],
        alarms: Callable[[], Sequence[Alarm]],
        operate: Callable[..., Any],
    ) -> None:
        """``feeds``: by id, how many entries each shows at most."""
        self._outlets = outlets
        self._alarms = alarms
        self._feeds = feeds
        self._operate = operate

    def table(self) -> tuple[Operation, ...]:
        """Every operation."""
        return (
            Operation(
                id="listFeeds",
                method="GET",
                path="/api/feeds",
                summary="What each feed shows",
                handler=lambda _call: Reply(value={"feeds": self._outlets.feeds(self._feeds)}),
            ),
            Operation(
                id="listEndpoints",
                method="GET",
                path="/api/endpoints",
                summary="How each endpoint does, and what waits for it",
                handler=lambda _call: Reply(value={"endpoints": self._outlets.endpoints()}),
            ),
            Operation(
                id="listAlarms",
                method="GET",
                path="/api/alarms",
                summary="What people should look at now, since when, and what to do",
                handler=lambda _call: Reply(value={"alarms": [alarm.told() for alarm in self._alarms()]}),
            ),
            self._endpoint_order("pause", "Send nothing until it is resumed", {"note": TEXT}),
            self._endpoint_order("resume", "Send again"),
            self._endpoint_order("test", "Reach it without delivering anything"),
            self._endpoint_order(
                "replay",
                "Send its stories since then, what it missed too",
                {"since": TEXT},
                ("since",),
            ),
            self._endpoint_order("retry", "Send again what was given up"),
        )

    def _endpoint_order(
        self,
        name: str,
        summary: str,
        fields: Mapping[str, Mapping[str, Any]] | None = None,
        required: tuple[str, ...] = (),
    ) -> Operation:
        def carry_out(call: Call) -> Reply:
            done = self._operate(name, endpoint=call.path["id"], who=call.user.name, **call.fields)
            return Reply(value=done)

        return Operation(
            id=f"{name}Endpoint",
            method="POST",
            path=f"/api/endpoints/{{id}}/{name}",
            summary=summary,
            handler=carry_out,
            role=Role.ADMIN,
            fields=fields or {},
            required=required,
            answers="What was done. 409 when it cannot be done as things stand",
        )
