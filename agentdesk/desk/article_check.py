"""One article from a form: its fields cleaned, judged and linted, and a version back as fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentdesk.desk import columns, own_phrases
from agentdesk.desk.article_values import Wrong, checked
from agentdesk.desk.context import Desk
from agentdesk.desk.views import ArticleView
from agentdesk.domain.articles import FIELD, FIELDS, SETS
from agentdesk.text.lint import Context

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.text.lint import Finding

TYPED = tuple(one.code for one in FIELDS if one.code not in ("id", "attachments") and not one.code.endswith("_en"))
"""Fields that a form shows, in the order of the table; those in English and the attachments stay as they are."""


@dataclass(slots=True)
class Checked:
    """An article that was looked at: the value of a version without its time, what is wrong, what lint says."""

    value: dict[str, Any] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    warned: list[tuple[str, Finding]] = field(default_factory=list)
    """(field, finding) of what wants a second look."""


def check(desk: Desk, row: Mapping[str, Any]) -> Checked:
    """Look at what was typed; lists may be texts, a step a line, words with any separator between them."""
    typed = {code: _listed(code, row.get(code)) for code in TYPED}
    values, wrong = checked({**typed, "id": "-"}, desk.now().tzinfo)
    made = Checked({code: values.get(code) for code in TYPED if code not in SETS}, wrong)
    made.value["words"] = {name: values.get(name) or [] for name in SETS}
    if not wrong:
        _lint(desk, made)
    return made


def _listed(code: str, value: Any) -> Any:
    if not isinstance(value, str) or FIELD[code].kind not in ("list", "set"):
        return value
    parts = value.splitlines() if FIELD[code].kind == "list" else columns.parts(value)
    return [part.strip() for part in parts if part.strip()]


def _lint(desk: Desk, made: Checked) -> None:
    """What a customer may be told must pass as a message does; elsewhere an article may name what nobody should say."""
    where = Context(industry=desk.settings.get("lint.industry"))
    for code, text in _texts(made.value):
        found = desk.linter.check(text, where)
        blocked = [one for one in found if one.severity == "block"]
        if blocked and code in _told(made.value):
            made.wrong.append(Wrong(code, "phrase_blocked", own_phrases.rule_names(blocked)))
        made.warned += [(code, one) for one in found if one.severity in ("block", "warn")]


def _texts(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((code, str(value[code])) for code in ("title", "plain_summary", "body"))
    yield from (("steps", str(step)) for step in value["steps"])


def _told(value: Mapping[str, Any]) -> Sequence[str]:
    """The fields whose words are said to a customer: the summary, without one the beginning of the text."""
    if value["audience"] != "may_quote":
        return ()
    return ("title", "plain_summary" if value["plain_summary"] else "body")


def view_of(value: Mapping[str, Any], at: datetime) -> ArticleView:
    """A version, or what stands in a form, as an article is read."""

    def text(name: str) -> str:
        return str(value.get(name) or "")

    return ArticleView(
        id="",
        version="",
        source_id="",
        kind=text("kind"),
        title=text("title"),
        body=text("body"),
        plain_summary=text("plain_summary"),
        steps=tuple(value.get("steps") or ()),
        category=text("category"),
        product=text("product"),
        tags=(),
        published_at=at,
        url=text("url"),
        may_quote=text("audience") == "may_quote",
        attachments=tuple(value.get("attachments") or ()),
    )


def fields_of(value: Mapping[str, Any], words: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """The fields of a version as `check` takes them; `words` of its article where the version names none itself."""
    own = value.get("words") or words
    found = {code: value.get(code) or FIELD[code].default for code in TYPED if code not in SETS}
    return {**found, "steps": list(value.get("steps") or ()), **{name: sorted(own.get(name) or ()) for name in SETS}}
