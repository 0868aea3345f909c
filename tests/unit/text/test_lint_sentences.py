"""Sentences that agents write: violations that must be found, and polite near-misses that must pass.

They stand in `sentences.toml`, apart from the tests that ship inside the lexicon.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agentdesk.text.lint import Context, Linter

SENTENCES = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
VIOLATIONS = [(rule, text) for rule, texts in SENTENCES["violations"].items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), VIOLATIONS)
def test_violation_is_found(linter: Linter, rule: str, text: str) -> None:
    found = linter.check(text)
    assert rule in {finding.rule.split(".")[0] for finding in found}, found
    for finding in found:
        assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("text", SENTENCES["polite"])
def test_polite_sentence_passes(linter: Linter, text: str) -> None:
    assert [finding for finding in linter.check(text, Context(industry="retail")) if finding.severity != "hint"] == []
