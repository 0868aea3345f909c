"""The first run: who sits here. One local person holding all roles in `home`, a team, a language (MODEL §5)."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import unicodedata
from typing import TYPE_CHECKING, cast

from agentdesk.changes.ids import derived_id
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import ROLES
from agentdesk.store.identity import Identity, save_identity
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import looks_like_private

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What the letters of a number are drawn from: I, O, 0 and 1 are left out, since they are misread on the phone."""

LANGUAGES = ("zh_CN", "zh_TW", "en")
_SLUG = re.compile(r"[a-z0-9-]{1,32}")
_LONGEST = {"name": 40, "work_no": 32, "team": 40}


def needed(desk: Desk) -> bool:
    """Whether this desk has no person yet."""
    return desk.identity is None


def problems(name: str, work_no: str, team: str) -> list[tuple[str, str]]:
    """What is wrong with the answers, as (field, code): empty, too_long, private (an ID or card number)."""
    found = []
    for field, value in (("name", name), ("work_no", work_no), ("team", team)):
        value = clean_line(value, limit=1_000)
        if not value:
            found.append((field, "empty"))
        elif len(value) > _LONGEST[field]:
            found.append((field, "too_long"))
        elif looks_like_private(value):
            found.append((field, "private"))
    return found


def team_slug(name: str) -> str:
    """The slug of a team name: the name itself where it fits `[a-z0-9-]{1,32}`, else `t-` + 8 hex digits."""
    if _SLUG.fullmatch(name):
        return name
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()
    return f"t-{digest[:8]}"


def first_run(desk: Desk, name: str, work_no: str, team: str, language: str = "zh_CN") -> Identity:
    """Make the local person, team and memberships in `home` and save the identity.

    Raises Refusal: setup.done (a person is here already), setup.invalid (field, problem), setup.language.
    """
    if not needed(desk):
        raise Refusal("setup.done")
    for field, code in problems(name, work_no, team):
        raise Refusal("setup.invalid", field=field, problem=code)
    if language not in LANGUAGES:
        raise Refusal("setup.language", language=clean_line(language, 20), known=", ".join(LANGUAGES))
    shown = clean_line(team)
    identity = Identity(
        person_id=desk.new_id(),
        name=clean_line(name),
        work_no=clean_line(work_no),
        team_slug=team_slug(shown),
        team_name=shown,
        language=language,
        device=desk.new_id(),
        letters="H" + "".join(secrets.choice(LETTERS) for _ in range(3)),
        roles=ROLES,
    )
    journal = desk.journal
    journal.identity = identity
    try:
        with journal.transaction() as txn:
            _write_people(txn, identity)
            save_identity(cast(sqlite3.Connection, txn.conn.connection.driver_connection), identity)
    except BaseException:
        journal.identity = None
        raise
    return identity


def _write_people(txn: Transaction, identity: Identity) -> None:
    """The person, the team and the memberships as replicated rows of `home`."""
    person, team = identity.person_id, derived_id("team", identity.team_slug)
    who = {"name": identity.name, "work_no": identity.work_no}
    txn.write("person", person, root=person, patch={"person": who})
    what = {"slug": identity.team_slug, "display_name": identity.team_name}
    txn.write("team", team, root=team, patch={"team": what})
    for role in identity.roles:
        value = {"person": person, "team": team, "role": role, "from": txn.now(), "to": ""}
        member = derived_id("membership", person, team, role)
        txn.write("membership", member, root=member, patch={"membership": value})
