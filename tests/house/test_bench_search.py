"""The search benchmark asks what it says, and its check fails where another engine is better."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from tests.house.sources import ROOT


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with its own modules beside it."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import bench_search as module  # type: ignore[import-not-found, unused-ignore]

    return module


def test_every_kind_is_asked_and_has_an_answer(bench: ModuleType) -> None:
    from measure import helpdesk  # type: ignore[import-not-found, unused-ignore]

    base = helpdesk.articles(models=1)
    ids = {one.id for one in base}
    assert len(ids) == len(base) and any(one.traditional for one in base)
    queries = helpdesk.asked(base, 30)
    assert {one.kind for one in queries} == set(helpdesk.KINDS)
    assert all(one.words and one.right and one.right <= ids for one in queries)
    assert sum(one.kind == "polyphones" for one in queries) >= 40
    assert queries == helpdesk.asked(helpdesk.articles(models=1), 30)


def test_the_syllables_of_the_words_are_as_many_as_their_characters(bench: ModuleType) -> None:
    from measure import helpdesk

    for one in helpdesk.articles(models=1):
        if one.about and one.what:
            assert len(one.head) == len(one.about.words + one.what.words), one.title


def test_a_typo_is_one_wrong_character(bench: ModuleType) -> None:
    from measure import helpdesk

    base = {one.id: one for one in helpdesk.articles(models=1)}
    for one in helpdesk.asked(list(base.values()), 30):
        if one.kind in ("random typo", "homophone typo"):
            meant = {"".join(base[right].topic) for right in one.right}
            assert any(sum(a != b for a, b in zip(one.words, text, strict=True)) == 1 for text in meant)


def test_chance_is_told_from_a_difference(bench: ModuleType) -> None:
    from measure import retrieval  # type: ignore[import-not-found, unused-ignore]

    assert retrieval.chance_of(3, 3) > 0.5 and retrieval.chance_of(5, 0) == 1 / 32
    ours = retrieval.Scored("agentdesk", "title", (1,) * 20)
    assert ours.recall(1) == ours.mrr == 1.0
    less = retrieval.Scored("agentdesk", "title", (2,) * 10 + (1,) * 10)
    other = retrieval.Scored("FTS5 bigram", "title", (1,) * 20)
    assert retrieval.worse([ours, other]) == []
    assert len(retrieval.worse([less, other])) == 1


def test_a_worse_engine_fails_the_check(bench: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from measure import engines, helpdesk  # type: ignore[import-not-found, unused-ignore]

    small = helpdesk.articles(models=1)[:300]
    monkeypatch.setattr(helpdesk, "articles", lambda seed: small)
    assert bench.main(["--queries", "20"]) == 0
    monkeypatch.setattr(engines.Ours, "find", lambda self, typed: [])
    assert bench.main(["--queries", "20", "--check"]) == 1
    assert "WORSE" in capsys.readouterr().out


@pytest.mark.serial
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory of a process")
def test_costs_are_shown_a_size_a_column(bench: ModuleType, capsys: Any) -> None:
    assert bench.main(["--speed", "200"]) == 0
    shown = capsys.readouterr().out
    assert "200 articles" in shown and "initials" in shown and "nan" not in shown
