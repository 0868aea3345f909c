"""The figures about the knowledge base into a file, from the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.desk import usage_export
from agentdesk.present import usage as words
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from pathlib import Path

    from agentdesk.desk.usage import Report
    from agentdesk.screens.frame import FramedScreen


def save(screen: FramedScreen, report: Report | None, form: str) -> None:
    """Write a report beside the store and say where; without a report there is nothing to write."""
    if report is None:
        screen.unavailable("why.usage_nothing")
        return
    path = screen.desk_app.paths.data / usage_export.FOLDER / f"usage-{report.at:%Y%m%d-%H%M%S}.{form}"
    head, rows = words.columns(), words.table(report)

    def saved(written: Path) -> None:
        screen.say(t("usage.saved", path=str(written)), "done")

    screen.ask(
        "export", lambda desk: usage_export.save(desk, path, t("usage.sheet"), head, rows), saved, hold=True
    )  # fmt: skip
