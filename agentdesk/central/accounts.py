"""Who may speak to the centre: people, memberships, devices, tokens and enrolment codes (SYNC 2.17).

Everything is read from the tables at each request: administrators' commands work beside the serving process, so
nothing is remembered between requests. Tokens and codes are stored as keyed hashes; the key lies outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sqlite3
import unicodedata
from dataclasses import dataclass

from agentdesk.central.database import Secrets

CODE_LIFE_MS = 24 * 3600 * 1000
"""How long an enrolment code may be used [ours]."""

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of numbers told to customers: no I, no O; none begins with H, which marks desks that have not joined (MODEL §5)."""

UP_ONLY = "log:"
"""How the scopes begin into which desks only write: nobody pulls them (SYNC 2.1)."""

_SLUG = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role in a team from one hybrid time to another; `until` None means still."""

    team: str
    role: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token names: the device and the person at it, with all memberships."""

    device: str
    person: str
    memberships: tuple[Membership, ...]

    def current(self, now: int) -> tuple[Membership, ...]:
        """Return the memberships that hold at `now`, a hybrid time."""
        return tuple(one for one in self.memberships if one.until is None or now <= one.until)


@dataclass(frozen=True, slots=True)
class Author:
    """A caller as the writer of one scope: the roles held there and the times they cover."""

    device: str
    person: str
    roles: frozenset[str]
    spans: tuple[tuple[int, int | None], ...]

    @property
    def first_day(self) -> int:
        """The merge time at which the earliest membership begins."""
        return min((since for since, _ in self.spans), default=0)

    def member_at(self, eff: int) -> bool:
        """True if one of the memberships covers this merge time."""
        return any(since <= eff and (until is None or eff <= until) for since, until in self.spans)


def token_hash(held: Secrets, token: str) -> bytes:
    """Return what is stored of a token or an enrolment code."""
    return hmac.digest(held.pepper, token.encode("utf-8"), hashlib.sha256)


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Return an enrolment code that a person can read out: 60 random bits."""
    parts = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(parts)


def plain_code(typed: str) -> str:
    """Return a code as it was made, however it was typed."""
    letters = "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char in CODE_ALPHABET)
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def caller_of(conn: sqlite3.Connection, held: Secrets, token: str) -> Caller | None:
    """Return whom a token names, or None where it is unknown or revoked."""
    found = conn.execute(
        "SELECT device.id, device.person FROM token JOIN device ON device.id = token.device"
        " WHERE token.hash = ? AND token.revoked_at IS NULL AND device.revoked_at IS NULL",
        (token_hash(held, token),),
    ).fetchone()
    return Caller(found[0], found[1], memberships_of(conn, found[1])) if found else None


def memberships_of(conn: sqlite3.Connection, person: str) -> tuple[Membership, ...]:
    """Return all memberships of a person, past ones too."""
    rows = conn.execute("SELECT team, role, since, until FROM membership WHERE person = ? ORDER BY id", (person,))
    return tuple(Membership(*row) for row in rows)


def scopes_of(caller: Caller, now: int) -> dict[str, list[str]]:
    """Return the scopes that a caller exchanges, with the roles held in each."""
    current = caller.current(now)
    everywhere = sorted({one.role for one in current})
    scopes = {"site": everywhere, "kb:main": everywhere}
    for one in current:
        for scope in (f"team:{one.team}", f"{UP_ONLY}team:{one.team}"):
            scopes.setdefault(scope, []).append(one.role)
    return scopes


def author_in(caller: Caller, scope: str, now: int) -> Author | None:
    """Return the caller as a writer of `scope`, or None where the scope is none of theirs."""
    if scope not in scopes_of(caller, now):
        return None
    team = scope.removeprefix(UP_ONLY)
    held = [one for one in caller.current(now) if scope in ("site", "kb:main") or team == f"team:{one.team}"]
    return Author(
        caller.device, caller.person, frozenset(one.role for one in held), tuple((one.since, one.until) for one in held)
    )


def team_slug(name: str) -> str:
    """Return the slug of a team that a person named: the name where it fits, else derived from it (MODEL §5)."""
    if _SLUG.fullmatch(name):
        return name
    normal = unicodedata.normalize("NFC", name).encode("utf-8")
    return "t-" + hashlib.sha256(normal).hexdigest()[:8]


def find_team(conn: sqlite3.Connection, named: str) -> str | None:
    """Return the slug of the team with this slug or display name."""
    found = conn.execute(
        "SELECT slug FROM team WHERE slug = ? OR display_name = ? ORDER BY slug = ? DESC, slug", (named, named, named)
    ).fetchone()
    return found[0] if found else None


def free_letters(conn: sqlite3.Connection) -> str:
    """Return letters that no device has yet: two of them, more only when those run out."""
    for length in (2, 3, 4):
        for _ in range(64):
            first = secrets.choice(LETTERS.replace("H", ""))
            letters = first + "".join(secrets.choice(LETTERS) for _ in range(length - 1))
            if conn.execute("SELECT 1 FROM device WHERE letters = ?", (letters,)).fetchone() is None:
                return letters
    raise RuntimeError("no device letters are left")
