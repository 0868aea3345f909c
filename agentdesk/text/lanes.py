"""The lanes in which lint looks for a term: what is left of a sentence when its disguise is taken off (TEXT §5).

`letters`: letters and digits alone, look-alikes put right (1OO% → 100). `collapsed`: repeated characters once.
`sounds`: one code point a syllable, homophones and pinyin being the same. Each lane maps back to the folded text, and
`BORDER` stands where a sentence ends, so that many are looked at in one go and no word is found over two of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, compress, islice
from operator import ne

from agentdesk.text.pinyin import first_readings

# Reduplications that are words: collapsing them would make another word (TEXT §5: 他妈妈的).
_DOUBLES = frozenset("妈爸爷奶哥姐弟妹叔舅婶宝看说听问想试等谢常刚慢好天人年多渐偏仅稍")
_RUN = re.compile(r"([^\W\d_])\1+")
_DOUBLE = re.compile(rf"([{''.join(sorted(_DOUBLES))}])\1+")
_NO_RUN = re.compile(r"([\W\d_])\1+")
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
BORDER = "\n"
ENDS = "。!?;\n"
"""What ends a sentence, folded."""
FULL_STOP = r"(?<=[a-z]{2})\.(?=\s{1,4}[a-z])"
"""A full stop that ends an English sentence; that of e.g. or of 3.5 does not."""
_FULL_STOP = re.compile(FULL_STOP)
_MORE_BORDERS = re.compile(rf"(?<={BORDER}){BORDER}+")
_FREE = [code for code in (*range(0x21, 0x7F), *range(0xA1, 0x800)) if not chr(code).isalnum()]
"""Code points of the syllables: no lane holds them, as they are no letters, and short ones make a small automaton."""
_NOT_ASCII_LATIN = re.compile("[\u00e0-\u01dc\u0370-\u04ff]")
_MASKED = re.compile(f"[ol{''.join(map(chr, _LIKE_CHINESE))}]|{_NOT_ASCII_LATIN.pattern}|{_CANTONESE.pattern}")
"""What may be a look-alike: looked for first, since most sentences have none."""
_READ_ALIKE = dict(zip("1234567890卜", "yi er san si wu liu qi ba jiu ling bu".split(), strict=True))
"""What is typed for its sound, read as it is meant there: 1定, 卜归我管."""


@dataclass(frozen=True)
class Lane:
    """A reading of a folded text: character i of `text` stands for its characters `at[i]` … `ends[i] - 1`."""

    text: str
    at: Sequence[int]
    ends: Sequence[int]

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of its text, each once."""
        return frozenset(self.text)

    @cached_property
    def _held(self) -> dict[str, bool]:
        """Of words that were asked for, whether they stand in it."""
        return {}

    def may_hold(self, words: Iterable[str]) -> bool:
        """Whether any of these words stands in it. Most are told by a letter that it does not have."""
        return any(self.characters.issuperset(word) and self._holds(word) for word in words)

    def _holds(self, word: str) -> bool:
        if (held := self._held.get(word)) is None:
            held = self._held[word] = word in self.text
        return held


def letters(text: str) -> Lane:
    """Letters and digits of a folded text, and the borders of its sentences."""
    plain = _unmasked(text)
    if plain.isalnum():
        return Lane(plain, range(len(plain)), range(1, len(plain) + 1))
    for sign in ENDS:
        plain = plain.replace(sign, BORDER)
    keep = bytearray(map(str.isalnum, plain.replace(BORDER, "a")))
    for more in _MORE_BORDERS.finditer(plain):
        keep[slice(*more.span())] = bytes(len(more.group()))
    if "." in plain:
        for stop in _FULL_STOP.finditer(plain):
            keep[stop.start()] = 1
    kept = "".join(compress(plain, keep)).replace(".", BORDER)
    return Lane(kept, list(compress(range(len(plain)), keep)), list(compress(range(1, len(plain) + 1), keep)))


def letters_of(word: str) -> str:
    """A term of a rule as it stands in that lane; it is folded already."""
    return _alnum(word).translate(_LIKE_CHINESE)


def letters_of_all(words: Sequence[str]) -> list[str]:
    """The same of many lines, in one go: ten thousand calls take a tenth of the time that rules need."""
    return "\n".join(map(_alnum, words)).translate(_LIKE_CHINESE).split("\n") if words else []


def _alnum(word: str) -> str:
    return word if word.isalnum() else "".join(char for char in word if char.isalnum())


def collapse(word: str) -> str:
    """A term as it stands where repeats are taken out."""
    return _RUN.sub(lambda found: found.group() if _kept(found) else found.group(1), word)


def collapsed(lane: Lane) -> Lane | None:
    """The lane without repeats; None where it has none."""
    if not _RUN.search(text := lane.text):
        return None
    changes = bytearray(map(ne, text, islice(text, 1, None)))  # whether the next character is another
    kept = chain(_NO_RUN.finditer(text), filter(_kept, _DOUBLE.finditer(text)))
    for start, end in (found.span() for found in kept):
        changes[start : end - 1] = b"\1" * (end - 1 - start)
    if all(changes):
        return None
    firsts, lasts = b"\1" + changes, changes + b"\1"
    return Lane("".join(compress(text, firsts)), list(compress(lane.at, firsts)), list(compress(lane.ends, lasts)))


@cache
def _syllables() -> tuple[str, dict[str, str]]:
    """What each character up to the last that has a syllable sounds like, by code point, and syllable as typed → the
    same. A dictionary of all characters would lie all over the memory, and take four times as long at a key press."""
    readings = first_readings()
    typed = dict(zip(sorted(set(readings.values())), map(chr, _FREE), strict=False))
    heard = {ord(char): ord(typed[syllable]) for char, syllable in (*readings.items(), *_READ_ALIKE.items())}
    return "".join(chr(heard.get(code, code)) for code in range(max(heard) + 1)), typed


def sounds_of(word: str) -> str:
    """A term as it sounds; what is no Chinese character stays."""
    return word.translate(_syllables()[0])


def spoken(lane: Lane) -> Lane:
    """The lane as its Chinese characters sound, one code point each."""
    return Lane(lane.text.translate(_syllables()[0]), lane.at, lane.ends)


def sounds(lane: Lane) -> Lane:
    """A spoken lane in which Latin letters that can be read as pinyin as a whole are read so; itself without any."""
    typed = _syllables()[1]
    text = lane.text
    if not _LATIN.search(text):
        return lane
    read = {latin: _split(latin, typed) for latin in set(_LATIN.findall(text))}
    found = [(*one.span(), split) for one in _LATIN.finditer(text) if (split := read[one.group()])]
    if not found:
        return lane
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
    if not _MASKED.search(text):
        return text
    if _NOT_ASCII_LATIN.search(text):
        text = text.translate(_LIKE_LATIN)
    text = text.translate(_LIKE_CHINESE)
    if _CANTONESE.search(text):
        text = text.translate(_AS_WRITTEN)
    if "o" not in text and "l" not in text:
        return text
    return _BESIDE_DIGIT.sub(lambda found: found.group().translate(_LIKE_DIGITS), text)


def _kept(found: re.Match[str]) -> bool:
    return found.group(1) in _DOUBLES and len(found.group()) == 2
