"""Who works at this desk: the one local person, and after joining the person, team and device the centre named."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Identity:
    """Person, team and device of this store. `letters` begin the readable numbers; `centre_url` is empty in `home`."""

    person_id: str
    name: str
    work_no: str
    team_slug: str
    team_name: str
    language: str
    device: str
    letters: str
    roles: tuple[str, ...] = ()
    centre_url: str = ""
    scopes: tuple[str, ...] = field(default=())

    @property
    def joined(self) -> bool:
        """Whether this desk belongs to a centre."""
        return bool(self.centre_url)


def load_identity(conn: sqlite3.Connection) -> Identity | None:
    """Read the identity over a plain connection (start path), or None before the first run."""
    row = conn.execute("SELECT value FROM local WHERE key = 'identity'").fetchone()
    if row is None:
        return None
    values = json.loads(row[0])
    return Identity(**{**values, "roles": tuple(values["roles"]), "scopes": tuple(values["scopes"])})


def save_identity(conn: sqlite3.Connection, identity: Identity) -> None:
    """Write the identity inside the caller's transaction."""
    text = json.dumps(asdict(identity), ensure_ascii=False)
    conn.execute("INSERT OR REPLACE INTO local VALUES ('identity', ?)", (text,))


def mark_demo(conn: sqlite3.Connection, centre_url: str) -> None:
    """Mark a store as a demonstration's: it talks to this centre and to no other (MODEL §7)."""
    conn.execute("INSERT OR REPLACE INTO local VALUES ('demo', ?)", (json.dumps(centre_url),))


def demo_centre(conn: sqlite3.Connection) -> str:
    """Read the one centre of a demonstration's store; empty for every other store."""
    row = conn.execute("SELECT value FROM local WHERE key = 'demo'").fetchone()
    return str(json.loads(row[0])) if row else ""
