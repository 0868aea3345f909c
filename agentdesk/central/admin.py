"""What the centre itself writes: teams, people, memberships, as rows of `site` that all desks pull (SYNC 2.9, 2.17)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentdesk.central import accounts
from agentdesk.central.database import connect, load_secrets, prepare, writing
from agentdesk.central.ledger import ScopeLog
from agentdesk.changes import Change, Row, derived_id, fold_row, new_id, payload_hash, stamp_time
from agentdesk.changes.hlc import hlc_at, hlc_millis
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import ROLES
from agentdesk.text.clean import clean_line

SITE = "site"
CENTRE_DEVICE = "central:1"
"""The centre as a writer; its number leaves room for more of them."""

MAX_NAME = 80


def now_ms() -> int:
    """Return the centre's wall time in ms since 1970."""
    return time.time_ns() // 1_000_000


def write_own(log: ScopeLog, entity: str, entity_id: str, patch: Mapping[str, Any]) -> None:
    """Append one change of the centre to a log, such as `site`; the caller holds its lock inside a `part`."""
    have, eff = log.device(CENTRE_DEVICE)
    hlc = max(hlc_at(log.now_ms), eff)
    change = Change.make(
        id=new_id(),
        hlc=hlc,
        root=entity_id,
        txn=new_id(),
        entity=entity,
        entity_id=entity_id,
        patch=patch,
        base={},
        rules_v=f"1.{log.head}",
        v=REGISTRY.version,
    )
    row = Row(change, log.head + 1, hlc, "applied", payload_hash(change.raw), CENTRE_DEVICE, have + 1, CENTRE_DEVICE)
    log.states.load([entity_id])
    log.states.put(fold_row(log.states.get((entity, entity_id), entity_id), row, log.scope, REGISTRY))
    log.append(row)
    log.set_device(CENTRE_DEVICE, have + 1, hlc)


def enrol(data_dir: Path, team: str, role: str) -> str:
    """Make an enrolment code; the team too where its slug or name is unknown. One short transaction of its own.

    Raises `Refusal` `central.role` for an unknown role, `central.team` for a name that is empty or too long.
    """
    name = clean_line(team)
    if role not in ROLES:
        raise Refusal("central.role", role=role, roles=" ".join(ROLES))
    if not name or len(name) > MAX_NAME:
        raise Refusal("central.team", team=name[:MAX_NAME])
    path = prepare(data_dir)
    held = load_secrets(data_dir)
    code, now = accounts.new_code(), now_ms()
    with contextlib.closing(connect(path)) as conn, writing(conn):
        slug = accounts.find_team(conn, name) or _add_team(conn, name, now)
        conn.execute(
            "INSERT INTO enrolment VALUES (?,?,?,?,?,NULL)",
            (accounts.token_hash(held, code), slug, role, now, now + accounts.CODE_LIFE_MS),
        )
    return code


def _add_team(conn: Any, name: str, now: int) -> str:
    slug = accounts.team_slug(name)
    log = ScopeLog(conn, SITE, now)
    with log.part():
        conn.execute("INSERT INTO team VALUES (?,?)", (slug, name))
        write_own(log, "team", derived_id("team", slug), {"team": {"display_name": name, "slug": slug}})
    return slug


def add_person(log: ScopeLog, name: str, work_no: str) -> str:
    """Make a person, in accounts and in `site`; return the id."""
    person = new_id()
    log.conn.execute("INSERT INTO person VALUES (?,?,?,?)", (person, name, work_no, log.now_ms))
    write_own(log, "person", person, {"person": {"name": name, "work_no": work_no}})
    return person


def add_membership(log: ScopeLog, person: str, team: str, role: str, since: int) -> None:
    """Give a person a role in a team from `since`, a hybrid time."""
    membership = new_id()
    log.conn.execute("INSERT INTO membership VALUES (?,?,?,?,?,NULL)", (membership, person, team, role, since))
    start = stamp_time(datetime.fromtimestamp(hlc_millis(since) / 1000, UTC))
    value = {"from": start, "person": person, "role": role, "team": derived_id("team", team), "to": ""}
    write_own(log, "membership", membership, {"membership": value})
