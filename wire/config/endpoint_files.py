"""Endpoints that keep documents as files: folders, file servers, object stores."""

from __future__ import annotations

from typing import Any, Literal

from wire.config.endpoint_base import Endpoint
from wire.config.values import RootedPath


class FolderEndpoint(Endpoint):
    """``type = "folder"``: documents are written as files."""

    type: Literal["folder"] = "folder"
    path: RootedPath

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {"path": self.path}
