"""What was solved like this before: resolved requests whose matter is like that of the one in hand, by how they were
solved. Nothing of their customers is shown: what was told them may be told to another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentdesk.desk import article_sources, customers, library, reading, superseded
from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation, Hit, RequestBrief
from agentdesk.domain import roles
from agentdesk.domain.intake import Intake
from agentdesk.domain.masking import mask_contacts, uncalled
from agentdesk.domain.vocabulary import CONTENT_VERDICTS
from agentdesk.store import alike
from agentdesk.store.alike import Record
from agentdesk.text.clean import clean_line
from agentdesk.text.fold import folded
from agentdesk.text.terms import index_terms

TEXT, PRODUCT, KIND, CATEGORY, TAGS = "text", "product", "kind", "category", "tags"
_PARTS: Final[Mapping[str, int]] = {TEXT: 70, PRODUCT: 12, KIND: 8, CATEGORY: 5, TAGS: 5}
"""What makes two requests alike, in percent; the words alone can make it, all else together cannot."""
SAME_WORDS: Final = 0.6
"""Share of their pairs of characters that two solutions have in common which are one way of solving it."""
WAYS: Final = 9
"""Ways shown; each has a digit in the list."""
MOST_TEXT: Final = 400


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a request is compared with others."""

    text: str
    product: str
    kind: tuple[str, str]
    category: str
    tags: frozenset[str]

    @staticmethod
    def of(intake: Intake) -> Matter:
        """The matter of a record, also of one that is still being filled in."""
        text = clean_line(f"{intake.product_service} {intake.anomaly} {intake.description}", MOST_TEXT)
        kind = (intake.request_type, intake.sub_type)
        return Matter(text, intake.product_service, kind, intake.category, frozenset(intake.tags))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a request is, in percent, and by what: codes text, product, kind, category, tags."""

    percent: int
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which requests like this were solved.

    `best` is the one most alike, `numbers` those of all; `solution` and `actions` are its own without anything of its
    customer; `articles` are what it cited and may still be cited; `content` is how many customers were content.
    """

    best: RequestBrief
    likeness: Likeness
    numbers: tuple[str, ...]
    content: int
    outcome: str
    verdict: str
    solution: str
    actions: tuple[str, ...]
    articles: tuple[Citation, ...]

    @property
    def count(self) -> int:
        """How often it was solved so."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Alike:
    """How often something like this was solved, and in which ways, the likeliest first."""

    count: int = 0
    ways: tuple[Way, ...] = ()


def solved(desk: Desk, request_id: str) -> Alike:
    """Resolved requests like this one that I may see, by how they were solved. Runs in a worker; writes nothing.

    One was solved as another where both cited the same articles, or said the same in nearly the same words. Raises
    Refusal request.unknown.
    """
    matter = Matter.of(reading.load(desk, request_id).facts.intake)
    conn = desk.store.raw()
    shares = alike.like(conn, matter.text, alike.SOLVED, own=1)
    shares.pop(request_id, None)
    least, visible = desk.settings.get("alike.least"), sight(desk)
    worth = [root for root, share in shares.items() if _at_most(share) >= least]
    found = [
        (likeness, record)
        for root, record in alike.records(conn, worth).items()
        if str(record.resolution.get("solution_text") or "").strip() and visible(record)
        and (likeness := compare(matter, record, shares[root])).percent >= least
    ]  # fmt: skip
    found.sort(key=lambda one: (-one[0].percent, one[1].id))
    groups = sorted(_grouped(found), key=lambda group: -sum(likeness.percent for likeness, _ in group))
    lines = {brief.id: brief for brief in customers.briefs(desk, [record.id for _, record in found])}
    ways = (_way(desk, group, lines) for group in groups[:WAYS])
    return Alike(len(found), tuple(way for way in ways if way is not None))


def compare(matter: Matter, record: Record, share: float) -> Likeness:
    """How alike a record is to a matter; `share` is what their words have in common."""
    held = {
        TEXT: share,
        PRODUCT: float(bool(matter.product) and _same(matter.product, record.product)),
        KIND: float(bool(matter.kind[0]) and matter.kind == record.kind),
        CATEGORY: float(bool(matter.category) and matter.category == record.category),
        TAGS: float(bool(matter.tags & record.tags)),
    }
    percent = round(sum(_PARTS[name] * part for name, part in held.items()))
    return Likeness(percent, tuple(name for name, part in held.items() if part))


def _same(one: str, other: str) -> bool:
    return folded(one).strip() == folded(other).strip()


def _at_most(share: float) -> float:
    """How alike a request can be whose words have so much in common, before its record is read."""
    return 100 - _PARTS[TEXT] * (1 - share)


def sight(desk: Desk) -> Callable[[Record], bool]:
    """Whether I may see a request, contacts masked: technicians see their own, others by their role (§8)."""
    me = desk.me

    def visible(record: Record) -> bool:
        own = me.person_id in (record.owner, record.recorder)
        return any(roles.may(me.roles, "intake_record", right, own=own) for right in ("V", "M"))

    return visible


# -- ways -------------------------------------------------------------------------------------------------------------

_Found = tuple[Likeness, Record]


def _grouped(found: Iterable[_Found]) -> list[list[_Found]]:
    """Put together what was solved alike, in the order in which each way is met."""
    groups: list[tuple[frozenset[str], set[str], list[_Found]]] = []
    for one in found:
        cited, words = _cited(one[1]), set(index_terms(str(one[1].resolution["solution_text"])))
        same = (group for cites, said, group in groups if (cited and cited == cites) or _alike(words, said))
        group = next(same, None)
        if group is None:
            groups.append((cited, words, [one]))
        else:
            group.append(one)
    return [group for *_, group in groups]


def _cited(record: Record) -> frozenset[str]:
    return frozenset(str(one["id"]) for one in _items(record, "kb_refs") if one.get("id"))


def _items(record: Record, name: str) -> list[Mapping[str, Any]]:
    """A list of a resolution; what another version wrote otherwise is passed over."""
    held = record.resolution.get(name)
    return [one for one in held if isinstance(one, Mapping)] if isinstance(held, list) else []


def _alike(words: set[str], others: set[str]) -> bool:
    return len(words & others) >= SAME_WORDS * max(len(words), len(others), 1)


def _way(desk: Desk, group: list[_Found], lines: Mapping[str, RequestBrief]) -> Way | None:
    likeness, record = group[0]
    there = [lines[one.id] for _, one in group if one.id in lines]
    if not there:  # gone between two readings
        return None
    said = record.resolution
    actions = (str(one.get("text") or "") for one in _items(record, "actions"))
    return Way(
        best=there[0],
        likeness=likeness,
        numbers=tuple(one.short_number for one in there),
        content=sum(one.verdict in CONTENT_VERDICTS for _, one in group),
        outcome=str(said.get("outcome") or ""),
        verdict=record.verdict,
        solution=_bare(str(said["solution_text"]), record),
        actions=tuple(_bare(text, record) for text in actions if text),
        articles=tuple(_in_force(desk, _cited(record))),
    )


def _bare(text: str, record: Record) -> str:
    """A text of a request without anything of its customer."""
    name, contact, number = (str(record.reporter.get(one) or "") for one in ("customer_name", "contact", "customer_no"))
    customer = Intake(
        customer_name=name, contact=contact, customer_no=number, order_no=record.order_no, place=record.place
    )
    bare = mask_contacts(article_sources.anonymous(text, customer), contact)
    return uncalled(bare, name, article_sources.GONE)


def _in_force(desk: Desk, ids: Iterable[str]) -> list[Citation]:
    """What may be cited of these articles now: the versions in force."""
    known = library.articles(desk, sorted(ids))
    cited = (Citation(one.id, one.version, str(one.value.get("title") or "")) for one in known.values())
    return [one for one in cited if superseded.may_cite(desk, one)]


def hits(desk: Desk, way: Way) -> list[Hit]:
    """The articles of a way as the knowledge search would bring them, to be cited in a reply."""
    known = library.articles(desk, [one.id for one in way.articles])
    return [
        Hit(
            id=one.id,
            source_id=str(one.value.get("source_id") or ""),
            version=one.version,
            kind=str(one.value.get("kind") or ""),
            title=str(one.value.get("title") or ""),
            snippet="",
            plain_summary=str(one.value.get("plain_summary") or ""),
            score=0.0,
            may_quote=one.value.get("audience") == "may_quote",
        )
        for one in known.values()
    ]
