"""A desk's command as a process of its own: `sync_desk STORE` exchanges once, `sync_desk STORE URL CODE` joins."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from agentdesk.store import open_store
from agentdesk.store.journal import Journal
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join


def main(words: Sequence[str]) -> int:
    """Do it and print what was done."""
    path, *joining = words
    with open_store(Path(path)) as store:
        journal = Journal(store, now=lambda: datetime.now(UTC).astimezone())
        identity = journal.identity
        assert identity is not None
        if joining:
            told = {"brought": join(store, journal, *joining).brought}
        else:
            told = asdict(sync_once(store, journal, identity))
        sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
