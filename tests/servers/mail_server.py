"""A real mail server on loopback, with faults: aiosmtpd in a thread of its own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "desk", "c4nary-p4ssword"


@dataclass(frozen=True)
class Mail:
    """A mail that was taken."""

    sender: str
    to: list[str]
    data: bytes
    secured: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        return BytesParser(policy=default).parsebytes(self.data)  # type: ignore[return-value]


class MailServer:
    """Takes mails from construction to `close`.

    answers  by command (``MAIL``, an address, ``DATA``): what is said instead of 250
    tls      with it, TLS is offered (``STARTTLS``), or, with ``at_once``, there from the start
    wants    ``(b"large", "552 too large")``: said to any mail that holds these bytes
    """

    def __init__(
        self,
        *,
        answers: dict[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        at_once: bool = False,
        wants: tuple[bytes, str] | None = None,
    ) -> None:
        self.mails: list[Mail] = []
        self.sessions = 0
        self.answers = answers or {}
        self.left = threading.Event()
        self._wants = wants
        options: dict[str, Any] = {"authenticator": self._authenticate, "auth_require_tls": False}
        if tls is not None and not at_once:
            options["tls_context"] = tls
        self._loop = asyncio.new_event_loop()
        serving = self._loop.create_server(
            lambda: _Counted(self, self, loop=self._loop, **options),
            "127.0.0.1",
            0,
            ssl=tls if at_once else None,
        )
        self._server = self._loop.run_until_complete(serving)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def _authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        fits = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=fits, handled=False, auth_data=USER)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 ok")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 ok")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self._wants and self._wants[0] in envelope.content:
            return self._wants[1]
        answer = self.answers.get("DATA", "250 taken")
        if answer == "cut":
            self.mails.append(self._mail(server, session, envelope))
            server.transport.abort()
            return "250 never heard"
        if answer.startswith("2"):
            self.mails.append(self._mail(server, session, envelope))
        return answer

    @staticmethod
    def _mail(server: Any, session: Any, envelope: Any) -> Mail:
        return Mail(
            sender=envelope.mail_from,
            to=list(envelope.rcpt_tos),
            data=envelope.content,
            secured=server.transport.get_extra_info("ssl_object") is not None,
            user=session.auth_data,
        )

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Counted(SMTP):
    """Counts connections."""

    def __init__(self, server: MailServer, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._of = server

    def connection_made(self, transport: Any) -> None:
        self._of.sessions += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._of.left.set()
