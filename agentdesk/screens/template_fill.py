"""A form of a request that a service template fills in: what was typed there before is never written over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from agentdesk.desk import case_templates
from agentdesk.present import labels
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.case_templates import CaseTemplate
    from agentdesk.desk.context import Desk
    from agentdesk.screens.form import RequestForm


class TemplateFill:
    """Mixed into a `RequestForm`; `FILLS` is the form's name among those that a template fills in."""

    FILLS = ""

    @property
    def _filled_form(self) -> RequestForm:
        return cast("RequestForm", self)

    def template(self, desk: Desk) -> CaseTemplate | None:
        """Read what was applied to the request; runs in a worker thread."""
        return case_templates.waiting(desk, self._filled_form.request.id, self.FILLS)

    def fill_in(self, template: CaseTemplate, wanted: Mapping[str, str]) -> None:
        """Put what a template knows into empty fields, and say which of the others were left as they are."""
        screen = self._filled_form
        form = screen.form
        kept: list[str] = []
        for name, text in wanted.items():
            if name not in form.specs or not text:
                continue
            if not screen.text(name):
                form.set_value(name, text)
            elif screen.text(name) != text:
                kept.append(name)
        screen.keep_now()
        said = t("case_template.filled", title=template.citation.title)
        if kept:
            said += t("case_template.left", fields=t("list.comma").join(labels.label("field", name) for name in kept))
        screen.say(said, "warning" if kept else "done")
        request_id, fills = screen.request.id, self.FILLS
        screen.ask(
            "filled", lambda desk: case_templates.filled(desk, request_id, fills), lambda _: None, exclusive=False
        )
