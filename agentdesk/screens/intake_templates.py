"""Templates for frequent matters over the form: pick one, keep the present form as one, remove one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from agentdesk.desk import templates
from agentdesk.present import i18n, labels
from agentdesk.present.i18n import t
from agentdesk.present.safe import line
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.private import field_guard
from agentdesk.text import pinyin
from agentdesk.text.fold import folded
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.templates import Template


class TemplatePanel(DeskPanel["Template"]):
    """Dismissed with the template that was picked, or None."""

    SCOPE = "template"
    AUTO_FOCUS = ""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self._values = values
        self._all: list[Template] = []
        self._shown: list[Template] = []
        self._picker = Picker(title="template.title", search="template.search", guard=field_guard)

    def compose(self) -> ComposeResult:
        """The list under its search field, and what the keys do."""
        with Vertical(classes="intake-panel"):
            yield self._picker
            yield Static(line(t("template.keys")), classes="panel-keys", markup=False)

    def on_mount(self) -> None:
        """Read the templates; the first one is marked, characters typed search."""
        language = i18n.language()
        self.ask("templates", lambda desk: templates.templates(desk, language), self._read, hold=True)

    def _read(self, found: list[Template]) -> None:
        self._all = found
        self._show(self._picker.words)
        self.focus_when_shown(self._picker.take_focus)

    def _show(self, words: str) -> None:
        self._shown = [one for one in self._all if _fits(one, words)]
        self._picker.show([_item(one) for one in self._shown], words=words)

    @on(Picker.SearchChanged)
    def _searched(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._show(event.words)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(next(one for one in self._all if one.id == event.item.id))

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_keep(self) -> None:
        """Keep the present form under the name in the search field."""
        title, values, language = self._picker.words, self._values, i18n.language()

        def kept(found: tuple[Template, Sequence[Template]]) -> None:
            self._picker.search_for("")
            self._read(list(found[1]))
            self.say(t("template.kept", title=found[0].title))

        self.ask(
            "keep",
            lambda desk: (templates.keep(desk, title, values), templates.templates(desk, language)),
            kept,
            hold=True,
        )

    def action_remove(self) -> None:
        """Remove the marked template, after a question; those that come with the desk stay."""
        item, language = self._picker.item, i18n.language()
        chosen = next((one for one in self._shown if item is not None and one.id == item.id), None)
        if chosen is None:
            return
        if not chosen.own:
            self.unavailable("refusal.template.shipped")
            return

        def work(desk: Desk) -> list[Template]:
            templates.remove(desk, chosen)
            return templates.templates(desk, language)

        def answered(yes: bool | None) -> None:
            if yes:
                self.ask("remove", work, self._read, hold=True)

        ask = Confirm(t("template.remove.ask", title=chosen.title), yes="template.remove.yes", no="template.remove.no")
        self.app.push_screen(ask, answered)

    def go_back(self) -> None:
        """Back to the form."""
        self.dismiss(None)


def _item(one: Template) -> PickItem:
    kind = labels.request_type(str(one.values.get("request_type") or ""), str(one.values.get("sub_type") or ""))
    first = " ".join(str(one.values.get("description") or "").split("\n"))
    aside = f"{t('template.own')} {kind}".strip() if one.own else kind
    return PickItem(one.id, one.title, (first,) if first else (), aside=aside)


def _fits(one: Template, words: str) -> bool:
    """Whether the words stand in title or text, or are the beginning of the title's pinyin."""
    wanted = folded(words).strip()
    if not wanted:
        return True
    letters = pinyin.typed(wanted)
    spelled = [name for names in pinyin.spellings(one.title) for name in names] if letters else []
    text = folded(f"{one.title} {one.values.get('description', '')} {one.values.get('product_service', '')}")
    return wanted in text or any(name.startswith(letters) for name in spelled)
