"""The demonstrated day as text: the mix of standard §7.2, every channel, words that pass the lint, nothing private."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import pytest

from agentdesk.domain.intake import INTAKE_CODES, Intake, missing
from agentdesk.domain.vocabulary import CHANNELS, EMOTIONS, REQUEST_TYPES
from agentdesk.store import starter
from agentdesk.text.lexicon import load
from agentdesk.text.lint import Context, Linter
from agentdesk.text.privacy import find_private

LINTER = Linter(load(text for _, text in starter.texts("lexicon", ".toml")))
ROWS: list[dict[str, Any]] = tomllib.loads(dict(starter.texts("demo", ".toml"))["requests.toml"])["request"]
REACHES = ("recorded", "told", "agreed", "working", "resolved", "closed")
BESIDE = {"minutes_ago", "reach", "replies", "note", "interim", "solution"}
SHARES = {"consult": 0.45, "after_sales": 0.35, "complaint": 0.2}


def test_the_mix_is_that_of_the_standard() -> None:
    kinds = Counter(row["request_type"] for row in ROWS)
    assert len(ROWS) >= 60
    for kind, share in SHARES.items():
        assert abs(kinds[kind] / len(ROWS) - share) < 0.04, kind
    assert set(kinds) <= set(REQUEST_TYPES)


def test_every_channel_emotion_and_reach_is_there() -> None:
    assert {row["channel"] for row in ROWS} == set(CHANNELS)
    assert {row["emotion"] for row in ROWS} == set(EMOTIONS)
    assert {row["reach"] for row in ROWS} == set(REACHES)


def test_people_and_orders_are_apart() -> None:
    for name in ("contact", "customer_no", "order_no", "description"):
        values = [row[name] for row in ROWS if name in row]
        assert len(values) == len(set(values)), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["contact"])
def test_a_row_is_a_whole_form_in_words_that_may_be_sent(row: dict[str, Any]) -> None:
    assert set(row) <= BESIDE | set(INTAKE_CODES)
    tags = {"tags": tuple(row.get("tags", ()))}
    form = Intake(**{code: value for code, value in row.items() if code in INTAKE_CODES} | tags)
    category = "complex" if row["request_type"] in ("complaint", "after_sales") else "simple"
    assert set(missing(form, category)) <= {"category", "priority"}, "these two the desk finds by its rules"
    assert row["contact"][3:7] == "0000" and "*" in row["customer_name"]
    for said in (*row["replies"], row.get("note", ""), row.get("interim", "")):
        assert LINTER.check(said, Context()) == [], said
    for text in (row["description"], row.get("anomaly", ""), *row["replies"]):
        assert find_private(text) == [], text
