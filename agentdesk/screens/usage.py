"""How the knowledge is used: what is searched, what finds nothing, weak articles, freshness, what should be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from agentdesk.desk import article_review, article_sources, suggestions, usage
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.suggestions import words_id
from agentdesk.present import usage as words
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, cut, line, lines, wrapped
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.reason import ReasonPanel
from agentdesk.screens.refusals import sentence
from agentdesk.screens.usage_files import save
from agentdesk.screens.workspace_articles import of_request
from agentdesk.widgets.fitted import Fitted
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk.desk.context import Desk
    from agentdesk.desk.suggestions import Suggestion
    from agentdesk.desk.usage import Report
    from agentdesk.desk.views import Hit
    from agentdesk.screens.article_form import ArticleStart
    from agentdesk.screens.phrase_form import PhraseDone


class UsageScreen(FramedScreen):
    """One part at a time: its figures, its lines with bars, and what is known of the marked one."""

    SCOPE = "usage"
    AUTO_FOCUS = ""
    _stale = False
    _reading = False

    def body(self) -> ComposeResult:
        """Figures, list, the marked line."""
        self._report: Report | None = None
        self._refused = ""
        self._part, self._days, self._mark = words.PARTS[0], usage.PERIODS[1], ""
        self._reasons_typed: dict[str, str] = {}
        yield Fitted(id="usage-head")
        self._picker = Picker(search="", preview_rows=0)
        yield self._picker
        with VerticalScroll(id="usage-whole", can_focus=False):
            yield Fitted(id="usage-text")

    def on_mount(self) -> None:
        """Count, which takes a while with many articles: keys go on meanwhile."""
        self._list()
        self.focus_when_shown(self._picker.take_focus)
        self._read()
        self.ask("rights", _rights, self.grey)

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """Something was searched, written or decided, here or elsewhere."""
        if any(entity in ("log_fact", "suggestion", "article") for entity, _ in ids):
            self._stale = True
            self._read_again()

    def on_screen_resume(self) -> None:
        """Seen again: count what was written meanwhile."""
        self._read_again()

    def _read_again(self) -> None:
        """Count what is new, once what is being counted is here: an exchange comes in many batches."""
        if self._stale and self.is_current and not self._reading:
            self._read()

    def _read(self) -> None:
        self._stale, self._reading = False, True
        days = self._days
        self.ask("usage", lambda desk: usage.report(desk, days), self._show, self._say_no, back=self._ended)

    def _ended(self) -> None:
        self._reading = False

    def _say_no(self, refusal: Refusal) -> None:
        self._refused = sentence(refusal)
        self._draw_head()
        self.tell_refusal(refusal)

    def _show(self, report: Report) -> None:
        self._ended()
        self._report, self._refused = report, ""
        self._list()
        self.focus_when_shown(self._picker.take_focus)
        self._read_again()

    def _list(self) -> None:
        self._mark = self._picker.item.id if self._picker.item is not None else self._mark
        self._draw_head()
        found = words.lines_of(self._report, self._part) if self._report is not None else []
        self._picker.show([PickItem(one.id, one.text, (), one.aside) for one in found])
        if found and self._mark:
            self._picker.mark(self._mark)

    def _draw_head(self) -> None:
        report, part, days, refused = self._report, self._part, self._days, self._refused
        title = t("usage.title", part=t(f"usage.part.{part}"), place=words.PARTS.index(part) + 1, days=days)

        def laid(cells: int) -> Content:
            counting = refused or t("usage.counting", days=days)
            told = words.head(report, part) if report is not None and not refused else [counting]
            rows = [line((row, DIM if text == told[-1] else "")) for text in told for row in wrapped(text, cells - 2)]
            return lines(line((cut(title, cells), STRONG)), *rows)

        self.query_one("#usage-head", Fitted).show(laid)

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        report, part = self._report, self._part
        if report is None:
            return
        told = words.detail(report, part, event.item.id if event.item is not None else "")

        def laid(cells: int) -> Content:
            return lines(*(line((row, DIM)) for text in told for row in wrapped(text, max(20, cells))))

        self.query_one("#usage-text", Fitted).show(laid)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_do()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def action_part(self) -> None:
        """Show the next part."""
        self._part = words.PARTS[(words.PARTS.index(self._part) + 1) % len(words.PARTS)]
        self._list()

    def action_period(self) -> None:
        """Count another period."""
        self._days = usage.PERIODS[(usage.PERIODS.index(self._days) + 1) % len(usage.PERIODS)]
        self._report = None
        self._list()
        self._read()

    def action_csv(self) -> None:
        """Write the figures into a CSV file."""
        save(self, self._report, "csv")

    def action_xlsx(self) -> None:
        """Write the figures into a workbook."""
        save(self, self._report, "xlsx")

    # -- what is done about a line ------------------------------------------------------------------------------------

    @property
    def _line(self) -> str:
        """What names the marked line; where there is none, it is said what would fill the part."""
        if self._picker.item is None:
            self.unavailable(f"usage.empty.{self._part}")
            return ""
        return self._picker.item.id

    @property
    def _waiting(self) -> Suggestion | None:
        """The marked suggestion; for words in vain, the one that they made."""
        report, item = self._report, self._picker.item
        if report is None or item is None:
            return None
        wanted = words_id(item.id) if self._part in (words.TERMS, words.UNHIT) else item.id
        return next((one for one in report.waiting if one.id == wanted), None)

    def action_do(self) -> None:
        """Do what the marked line asks for: look, write, correct."""
        if self.greyed("usage-do") or not (marked := self._line):
            return
        if self._part == words.TERMS:
            self._choose(marked, self._correct)
        elif self._part == words.UNHIT:
            self._write_words(marked)
        elif self._part == words.ARTICLES:
            self._correct(marked)
        elif self._part == words.FRESH:
            self.unavailable("why.usage_fresh")
        elif (one := self._waiting) is not None:
            self._write(one)

    def action_synonym(self) -> None:
        """Let an article be found by the marked words, too."""
        if self.greyed("usage-synonym") or not (marked := self._line):
            return
        one = self._waiting
        if self._part not in (words.TERMS, words.UNHIT) and (one is None or one.kind != suggestions.WORDS):
            self.unavailable("why.usage_words")
            return
        text = one.text if one is not None else marked
        self._choose("", lambda article: self._correct(article, text))

    def action_decline(self) -> None:
        """Say why the marked suggestion is not written."""
        if self.greyed("usage-decline") or not self._line:
            return
        one = self._waiting
        if one is None:
            self.unavailable("why.no_suggestion")
            return

        def given(why: str | None) -> None:
            if why:
                self.ask("decline", lambda desk: suggestions.decline(desk, one, why), declined, hold=True)

        def declined(_: None) -> None:
            self._reasons_typed.clear()
            self.say(t("usage.declined", text=one.text), "done")
            self._read()

        self.app.push_screen(ReasonPanel(t("usage.why_not", text=one.text), self._reasons_typed), given)

    def _choose(self, search: str, then: Callable[[str], None]) -> None:
        from agentdesk.screens.knowledge import KnowledgeScreen

        def chosen(hit: Hit | None) -> None:
            if hit is not None:
                then(hit.id)

        self.app.push_screen(KnowledgeScreen(choose=search), chosen)

    def _write_words(self, text: str) -> None:
        from agentdesk.screens.article_form import ArticleStart

        self._open(ArticleStart(fields={"title": text, "keywords": [text]}, kept=words_id(text)), text)

    def _write(self, one: Suggestion) -> None:
        if one.kind == suggestions.WORDS:
            self._write_words(one.text)
            return

        def show(source: article_sources.Source) -> None:
            self._open(of_request(source), "", one)

        self.ask("source", lambda desk: article_sources.from_request(desk, one.request), show, hold=True)

    def _correct(self, article: str, synonym: str = "") -> None:
        self.ask(
            "form", lambda desk: _with_synonym(desk, article, synonym), lambda start: self._open(start, synonym),
            hold=True,
        )  # fmt: skip

    def _open(self, start: ArticleStart, text: str, one: Suggestion | None = None) -> None:
        from agentdesk.screens.article_form import ArticleFormScreen

        def written(done: PhraseDone | None) -> None:
            if done is not None:
                self.say(done.said, "done")
                self.ask("take", lambda desk: _taken(desk, text, one, done.id), lambda _: self._read(), hold=True)

        self.app.push_screen(ArticleFormScreen(start), written)


def _taken(desk: Desk, text: str, one: Suggestion | None, article: str) -> None:
    """The suggestion is answered by this article, where there is one."""
    if text:
        suggestions.take_words(desk, text, article)
    elif one is not None and suggestions.may_decide(desk):
        suggestions.take(desk, one, article)


def _with_synonym(desk: Desk, article: str, synonym: str) -> ArticleStart:
    from dataclasses import replace

    from agentdesk.screens.article_form import opened

    start = opened(desk, article)
    if not synonym:
        return start
    others = [one for one in start.fields.get("synonyms") or () if one != synonym]
    return replace(start, fields={**start.fields, "synonyms": [*others, synonym]})


def _rights(desk: Desk) -> dict[str, str]:
    """What this person may not do here, each with the sentence that says whom to ask."""
    refused: dict[str, str] = {}
    if not article_review.can_propose(desk):
        refused |= {"usage-do": t("why.usage_write"), "usage-synonym": t("why.usage_write")}
    if not suggestions.may_decide(desk):
        refused["usage-decline"] = t("why.usage_decide")
    return refused
