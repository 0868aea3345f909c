"""The head of a Markdown file: lists and keys as written, and no head that takes longer than its length."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.domain.front_matter import Document, FrontMatterError, parse, written


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("a b  : x", {"a b": "x"}),
        ("k: [ a b , 'it''s' , \"c,d\", 001 ]  # why", {"k": ["a b", "it's", "c,d", "001"]}),
        ("k: [a, ]", {"k": ["a"]}),
        ("k: []", {"k": []}),
        ("k:\n  - a\n  -\n  - 'b'", {"k": ["a", "", "b"]}),
    ],
)
def test_keys_and_lists_are_read_as_they_are_written(head: str, found: dict[str, Any]) -> None:
    assert parse(f"---\n{head}\n---\nx") == Document(found, "x", head.count("\n") + 4)


def test_dots_in_a_text_are_no_keys() -> None:
    head: dict[str, str | list[str]] = {"title": "1.2." * 30, "steps": ["a." * 50, ", b." * 50]}
    assert parse(written(head)).head == head


N = 100_000
LONG = [
    ("---", "k" + " " * N + "x"),
    ("---", "k: [a" + " " * N + "'x']"),
    ("---", "k: [" + " " * N + "'x'y]"),
    ("---", "k: [" + "a," * 5 * N + "{]"),
    ("---", "k:\n" + "- a\n" * N + "&"),
    ("+++", "k=1\na" + ".a" * N + "=1"),
    ("+++", "k={" + '"a" . ' * N + "a=1}"),
    ("+++", "[" + "a." * N + "a]"),
]


@pytest.mark.parametrize(("fence", "head"), LONG, ids=range(len(LONG)))
def test_a_hostile_head_is_refused_with_its_line(fence: str, head: str) -> None:
    """Anything that reads a part again for every part would not come back from these within a test's patience."""
    with pytest.raises(FrontMatterError) as refused:
        parse(f"{fence}\n{head}\n{fence}\n")
    assert refused.value.line >= 2
