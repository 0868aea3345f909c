"""Whether the centre answers this desk now: one greeting that changes nothing here, for `doctor --online`."""

from __future__ import annotations

import time
from pathlib import Path

from agentdesk import __version__
from agentdesk.domain.records import REGISTRY
from agentdesk.store.identity import Identity
from agentdesk.sync.exchange import PROTO
from agentdesk.sync.faces import CentreSaidNo, Unreachable
from agentdesk.sync.token import load_token

PATIENCE_S = 3.0


def probe(identity: Identity, token_file: Path) -> tuple[str, int]:
    """Greet the centre; returns the code of the trouble ("" for none), and its clock less this machine's in ms."""
    import httpx

    from agentdesk.sync.client import Client

    token = load_token(token_file)
    if token is None:
        return "token", 0
    client = Client(identity.centre_url, token, timeout=httpx.Timeout(PATIENCE_S))
    before = time.time_ns() // 1_000_000
    try:
        told = client.hello(
            {"proto": [PROTO], "app": __version__, "registry_v": REGISTRY.version, "now": before, "scopes": {}}
        )
    except (CentreSaidNo, Unreachable) as failure:
        return failure.code, 0
    finally:
        client.close()
    return "", int(told["now"]) - (before + time.time_ns() // 1_000_000) // 2
