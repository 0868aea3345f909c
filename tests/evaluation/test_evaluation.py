"""How well lint and the finder of private numbers judge what they were not made from; docs/lint.md tells the same."""

from __future__ import annotations

import pytest

from agentdesk.desk.library import shipped_rules
from tests.evaluation.scoring import (
    HALVES,
    LEARNED,
    LINT,
    PAGE,
    Scores,
    documented,
    figures,
    hand_scores,
    hand_sentences,
    lacking_scores,
    lint_scores,
    privacy_scores,
)

HELD = HALVES[1]


@pytest.fixture(scope="module")
def lint() -> Scores:
    return lint_scores()


@pytest.fixture(scope="module")
def numbers() -> Scores:
    return privacy_scores()


def test_the_sets_are_large_enough(lint: Scores, numbers: Scores) -> None:
    assert sum(score.count for score in lint.values()) >= 600
    assert {name for name, _, _ in lint} == set(LINT)
    assert sum(score.count for (_, label, _), score in numbers.items() if label == "pass") >= 300


def test_the_page_tells_these_figures(lint: Scores, numbers: Scores) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert documented(page, figures(lint, lacking_scores(), numbers, hand_scores())) == page, (
        "run python -m tests.evaluation.scoring --write"
    )


def test_nothing_learns_from_the_hands_that_are_held_back() -> None:
    held = {text for *_, text in hand_sentences()}
    learned = {line.split("\t")[2] for path in LEARNED.glob("*.tsv") for line in path.read_text("utf-8").splitlines()}
    tests = {test.text for rule in shipped_rules() for test in rule.tests}
    assert len(held) >= 5_000
    assert not held & (learned | tests)
