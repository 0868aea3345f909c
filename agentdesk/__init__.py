"""agentdesk: a terminal workstation for customer-service agents.

The floors below this package may each import only what stands under them; `docs/architecture.md` names them in order
and `pyproject.toml` holds them as contracts.
"""

from __future__ import annotations

__version__ = "0.1.0"
"""The version as a plain constant: asking importlib.metadata would cost more than the rest of `--version`."""
