"""Ordering a redaction: at the centre where the request has gone there, else in this desk's own file (SYNC 2.14).

The order never waits in the outbox: it holds the value, which would lie in the file until the centre can be reached.
So it is given while the centre answers, or not at all. This desk, like every other, follows by pulling.
"""

from __future__ import annotations

from dataclasses import dataclass

from agentdesk.domain import redaction
from agentdesk.domain.redaction import Found, Order
from agentdesk.domain.refusal import Refusal
from agentdesk.store import Store, erasing
from agentdesk.store.identity import Identity
from agentdesk.store.journal import HOME, Journal
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.faces import CentreSaidNo, Unreachable
from agentdesk.sync.token import load_token, token_path


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done: what was found, how many older copies of this desk's file go, and whether the centre did it."""

    found: Found
    copies: int = 0
    at_centre: bool = False


def look(journal: Journal, order: Order) -> Found:
    """Count the places that hold the value. Raises Refusal: role.denied, redact.nothing, redact.unsent (waiting),
    redact.offline, redact.centre (problem)."""
    scope = _scope(journal, order)
    if scope == HOME:
        with journal.store.read() as conn:
            found = erasing.look(conn, order, journal.registry)
        return _something(found)
    with journal.store.read() as conn:
        here = erasing.look(conn, order, journal.registry)
    return _something(_both(_ask(journal, scope, order, look=True), here))


def redact(journal: Journal, order: Order) -> Redacted:
    """Take the value out, for everybody and for good. Raises as `look`."""
    scope = _scope(journal, order)
    if scope == HOME:
        done = erasing.erase_home(journal, order)
        return Redacted(_something(done.found), done.copies)
    told = _ask(journal, scope, order, look=False)
    copies = len(journal.store.older_copies())
    here = erasing.erase_local(journal, order)
    if not told.places:
        copies = erasing.finish(journal.store)
    return Redacted(_something(_both(told, here)), copies, at_centre=told.places > 0)


def _something(found: Found) -> Found:
    if not found.places:
        raise Refusal("redact.nothing")
    return found


def _both(one: Found, other: Found) -> Found:
    fields = tuple(sorted({*one.fields, *other.fields}))
    return Found(one.places + other.places, one.changes + other.changes, fields)


def follow(store: Store, journal: Journal, identity: Identity, done: Redacted) -> str:
    """Bring this desk up to what the centre has done, where no loop does so; return the code of what kept it."""
    if not done.at_centre:
        return ""
    report = sync_once(store, journal, identity)
    return report.error or next((reason for _, reason in report.stopped), "")


def _scope(journal: Journal, order: Order) -> str:
    identity = journal.identity
    if identity is None:
        raise Refusal("setup.missing")
    if not redaction.may_redact(identity.roles):
        raise Refusal("role.denied", area="block_release", right="A")
    with journal.store.read() as conn:
        scope = erasing.scope_of(conn, order.root)
        waiting = erasing.unsent(conn, order.root)
    if not scope:
        raise Refusal("redact.nothing")
    if waiting:
        raise Refusal("redact.unsent", waiting=waiting)
    return scope


def _ask(journal: Journal, scope: str, order: Order, *, look: bool) -> Found:
    from agentdesk.sync.client import Client  # a quarter of a second to import

    identity, token = journal.identity, load_token(token_path(journal.store))
    if identity is None or token is None:
        raise Refusal("redact.centre", problem="token")
    client = Client(identity.centre_url, token)
    try:
        told = client.redact(scope, {"root": order.root, "value": order.value, "why": order.why, "look": look})
    except Unreachable as failure:
        raise Refusal(
            "redact.offline" if failure.code == "offline" else "redact.centre", problem=failure.code
        ) from failure
    except CentreSaidNo as no:
        raise Refusal("redact.centre", problem=no.code) from no
    finally:
        client.close()
    return Found(int(told["places"]), int(told["changes"]), tuple(str(name) for name in told["fields"]))
