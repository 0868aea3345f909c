"""Export of requests: masked, sorted, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentdesk.desk.context import Desk


def requests(desk: Desk) -> Iterator[dict[str, Any]]:
    """All requests by id, contacts and names masked; the export is a log fact. Raises Refusal role.denied."""
    raise NotImplementedError
