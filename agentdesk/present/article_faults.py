"""What an import of articles found, in sentences: where it stands, which field, why; numbers and contacts masked.

The command line says the same as the screen, so nothing here imports Textual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.domain.masking import mask_contacts
from agentdesk.present import console
from agentdesk.present.columns import article_label
from agentdesk.present.columns import reason as reason_of
from agentdesk.present.i18n import t
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import redact

if TYPE_CHECKING:
    from agentdesk.desk.articles import Fault, Plan

LONGEST = 2_000
_WITH_ANOTHER = ("source_twice", "same_title", "near_text")
"""Reasons that name another row or article."""


def sentence(fault: Fault) -> str:
    """One fault or notice; what stands in the file may stand in it."""
    if fault.line == 0:
        told = t("kb.import.file", file=fault.file, reason=reason(fault))
    else:
        told = t("kb.import.fault", file=fault.file, line=fault.line, field=label(fault), reason=reason(fault))
    return mask_contacts(redact(clean_line(told, LONGEST))[0])


def label(fault: Fault) -> str:
    """The field that it is about."""
    return article_label(fault.field) if fault.field else t("import.whole_row")


def reason(fault: Fault) -> str:
    """What is wrong there."""
    if fault.refusal is not None:
        return console.sentence(fault.refusal)
    why = reason_of(fault.problem)
    return t("kb.import.other", reason=why, other=fault.other) if fault.problem in _WITH_ANOTHER else why


def would(plan: Plan) -> str:
    """What an import would write, in one sentence."""
    return t(
        "kb.import.would", created=plan.would("created"), updated=plan.would("updated"), unchanged=plan.unchanged
    )  # fmt: skip
