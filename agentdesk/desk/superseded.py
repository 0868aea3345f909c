"""What may still be said of a policy: nothing that rests on a version which another one has taken the place of.

A text is known by what it cites, by the words of the version, or, of phrases and articles, by a tag `points-policy@v3`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agentdesk.desk import library
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.policy_terms import Policy, edition, known, overtaken
from agentdesk.desk.views import Citation
from agentdesk.domain import policies
from agentdesk.domain.refusal import Refusal

SHORTEST = 8
"""A text shorter than this is said by chance, too: it names no version."""


@dataclass(frozen=True, slots=True)
class _Old:
    """A version that is over, with the words and tags by which it is known."""

    policy: Policy
    by: Policy
    version: str
    words: tuple[str, ...]
    tags: frozenset[str]

    def in_text(self, text: str) -> bool:
        return any(word in text for word in self.words)

    def in_phrase(self, item: Published) -> bool:
        bodies = [*(item.value.get("body") or {}).values()]
        bodies += [text for texts in (item.value.get("variants") or {}).values() for text in texts]
        return bool(self.tags & set(item.tags)) or any(map(self.in_text, bodies))

    def in_article(self, item: Published) -> bool:
        said = [str(item.value.get(name) or "") for name in ("plain_summary", "plain_summary_en", "body")]
        return bool(self.tags & {*item.tags, *item.sets.get("related", ())}) or any(map(self.in_text, said))


def _old(one: Policy, by: Policy, at: datetime) -> Iterator[_Old]:
    """What is over; `by` is what holds in its place: another one where the site wrote over a shipped one."""
    now = policies.in_force(by.terms, at)
    same = "\n".join(_words(by, now.version)) if now is not None else ""
    sources = {str(version.value.get("source_id") or "") for version in one.editions.values()} - {""}
    for version in one.numbers if by is not one else one.superseded(at):
        words = tuple(text for text in _words(one, version) if len(text) >= SHORTEST and text not in same)
        tags = frozenset(f"{source}@v{one.numbers[version]}" for source in sources)
        yield _Old(one, by, version, words, tags)


def _words(one: Policy, version: str) -> list[str]:
    value = one.editions[version].value
    summaries = [str(value.get(name) or "").strip() for name in ("plain_summary", "plain_summary_en")]
    told = [str(event.value.get("customer_text") or "") for event in one.told if event.value["version"] == version]
    return [text for text in (*summaries, *told) if text]


def _all(desk: Desk) -> list[_Old]:
    gone, at = overtaken(desk), desk.now()
    return [old for one in known(desk).values() for old in _old(one, gone.get(one.id, one), at)]


def check(desk: Desk, articles: Iterable[Citation], text: str = "", phrases: Sequence[str] = ()) -> None:
    """Refuse what rests on an old version: by what it cites, by its words, by the phrases (their versions) it is of.

    Raises Refusal policy.superseded (title, number, since, article, version, old, new, citation).
    """
    olds = _all(desk)
    if not olds:
        return
    cited = {(one.id, one.version) for one in articles}
    said = [item for item in library.phrases(desk).values() if item.version in phrases]
    for old in olds:
        if (old.policy.id, old.version) in cited or old.in_text(text) or any(map(old.in_phrase, said)):
            raise _refusal(desk, old)


def may_cite(desk: Desk, cited: Citation) -> bool:
    """Whether a citation names no version that is over."""
    return (cited.id, cited.version) not in {(old.policy.id, old.version) for old in _all(desk)}


def _refusal(desk: Desk, old: _Old) -> Refusal:
    at = desk.now()
    now = edition(desk, old.by, policies.in_force(old.by.terms, at))
    quoted = now is not None and old.by.editions[now.version].value.get("audience") == "may_quote"
    return Refusal(
        "policy.superseded",
        title=now.title if now else "",
        number=now.number if now else 0,
        since=now.start if now else at,
        article=old.policy.id,
        version=old.version,
        old=tuple(_words(old.policy, old.version)),
        new=now.plain_summary if now and quoted else "",
        citation=Citation(old.by.id, now.version, now.title) if now else None,
    )


def replaced(text: str, refusal: Refusal) -> str:
    """A text with the words in force in place of the old ones, below it where it has none; internal ones stay out."""
    new = str(refusal.args["new"])
    old = next((old for old in refusal.args["old"] if old in text), "")
    if not new:
        return text
    return text.replace(old, new) if old else f"{text.rstrip()}\n{new}".lstrip()


def phrases(desk: Desk) -> frozenset[str]:
    """The ids of the phrases that speak of an old version."""
    olds = _all(desk)
    items = library.phrases(desk).values() if olds else ()
    return frozenset(item.id for item in items if any(old.in_phrase(item) for old in olds))


def citing(desk: Desk, article_id: str) -> list[tuple[str, str]]:
    """(phrase or article, title) of what still speaks of an old version of this policy."""
    from agentdesk.store import queries

    olds = [old for old in _all(desk) if old.by.id == article_id]
    if not olds:
        return []
    ids = queries.articles_saying(desk.store.raw(), [word for old in olds for word in (*old.words, *old.tags)])
    found = [("phrase", item) for item in library.phrases(desk).values() if any(old.in_phrase(item) for old in olds)]
    found += [
        ("article", item)
        for item in library.articles(desk, ids).values()
        if item.id != article_id and any(old.in_article(item) for old in olds)
    ]
    return [(kind, library.in_language(item.value.get("title"), desk.language)) for kind, item in found]
