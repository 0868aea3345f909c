"""Knowledge: search while typing, read, say whether it solved the matter, import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agentdesk.desk.context import Desk
from agentdesk.desk.views import ArticleView, Hit, Imported


def search(desk: Desk, words: str, limit: int = 10) -> list[Hit]:
    """Published articles for the words, best first. Runs in a worker; writes nothing."""
    raise NotImplementedError


def for_request(desk: Desk, request_id: str, limit: int = 5) -> list[Hit]:
    """Articles that fit the text of a request: what the panel shows without typing."""
    raise NotImplementedError


def article(desk: Desk, article_id: str) -> ArticleView:
    """An article in the version in force. Raises Refusal knowledge.unknown."""
    raise NotImplementedError


def solved(desk: Desk, words: str, hits: Sequence[Hit], opened: str, solved: bool | None) -> None:
    """The log fact of one search: words (private numbers replaced), hits, what was opened, whether it solved."""
    raise NotImplementedError


def import_articles(desk: Desk, rows: Iterable[Mapping[str, object]]) -> Imported:
    """Import articles `{"id","title","body"}`; the same id gets a new version; all are published at once.

    Raises Refusal: role.denied (needs A on KB articles, or `home`), import.invalid (line, field, problem).
    """
    raise NotImplementedError
