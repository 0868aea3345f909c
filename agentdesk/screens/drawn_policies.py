"""One policy as its page shows it: what holds, what will, what to read, what still speaks of the version before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from textual.content import Content

from agentdesk.desk.policies import Notice, PolicyView, Rate
from agentdesk.desk.policy_terms import Edition
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, ERROR, STRONG, WARNING, line
from agentdesk.screens.drawn import hang, markdown_rows, policy_warnings, whole


def title(one: PolicyView) -> str:
    """Name a policy with the number of its version."""
    return f"{one.shown.title}  V{one.shown.number}"


def aside(one: PolicyView) -> str:
    """Say what is due with it: a notice to read, else that another version is announced."""
    if one.unread:
        return t("policy.to_read")
    return t("policy.announced", number=one.next.number) if one.next is not None else ""


def policy(
    one: PolicyView,
    rates: Sequence[Rate],
    citing: Sequence[tuple[str, str]],
    age: timedelta | None,
    cells: int,
) -> list[Content]:
    """Write a policy, so many cells wide."""
    told = [hang(Content(""), one.shown.title, cells, STRONG)]
    if one.now is not None:
        told.append(line((_since(one.now), DIM)))
    told += policy_warnings(one.next.start if one.now is not None and one.next is not None else None, age, cells)
    if one.now is None and one.next is not None:
        told.append(hang(Content(""), t("policy.not_yet", date=timefmt.date(one.next.start)), cells, WARNING))
    for notice in one.notices:
        told += _notice(notice, [rate for rate in rates if rate.notice.id == notice.id], cells)
    told += _edition(one.now, "policy.now", cells)
    told += _edition(one.next, "policy.next", cells)
    if citing:
        names = t("list.comma").join(t(f"policy.citing.{kind}", title=name) for kind, name in citing)
        told += [Content(""), hang(Content(""), t("policy.citing", names=names), cells, WARNING)]
    if one.earlier:
        told += [Content(""), line((t("policy.earlier"), STRONG)), *(line((_since(old), DIM)) for old in one.earlier)]
    return told


def _since(one: Edition) -> str:
    return t("policy.since", number=one.number, date=timefmt.date(one.start))


def _edition(one: Edition | None, heading: str, cells: int) -> list[Content]:
    if one is None:
        return []
    told = [Content(""), line((t(heading, number=one.number, date=timefmt.date(one.start)), STRONG))]
    told += [whole(one.plain_summary, cells)] if one.plain_summary else []
    return told + (markdown_rows(one.body, cells) if one.body and one.body != one.plain_summary else [])


def _notice(one: Notice, rates: Sequence[Rate], cells: int) -> list[Content]:
    key = "policy.notice.recalled" if one.recalled else "policy.notice"
    heading = t(key, number=one.number, date=timefmt.date(one.start))
    told = [Content(""), line((heading, DIM if one.read else ERROR))]
    if one.topics:
        told.append(hang(line((t("policy.topics") + " ", DIM)), t("list.comma").join(one.topics), cells))
    told.append(hang(line((t("policy.internal") + " ", DIM)), one.internal_text, cells))
    if one.customer_text:
        told.append(hang(line((t("policy.customer") + " ", DIM)), one.customer_text, cells))
    told.append(line((t("policy.read" if one.read else "policy.unread"), DIM if one.read else WARNING)))
    return told + [hang(Content(""), _rate(rate), cells, DIM) for rate in rates]


def _rate(one: Rate) -> str:
    told = t("policy.rate", acknowledged=one.acknowledged, agents=one.agents)
    names = t("list.comma").join(person.name or person.id for person in one.missing)
    return f"{told}{t('list.semicolon')}{t('policy.missing', names=names)}" if names else told
