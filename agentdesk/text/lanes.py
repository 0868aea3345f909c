"""The lanes in which lint looks for a term: what is left of a sentence when its disguise is taken off (TEXT §5).

`letters`: letters and digits alone, look-alikes put right (1OO% → 100). `collapsed`: repeated characters once.
`sounds`: one code point a syllable, homophones and pinyin being the same. Each lane maps back to the folded sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from agentdesk.text.pinyin import first_readings

# Reduplications that are words: collapsing them would make another word (TEXT §5: 他妈妈的).
_DOUBLES = frozenset("妈爸爷奶哥姐弟妹叔舅婶宝看说听问想试等谢常刚慢好天人年多渐偏仅稍")
_RUN = re.compile(r"([^\W\d_])\1+")
_BESIDE_DIGIT = re.compile(r"(?<=\d)[ol]{1,9}(?![a-z])|(?<![a-z])[ol]{1,9}(?=\d)")
_LIKE_DIGITS = str.maketrans("ol", "01")
_LIKE_LATIN = str.maketrans(
    "авекмнорстухіοαεινυāáǎàăēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "abekmhopctyxioaeivuaaaaaeeeeiiiioooouuuuvvvvv"
)
"""Cyrillic and Greek letters that look Latin, and pinyin with its tones."""
_LIKE_CHINESE = str.maketrans("莪伱沵卟吥薇嶶徽➕", "我你你不不微微微加")
"""Characters that stand in for another that they look like."""
_CANTONESE = re.compile("[唔冇嘅哋咗嚟睇俾畀揾搵佢㗎喺咁啲]")
_AS_WRITTEN = str.maketrans("唔冇嘅哋咗嚟睇俾畀揾搵佢㗎喺系咁咩", "不没的们了来看给给找找他啊在是这啥")
"""Cantonese as standard Chinese writes it; 系 and 咁 only beside words that no other Chinese has."""
_LATIN = re.compile("[a-z]{2,60}")
_NOT_ASCII_LATIN = re.compile("[\u00e0-\u01dc\u0370-\u04ff]")
_READ_ALIKE = dict(zip("1234567890卜", "yi er san si wu liu qi ba jiu ling bu".split(), strict=True))
"""What is typed for its sound, read as it is meant there: 1定, 卜归我管."""
_FIRST = 0xF0000
"""Code point of the first syllable: a private plane, where no text stands."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A reading of a folded sentence: character i of `text` stands for its characters `at[i]` … `ends[i] - 1`."""

    text: str
    at: Sequence[int]
    ends: Sequence[int]


def letters(text: str) -> Lane:
    """Letters and digits of a folded sentence."""
    plain = _unmasked(text)
    if plain.isalnum():
        return Lane(plain, range(len(plain)), range(1, len(plain) + 1))
    at = [index for index, char in enumerate(plain) if char.isalnum()]
    return Lane("".join([plain[index] for index in at]), at, [index + 1 for index in at])


def letters_of(word: str) -> str:
    """A term of a rule as it stands in that lane; it is folded already."""
    return "".join(char for char in word if char.isalnum()).translate(_LIKE_CHINESE)


def collapse(word: str) -> str:
    """A term as it stands where repeats are taken out."""
    return _RUN.sub(lambda found: found.group() if _kept(found) else found.group(1), word)


def collapsed(lane: Lane) -> Lane | None:
    """The lane without repeats; None where it has none."""
    if _RUN.search(lane.text) is None:
        return None
    parts: list[str] = []
    at: list[int] = []
    ends: list[int] = []
    done = 0
    for found in _RUN.finditer(lane.text):
        if not _kept(found):
            parts.append(lane.text[done : found.start() + 1])
            at += lane.at[done : found.start() + 1]
            ends += lane.ends[done : found.start()]
            ends.append(lane.ends[found.end() - 1])
            done = found.end()
    parts.append(lane.text[done:])
    return Lane("".join(parts), [*at, *lane.at[done:]], [*ends, *lane.ends[done:]])


@cache
def _syllables() -> tuple[dict[int, int], dict[str, str]]:
    """Character → code point of its syllable, and syllable as typed → the same."""
    readings = first_readings()
    typed = {syllable: chr(_FIRST + number) for number, syllable in enumerate(sorted(set(readings.values())))}
    heard = {ord(char): ord(typed[syllable]) for char, syllable in (*readings.items(), *_READ_ALIKE.items())}
    return heard, typed


def sounds_of(word: str) -> str:
    """A term as it sounds; what is no Chinese character stays."""
    return word.translate(_syllables()[0])


def sounds(lane: Lane) -> Lane:
    """The lane as it sounds; Latin letters that can be read as pinyin as a whole are read so."""
    heard, typed = _syllables()
    text = lane.text.translate(heard)
    found = [(one.start(), one.end(), split) for one in _LATIN.finditer(text) if (split := _split(one.group(), typed))]
    if not found:
        return Lane(text, lane.at, lane.ends)
    parts: list[str] = []
    at: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, split in found:
        parts.append(text[done:start])
        at += lane.at[done:start]
        ends += lane.ends[done:start]
        for syllable in split:
            parts.append(typed[syllable])
            at.append(lane.at[start])
            start += len(syllable)
            ends.append(lane.ends[start - 1])
        done = end
    parts.append(text[done:])
    return Lane("".join(parts), [*at, *lane.at[done:]], [*ends, *lane.ends[done:]])


def _split(latin: str, typed: dict[str, str]) -> tuple[str, ...]:
    """Latin letters as syllables, the longest first; () where they are none."""
    best: list[tuple[str, ...] | None] = [None] * len(latin) + [()]
    for start in range(len(latin) - 1, -1, -1):
        for end in range(min(len(latin), start + 6), start, -1):
            rest = best[end]
            if rest is not None and latin[start:end] in typed:
                best[start] = (latin[start:end], *rest)
                break
    return best[0] or ()


def _unmasked(text: str) -> str:
    """Look-alikes put right, the length kept: O and l beside digits, Cyrillic and Greek letters that look Latin."""
    if _NOT_ASCII_LATIN.search(text):
        text = text.translate(_LIKE_LATIN)
    text = text.translate(_LIKE_CHINESE)
    if _CANTONESE.search(text):
        text = text.translate(_AS_WRITTEN)
    return _BESIDE_DIGIT.sub(lambda found: found.group().translate(_LIKE_DIGITS), text)


def _kept(found: re.Match[str]) -> bool:
    return len(found.group()) == 2 and found.group(1) in _DOUBLES
