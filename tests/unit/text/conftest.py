"""The shipped lexicon, loaded once, and makers of valid private numbers (invented)."""

from __future__ import annotations

from pathlib import Path

import pytest

import agentdesk
from agentdesk.text.lexicon import Rule, load
from agentdesk.text.lint import Linter

LEXICON = Path(agentdesk.__file__).parent / "content" / "lexicon"


@pytest.fixture(scope="session")
def rules() -> list[Rule]:
    """All rules that ship."""
    return load(path.read_text(encoding="utf-8") for path in sorted(LEXICON.glob("*.toml")))


@pytest.fixture(scope="session")
def linter(rules: list[Rule]) -> Linter:
    """The linter with the shipped rules."""
    return Linter(rules)
