"""The adapter of requests, for connections that are more than a socket: TLS, certificates, proxies."""

from __future__ import annotations

import socket
from functools import partial
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.proxy import connection_requires_http_tunnel

from wire.deliver.dialling import Dialler, Line


class _Dialled:
    """What both connection classes share: the socket comes from the dialler."""

    def __init__(self, *args: Any, dialler: Dialler, **options: Any) -> None:
        super().__init__(*args, **options)
        self._dialler = dialler

    def _new_conn(self) -> socket.socket:
        host, port, options = self._dns_host, self.port, self.socket_options or ()  # type: ignore[attr-defined]
        try:
            sock = self._dialler.dial(host, port, options)
        except OSError as exc:
            raise NewConnectionError(self, str(exc)) from exc  # type: ignore[arg-type]
        sock.settimeout(self.timeout)  # type: ignore[attr-defined]
        return sock


class _DialledHttp(_Dialled, HTTPConnection):
    pass


class _DialledHttps(_Dialled, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _DialledHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _DialledHttps


class DialledAdapter(HTTPAdapter):
    """The adapter of requests whose connections are made by a `Dialler` and used by ourselves."""

    def __init__(self, dialler: Dialler) -> None:
        self._dialler = dialler
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """See requests: called once by its constructor."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """See requests: the connections to a proxy are dialled as well."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = self._pools()
        return manager

    def _pools(self) -> dict[str, Any]:
        return {
            "http": partial(_HttpPool, dialler=self._dialler),
            "https": partial(_HttpsPool, dialler=self._dialler),
        }

    def dial(
        self,
        request: PreparedRequest,
        *,
        timeout_s: float,
        verify: bool | str,
        cert: Any,
        proxies: dict[str, str],
    ) -> Line:
        """A new connection to whoever is to get the request.

        Raises whatever requests, urllib3 and sockets raise. The arguments are those of ``HTTPAdapter.send``.
        """
        pool: Any = self.get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        self.cert_verify(pool, str(request.url), verify, cert)  # type: ignore[no-untyped-call]
        connection: HTTPConnection = pool._new_conn()
        connection.timeout = timeout_s
        tunnel = connection_requires_http_tunnel(pool.proxy, pool.proxy_config, pool.scheme)
        try:
            if tunnel:
                pool._prepare_proxy(connection)
            else:
                connection.connect()
        except BaseException:
            connection.close()
            raise
        proxied = pool.proxy is not None and not tunnel
        return Line(connection.sock, proxied, pool.proxy_headers if proxied else {})
