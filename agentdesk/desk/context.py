"""The `Desk`: what every use case needs, opened once a process and handed in as first argument.

Opening costs only the raw connection: journal, words, lint rules and site settings are made at first use, so that the
bare command paints the queue before SQLAlchemy is even imported.
"""

from __future__ import annotations

from pathlib import Path


class Desk:
    """The context of all use cases: `store`, `me`, `now()`, `mono()`, `new_id()`, `journal`, `settings`, `linter`."""

    def close(self) -> None:
        """Close the store and give up its lock."""
        raise NotImplementedError


def open_desk(home: Path | None = None, *, write: bool = True) -> Desk:
    """Open the person's desk under `home` (None: AGENTDESK_HOME, else the platform's directory).

    Raises `store.StoreHeld` where another process writes it and `write` is true.
    """
    raise NotImplementedError
