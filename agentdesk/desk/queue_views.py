"""Views of the queue: those that every desk has, and those that a person has named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from agentdesk.desk import queue
from agentdesk.desk.context import Desk
from agentdesk.desk.queue import ALL, ME, OPEN
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queue_views, saved_views
from agentdesk.store.queue_views import QueueFilter

MAX_VIEWS = 20
MAX_NAME = 20

BUILT_IN: dict[str, QueueFilter] = {
    "team": OPEN,
    "mine": QueueFilter(owner=ME),
    "soon": QueueFilter(due="soon"),
    "breached": QueueFilter(due="breached"),
    "closed": QueueFilter("closed"),
    "all": ALL,
}
"""What every desk has, in the order of their digits; the first is what the queue opens with."""


class View(NamedTuple):
    """A filter with a name: a code of `BUILT_IN`, a person's own words (`saved`), or "" for one made just now."""

    name: str
    filter: QueueFilter
    saved: bool = False


FIRST = View("team", OPEN)


def views(desk: Desk) -> list[View]:
    """All views, the built-in ones first."""
    own = [View(name, _filter(told), True) for name, told in saved_views.load(desk.store.raw()).items()]
    return [*(View(code, one) for code, one in BUILT_IN.items()), *own]


def counted(desk: Desk) -> list[tuple[View, int]]:
    """All views, each with how many requests it shows now. Ask in a worker."""
    return [(view, queue.count(desk, view.filter)) for view in views(desk)]


def save(desk: Desk, name: str, wanted: QueueFilter) -> View:
    """Keep a filter under a name of one's own; an equal name is replaced.

    Raises Refusal view.name_empty, view.name_taken (name), view.too_many (limit).
    """
    from agentdesk.text.clean import clean_line  # the queue is painted without these two
    from agentdesk.text.privacy import redact

    tidy = redact(clean_line(name))[0][:MAX_NAME].strip()  # never cut before the look
    if not tidy:
        raise Refusal("view.name_empty")
    if tidy in BUILT_IN:
        raise Refusal("view.name_taken", name=tidy)
    with desk.store.plain_write() as conn:
        own = saved_views.load(conn)
        if tidy not in own and len(own) >= MAX_VIEWS:
            raise Refusal("view.too_many", limit=MAX_VIEWS)
        saved_views.save(conn, {**own, tidy: {"which": wanted.which, **wanted.criteria}})
    return View(tidy, wanted, True)


def forget(desk: Desk, name: str) -> None:
    """Drop a saved view; one that is not there is passed over."""
    with desk.store.plain_write() as conn:
        saved_views.save(conn, {known: told for known, told in saved_views.load(conn).items() if known != name})


def filter_of(desk: Desk, values: Mapping[str, Any]) -> QueueFilter:
    """Make a filter of what a form holds; an owner is given by name, work number, or as `me`.

    Raises Refusal view.owner_unknown (name).
    """
    from agentdesk.text.clean import clean_line  # as in `save`
    from agentdesk.text.privacy import redact

    told = {name: redact(clean_line(value))[0][:60] for name, value in values.items() if isinstance(value, str)}
    if owner := told.get("owner", ""):
        told["owner"] = owner if owner == ME else _person(desk, owner)
    return _filter(told)


def owner_name(desk: Desk, owner: str) -> str:
    """How an owner of a filter is called."""
    return "" if not owner or owner == ME else desk.person(owner).name


def tags(desk: Desk) -> list[str]:
    """The tags in use."""
    return queue_views.tags(desk.store.raw())


def _person(desk: Desk, said: str) -> str:
    for person in desk.people.values():
        if said in (person.id, person.name, person.work_no):
            return person.id
    raise Refusal("view.owner_unknown", name=said)


def _filter(told: Mapping[str, Any]) -> QueueFilter:
    """Read stored criteria; what this version does not know is left out."""
    wanted = {name: value for name, value in told.items() if name in QueueFilter._fields and isinstance(value, str)}
    if wanted.get("which") not in ("open", "closed", "all"):
        wanted["which"] = "open"
    if wanted.get("due") not in ("", "soon", "breached"):
        wanted["due"] = ""
    return QueueFilter(**wanted)  # type: ignore[arg-type]  # checked above
