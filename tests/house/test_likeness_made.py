"""The file of likeness tells by itself whether it is the one that is made of the sentences as they are."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from tests.house.sources import ROOT

SAID = [("这种事情您应该去问厂家", "evasion"), ("我帮您问一下厂家再回您", ""), ("您自己去问一下厂家吧", "cold")] * 3


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delitem(sys.modules, "likeness", raising=False)
    import likeness as module  # type: ignore[import-not-found, unused-ignore]

    return module


def known(maker: ModuleType, said: list[tuple[str, str]]) -> list[Any]:
    """These sentences as it learns from them."""
    return [
        maker.Sentence(text, tuple(maker.features(maker.parts(text))), category, "hand", "hit" if category else "good")
        for text, category in said
    ]


def test_a_file_is_current_until_a_sentence_or_the_file_changes(maker: ModuleType) -> None:
    learned = known(maker, SAID)
    file = maker.stamped(maker.written(learned, 12, 5), learned)
    assert maker.is_current(file, learned)
    assert maker.is_current(file, learned[::-1])
    assert not maker.is_current(file, learned[1:])
    assert not maker.is_current(file, known(maker, [*SAID[:-1], (SAID[-1][0], "evasion")]))
    assert not maker.is_current(file.replace("\n", "\n ", 1), learned)
    assert not maker.is_current(file.replace("12", "13", 1), learned)


def test_what_is_stamped_is_read_as_it_was_made(maker: ModuleType) -> None:
    learned = known(maker, SAID)
    plain = maker.written(learned, 0, 0)
    text, there = SAID[0][0], maker.parts(SAID[0][0])
    read = maker.Model.read(maker.stamped(plain, learned).splitlines())
    assert read.score(there) == maker.Model.read(plain.splitlines()).score(there)
    assert read.judge(text) is not None
    assert maker.Model.read(maker.stamped(maker.written(learned, 99_999, 0), learned).splitlines()).judge(text) is None


def test_every_sentence_has_its_kind_and_category(maker: ModuleType) -> None:
    for path in maker.HANDS.glob("*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, category, text = line.split("\t")
            assert kind in ("hit", "near", "good") and text.strip()
            assert (category == "-") if kind == "good" else (category in maker.CATEGORIES), line
