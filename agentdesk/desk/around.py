"""What a request that is being captured may be a second one of: the same order, customer or matter (§2.1 #22, E4).

It tells and asks nothing: the question before a second request on one matter stands in `capture.same_matter`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agentdesk.desk import alike as likeness
from agentdesk.desk import customers, forms
from agentdesk.desk.alike import Matter
from agentdesk.desk.context import Desk
from agentdesk.desk.views import RequestBrief
from agentdesk.domain.intake import Intake
from agentdesk.store import alike
from agentdesk.store.alike import Record
from agentdesk.text.privacy import looks_like_private

ORDER, CUSTOMER, MATTER = "order", "customer", "matter"
MOST = 9
"""Requests told; each has a digit in the list."""


@dataclass(frozen=True, slots=True)
class Near:
    """A request that may be the same one, and why: order, customer, matter; `at` is when it was made."""

    brief: RequestBrief
    why: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """The requests that may be the same one, the surest first; `batch` counts those alike in a short time, this one
    among them, where the supervisor should know of them, else 0."""

    near: tuple[Near, ...] = ()
    batch: int = 0


def look(desk: Desk, values: Mapping[str, Any], *, linked: bool = False) -> Around:
    """Look around a form as it stands. Runs in a worker; writes nothing.

    Told are: any request about the same order, the open ones of the customer and the recent ones alike, and the recent
    ones of anybody about the same product that are alike (`alike.recent`, `alike.least`). What the form names as
    related is no duplicate any more and is told only with `linked`.
    """
    intake = forms.to_intake(values)[0]
    recent = _alike_lately(desk, intake)
    whys: dict[str, str] = {}
    for root, why in (*_of_order(desk, intake), *_of_customer(desk, intake, recent)):
        whys.setdefault(root, why)
    for root in recent:
        whys.setdefault(root, MATTER)
    named = () if linked else intake.related_request
    return Around(tuple(_briefs(desk, whys, {*named}))[:MOST], _batch(desk, recent.values()))


def _of_order(desk: Desk, intake: Intake) -> Iterator[tuple[str, str]]:
    if intake.order_no and not looks_like_private(intake.order_no):
        yield from ((root, ORDER) for root in alike.with_order(desk.store.raw(), intake.order_no))


def _of_customer(desk: Desk, intake: Intake, recent: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The customer's requests that are open, or recent and alike."""
    roots = customers.requests_of(desk, intake.contact, intake.customer_no)
    lately = set(recent)
    for brief in customers.briefs(desk, roots):
        if brief.open or brief.id in lately:
            yield brief.id, CUSTOMER


def _alike_lately(desk: Desk, intake: Intake) -> dict[str, Record]:
    """The recent requests about the same product that are alike, newest first."""
    matter = Matter.of(intake)
    if not (intake.anomaly or intake.description):
        return {}
    conn, since = desk.store.raw(), desk.now() - timedelta(seconds=desk.settings.seconds("alike.recent"))
    shares = alike.like(conn, matter.text, alike.since(conn, since))
    least = desk.settings.get("alike.least")
    found = {
        root: record
        for root, record in alike.records(conn, sorted(shares, reverse=True)).items()
        if record.at is not None and record.at >= since
        and (like := likeness.compare(matter, record, shares[root])).percent >= least
        and (likeness.PRODUCT in like.grounds or not matter.product)
    }  # fmt: skip
    return dict(sorted(found.items(), reverse=True))


def _briefs(desk: Desk, whys: Mapping[str, str], named: set[str]) -> Iterator[Near]:
    """One line each, without what is named as related, cancelled, or not for my eyes."""
    known, visible = alike.records(desk.store.raw(), list(whys)), likeness.sight(desk)
    for brief in customers.briefs(desk, list(whys)):
        record = known.get(brief.id)
        if record is None or brief.state == "CANCELLED" or not visible(record):
            continue
        if not named & {brief.id, brief.number, brief.short_number}:
            yield Near(brief, whys[brief.id], record.at)


def _batch(desk: Desk, recent: Iterable[Record]) -> int:
    """E4: how many came alike in a short time, this one among them; 0 while they are few."""
    since = desk.now() - timedelta(seconds=desk.settings.seconds("alike.batch_window"))
    count = 1 + sum(record.at is not None and record.at >= since for record in recent)
    return count if count >= desk.settings.get("alike.batch_count") else 0
