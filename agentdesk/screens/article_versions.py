"""The versions of an article: what each changed of the one before, and one of them into force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from agentdesk.desk.article_changes import differences
from agentdesk.desk.article_check import view_of
from agentdesk.present.articles import changed, version_line
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.screens import drawn
from agentdesk.screens.asking import DeskPanel
from agentdesk.widgets.long_text import LongText
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.site_articles import SiteArticle, Version
    from agentdesk.present.articles import Told


@dataclass(frozen=True)
class VersionChoice:
    """A version, and what is to become of it: `approve` or `legal`."""

    do: str
    version: str


class ArticleVersionPanel(DeskPanel["VersionChoice | None"]):
    """All versions, the newest first. Dismissed with a `VersionChoice`, or None."""

    SCOPE = "articleversions"
    AUTO_FOCUS = ""
    HELP_KEY = "help.article_versions"

    def __init__(self, site: SiteArticle, told: Told) -> None:
        super().__init__()
        self._site, self._told = site, told

    def compose(self) -> ComposeResult:
        """The list; below it what the marked version changed."""
        with Vertical(classes="box -high"):
            self._picker = Picker(title="articleversions.title", search="", preview_rows=0)
            yield self._picker
            with VerticalScroll(id="article-changes"):
                yield LongText(id="article-changes-text")

    def on_mount(self) -> None:
        """Stand on the newest."""
        self._picker.show(
            [
                PickItem(one.id, str(one.value.get("title") or ""), (), version_line(self._told, self._site, one))
                for one in reversed(self._site.versions)
            ]
        )
        self._picker.take_focus()

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        version = self._version()
        if version is None:
            return
        site, at = self._site, self._site.versions.index(version)
        before = site.versions[at - 1] if at else None

        def told(cells: int) -> Laid:
            if before is None:
                return Laid.of(drawn.article(view_of(version.value, version.at), cells), cells)
            return Laid.of(changed(differences(before.value, version.value, site.words), cells), cells)

        self.query_one("#article-changes-text", LongText).show(told)
        self.query_one("#article-changes", VerticalScroll).scroll_home(animate=False)

    def _version(self) -> Version | None:
        item = self._picker.item
        return next((one for one in self._site.versions if item is not None and one.id == item.id), None)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_put_back()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_put_back(self) -> None:
        """Put the marked one in force."""
        self._choose("approve")

    def action_legal(self) -> None:
        """Give the word of legal on the marked one."""
        self._choose("legal")

    def _choose(self, what: str) -> None:
        version = self._version()
        if version is None or version.in_force:
            self.say(t("why.in_force"), "warning")
        else:
            self.dismiss(VersionChoice(what, version.id))

    def go_back(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)
