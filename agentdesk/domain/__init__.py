"""The trade as pure rules: vocabulary, records, intake, triage, flow, clocks, calendar, roles.

No input or output and no clock of its own: time, ids, settings and facts come as arguments.
"""

from __future__ import annotations
