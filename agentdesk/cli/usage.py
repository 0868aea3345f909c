"""`kb usage`: the figures about the knowledge base as CSV to standard output, or as CSV or a workbook to a file."""

from __future__ import annotations

import sys
from pathlib import Path

from agentdesk.cli.common import WrongUse, opened_desk
from agentdesk.preferences import naming
from agentdesk.present.i18n import t
from agentdesk.present.troubles import OUTPUT


def run(days: int, output: Path | None) -> None:
    """Count and write. Raises WrongUse, Refusal role.denied, OSError."""
    from agentdesk.desk import usage, usage_export
    from agentdesk.present.usage import columns, table

    if output is not None and output.suffix.removeprefix(".") not in usage_export.FORMS:
        raise WrongUse(t("cli.usage.usage_file"))
    with opened_desk("kb usage", write=False) as desk:
        rows = table(usage.report(desk, days))
        if output is not None:
            usage_export.save(desk, output, t("usage.sheet"), columns(), rows)
            return
        usage_export.noted(desk, len(rows))
        with naming(OUTPUT):
            sys.stdout.buffer.writelines(usage_export.csv_lines(columns(), rows))
            sys.stdout.buffer.flush()
