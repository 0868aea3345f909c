"""The command palette: every action of the screen beneath, with its key, from the one table of keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from agentdesk.present import keys

if TYPE_CHECKING:
    from textual.screen import Screen


def scope_of(screen: Screen[Any]) -> str:
    """Return the scope of `present.keys` that a screen has; that of the app for a foreign one."""
    return str(getattr(screen, "SCOPE", "app"))


class ActionProvider(Provider):
    """Offers the actions of the screen under the palette."""

    def _rows(self) -> list[keys.HelpRow]:
        return keys.palette(scope_of(self.screen))

    def _show(self, row: keys.HelpRow) -> Content:
        return Content.assemble(row.label, ("   " + row.keys, "dim")) if row.keys else Content(row.label)

    async def _run(self, action: str) -> None:
        await self.app.run_action(action, self.screen)

    async def discover(self) -> Hits:
        """Yield everything, before a word is typed."""
        for row in self._rows():
            yield DiscoveryHit(self._show(row), partial(self._run, row.action), row.label, row.help)

    async def search(self, query: str) -> Hits:
        """Yield what matches the words, in label or explanation."""
        matcher = self.matcher(query)
        for row in self._rows():
            score = max(matcher.match(row.label), 0.8 * matcher.match(row.help), 0.7 * matcher.match(row.keys))
            if score > 0:
                yield Hit(score, self._show(row), partial(self._run, row.action), row.label, row.help)
