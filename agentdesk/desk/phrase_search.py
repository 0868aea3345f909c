"""Finding a phrase by what somebody types: title, pinyin, initials, scenario, step, emotion, code, text.

Several words are several wishes: every one of them must hold (`K3 道歉`). The nearest way in which a word is found
counts: literally in the title, by its pinyin (any reading of any character), as what the phrase is about, in its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from agentdesk.desk.library import Published
from agentdesk.text import pinyin
from agentdesk.text.fold import folded

TITLE, PINYIN, ABOUT, BODY = range(4)
"""How near a word is to a phrase."""
LONGEST_SYLLABLE = 6
_APART = "\x1e"

Sounds = tuple[tuple[str, ...], ...]
"""The readings of each Chinese character of a title."""


@dataclass(frozen=True, slots=True)
class _Entry:
    phrase: Published
    title: str
    about: str
    body: str
    scenario: str


class PhraseIndex:
    """The phrases as they are searched. `names` says what the reader calls codes: `scenario:apology` → 道歉."""

    def __init__(self, phrases: Iterable[Published], names: Mapping[str, str]) -> None:
        """Fold and spell everything once."""
        self._entries = [_entry(phrase, names) for phrase in phrases]
        self._titles = _Spelled(entry.title for entry in self._entries)
        scenarios = [code for code in names if code.startswith("scenario:")]
        self._scenarios = [code.partition(":")[2] for code in scenarios]
        self._scenario_names = _Spelled(folded(names[code]) for code in scenarios)

    def find(self, words: str) -> list[tuple[int, Published]]:
        """The phrases in which every word is found, with the sum of how near each word is."""
        tokens = folded(words).split()
        if not tokens:
            return []
        near = dict.fromkeys(range(len(self._entries)), 0)
        for token in tokens:
            found = self._near(token, near)
            near = {at: near[at] + lane for at, lane in found.items()}
        return [(lane, self._entries[at].phrase) for at, lane in near.items()]

    def _near(self, token: str, among: Iterable[int]) -> dict[int, int]:
        letters = pinyin.typed(token)
        spelled = self._titles.find(letters) if letters else set()
        scenarios = {self._scenarios[at] for at in self._scenario_names.find(letters)} if letters else set()
        found: dict[int, int] = {}
        for at in among:
            entry = self._entries[at]
            if token in entry.title:
                found[at] = TITLE
            elif at in spelled:
                found[at] = PINYIN
            elif token in entry.about or entry.scenario in scenarios:
                found[at] = ABOUT
            elif token in entry.body:
                found[at] = BODY
        return found


class _Spelled:
    """Texts by the syllables of their characters."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sounds: list[Sounds] = []
        self._syllables: dict[str, set[int]] = defaultdict(set)
        self._letters: dict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(texts):
            sounds = tuple(readings for char in text if (readings := pinyin.syllables(char)))
            self._sounds.append(sounds)
            initials = [{one[0] for one in readings} for readings in sounds]
            for one in {one for readings in sounds for one in readings}:
                self._syllables[one].add(number)
            for letter in {letter for letters in initials for letter in letters}:
                self._letters[letter].add(number)
            for pair in {a + b for first, then in pairwise(initials) for a in first for b in then}:
                self._letters[pair].add(number)

    def find(self, letters: str) -> set[int]:
        """The numbers of the texts that hold the letters as initials in a row or as syllables, the last one begun."""
        return self._by_initials(letters) | self._by_syllables(letters)

    def _by_initials(self, letters: str) -> set[int]:
        if len(letters) < 3:
            return self._letters.get(letters, set())
        among = set.intersection(*(self._letters.get(a + b, set()) for a, b in pairwise(letters)))
        return {number for number in among if _anywhere(self._sounds[number], letters, _initials)}

    def _by_syllables(self, letters: str) -> set[int]:
        begun = (self._syllables[one] for one in self._syllables if one.startswith(letters))
        found = set[int]().union(*begun)
        for length in range(1, min(LONGEST_SYLLABLE, len(letters) - 1) + 1):
            among = self._syllables.get(letters[:length], set()) & self._letters.get(letters[length], set())
            found |= {number for number in among - found if _anywhere(self._sounds[number], letters, _spells)}
        return found


def _anywhere(sounds: Sounds, letters: str, fits: Callable[[Sounds, int, str], bool]) -> bool:
    return any(fits(sounds, at, letters) for at in range(len(sounds)))


def _initials(sounds: Sounds, at: int, letters: str) -> bool:
    if at + len(letters) > len(sounds):
        return False
    return all(any(one[0] == letter for one in sounds[at + shift]) for shift, letter in enumerate(letters))


def _spells(sounds: Sounds, at: int, letters: str) -> bool:
    """Whether the characters from one on can be read as the letters; the last syllable may be only begun."""
    if at >= len(sounds):
        return False
    return any(
        one.startswith(letters) or (letters.startswith(one) and _spells(sounds, at + 1, letters[len(one) :]))
        for one in sounds[at]
    )


def _entry(phrase: Published, names: Mapping[str, str]) -> _Entry:
    value = phrase.value
    codes = [("scenario", value.get("scenario") or ""), ("step", value.get("step") or "")]
    codes += [("emotion", str(one)) for one in value.get("emotions") or ()]
    about = [str(value.get("code") or ""), *phrase.tags, *(code for _, code in codes)]
    about += [names.get(f"{kind}:{code}", "") for kind, code in codes]
    bodies = [*_texts(value.get("body")), *_variants(value.get("variants"))]
    # One fold for all of it: each costs a call into the converter of scripts.
    title, known_by, body = folded(
        _APART.join("\n".join(part) for part in (_texts(value.get("title")), about, bodies))
    ).split(_APART)
    return _Entry(phrase, title, known_by, body, str(value.get("scenario") or ""))


def _texts(texts: Any) -> list[str]:
    if isinstance(texts, dict):
        return [str(text) for text in texts.values()]
    return [str(texts)] if texts else []


def _variants(texts: Any) -> list[str]:
    return [str(text) for told in (texts or {}).values() for text in told]
