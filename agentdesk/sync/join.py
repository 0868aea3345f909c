"""Joining a centre: the code becomes a token, and what was made before goes along (SYNC 2.9)."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from typing import Any

from agentdesk.changes import Change, Registry, hlc_to_hex
from agentdesk.domain import roles
from agentdesk.domain.refusal import Refusal
from agentdesk.store import Store
from agentdesk.store.adopt import adopt, earliest_hlc
from agentdesk.store.identity import Identity, demo_centre
from agentdesk.store.journal import Journal
from agentdesk.sync.faces import CentreSaidNo, Unreachable
from agentdesk.sync.token import save_token, token_path
from agentdesk.text.clean import clean_line


@dataclass(frozen=True, slots=True)
class JoinReport:
    """Who the desk is now, and how many of its earlier changes go along."""

    identity: Identity
    brought: int


def join(store: Store, journal: Journal, url: str, code: str, *, allow_plain: bool = False) -> JoinReport:
    """Join the centre at `url` with an enrolment code.

    The token is saved before the store says "joined": a kill in between leaves a desk that is still `home`, and the
    same code works again from this machine. Raises Refusal: `setup.missing`, `join.already`, `join.url`, `join.demo`,
    `join.insecure`, `join.offline`, `join.code`, `join.too_many`, `join.centre` (`problem`: what it said).
    """
    from agentdesk.sync.client import Client, checked_url

    identity = journal.identity
    if identity is None:
        raise Refusal("setup.missing")
    if identity.joined:
        raise Refusal("join.already", url=identity.centre_url)
    address = checked_url(url, allow_plain=allow_plain)
    if demo_centre(store.raw()) not in ("", address):
        raise Refusal("join.demo")
    client = Client(address)
    try:
        before = journal.wall_ms()
        told = client.join(_asked(journal, identity, code, before))
    except Unreachable as failure:
        if failure.code != "offline":
            raise Refusal("join.centre", url=address, problem=failure.code) from failure
        raise Refusal("join.offline", url=address) from failure
    except CentreSaidNo as no:
        code = f"join.{no.code}" if no.code in ("code", "too_many") else "join.centre"
        raise Refusal(code, url=address, problem=no.code) from no
    finally:
        client.close()
    save_token(token_path(store), str(told["token"]))
    journal.set_offset(int(told["now"]) - (before + journal.wall_ms()) // 2)
    joined = _joined(identity, told, address)
    held = frozenset(joined.roles)
    return JoinReport(joined, adopt(journal, joined, lambda change: may_write(held, change, journal.registry)))


def may_write(held: frozenset[str], change: Change, registry: Registry) -> bool:
    """Return whether the new role may write every group of a change; what it may not stays at this desk alone."""
    for name, value in change.patch.items():
        group = registry.group(change.entity, name)
        if group is None or group.central_only:
            return False
        step = str(value["t"]) if group.lane is not None else ""
        if not roles.may_write(held, change.entity, name, step):
            return False
    return True


def _asked(journal: Journal, identity: Identity, code: str, now: int) -> dict[str, Any]:
    earliest = earliest_hlc(journal)
    return {
        "code": clean_line(code, 80),
        "machine": clean_line(platform.node(), 80),
        "name": identity.name,
        "work_no": identity.work_no,
        "since": hlc_to_hex(earliest) if earliest is not None else None,
        "now": now,
    }


def _joined(identity: Identity, told: dict[str, Any], address: str) -> Identity:
    return replace(
        identity,
        person_id=str(told["person"]),
        team_slug=str(told["team"]["slug"]),
        team_name=str(told["team"]["name"]),
        device=str(told["device"]),
        letters=str(told["letters"]),
        roles=tuple(told["roles"]),
        centre_url=address,
        scopes=tuple(sorted(told["scopes"], key=lambda scope: (scope != "site", scope))),
    )
