"""The desk's token: a file beside the store that only its owner may read, never a row of the store (SYNC 2.17)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from agentdesk.store import Store


def token_path(store: Store) -> Path:
    """Return where the token of a store's desk lies: `preferences.Paths.token`, beside the file and not in it."""
    return store.path.with_name("token")


def save_token(path: Path, token: str) -> None:
    """Write the token whole or not at all, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def load_token(path: Path) -> str | None:
    """Read the token; None where there is none: a copied store is a clone that cannot speak."""
    try:
        return path.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
