"""The search index is filled in the background, whatever made it lag: a new desk, an exchange, an import, a rebuild."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, cast

from textual.app import App
from textual.worker import Worker, get_current_worker

from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.screens.session import Session
    from agentdesk.store.index_check import Checked

log = logging.getLogger(__name__)

REST_S = 0.02
"""Seconds between two steps, as long as one takes: a save that waits for the file gets it, and half a processor."""


class IndexingApp(App[int], inherit_bindings=False):
    """An app that indexes what waits for it, in a worker, a step at a time."""

    session: Session
    _filling = False
    _more_to_fill = False
    _looking = threading.Lock()

    def fill_index(self) -> None:
        """Index what waits; where that is under way already it goes on until nothing waits."""
        with self._looking:
            self._more_to_fill = True
            under_way, self._filling = self._filling, True
        if not under_way:
            self.run_worker(self._fill, name="index", group="fill", thread=True, exit_on_error=False)

    def _fill(self) -> None:
        """Step by step until nothing waits or the app ends; what stays is in the store and is gone on with."""
        from agentdesk.desk import indexing

        worker, session = get_current_worker(), self.session
        while self._goes_on(worker):
            try:
                while not worker.is_cancelled and indexing.step(session.desk()):
                    time.sleep(REST_S)
            except Exception as error:  # searches find what is in the index; the next fact, or start, tries again
                from agentdesk.present import troubles

                told = troubles.in_use(error, session.desk().store.path.parent)
                log.error("index: %s", told) if told else log.error("index", exc_info=error)

    def _goes_on(self, worker: Worker[None]) -> bool:
        """Whether something came meanwhile; looked up and given up in one, so that nothing comes in between."""
        with self._looking:
            self._filling = self._more_to_fill and not worker.is_cancelled
            self._more_to_fill = False
            return self._filling

    def action_reindex(self) -> None:
        """Hold the search index against its texts, and have what is wrong put right in the background."""
        from agentdesk.desk import indexing

        asking = cast("FramedScreen", self.screen)

        def checked(found: Checked) -> None:
            self.fill_index()
            asking.say(t("index.sound") if found.sound else t("index.mending"), "done")

        asking.say(t("index.checking"))
        asking.ask("reindex", indexing.put_right, checked, outlives=True)
