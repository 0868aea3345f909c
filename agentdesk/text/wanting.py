"""What a text lacks: the rules that ask for words, judged on the whole text (standard §5.1, §5.5).

Words are compiled at the first text that they are asked of, since ten thousand rules may ask for some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from agentdesk.text.fold import folded, simplify, to_script
from agentdesk.text.lexicon import Need, Rule
from agentdesk.text.patterns import Pattern, Slot, Spelling, parse

_WORD = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|[^\\W_\u3400-\u9fff\U00020000-\U0003ffff]+")


class Seen:
    """Sentences that were looked at: how many words each has, and which groups of a rule stand in it."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[str, int]] = {}
        self._stands: dict[tuple[str, int, str], bool] = {}

    def said(self, sentence: str) -> tuple[str, int]:
        """A sentence folded, and how many words it has."""
        if (known := self._said.get(sentence)) is None:
            text = folded(sentence)
            known = self._said[sentence] = text, len(_WORD.findall(text))
        return known

    def stands(self, asked: Asked, place: int, sentence: str) -> bool:
        """Whether a group of a rule stands in a sentence."""
        key = (asked.rule.id, place, sentence)
        if (known := self._stands.get(key)) is None:
            known = self._stands[key] = asked.says(place, self.said(sentence)[0])
        return known

    def forget(self, most: int) -> None:
        """Begin anew where more than so many things are remembered."""
        if max(len(self._said), len(self._stands)) > most:
            self._said.clear()
            self._stands.clear()


class Asked:
    """A rule that asks for words, ready to judge."""

    def __init__(self, rule: Rule) -> None:
        """`rule` has needs."""
        self.rule = rule

    def missing(self, sentences: Sequence[str], emotion: str, seen: Seen) -> tuple[Need, ...]:
        """The groups of which no sentence has a word; none where they are too short to be asked."""
        short = sum(seen.said(sentence)[1] for sentence in sentences) < self.rule.least
        return () if short else self._lacking(sentences, emotion, seen)

    def lacking(self, sentences: Sequence[str]) -> bool:
        """Whether a group is missing, however short they are."""
        return bool(self._lacking(sentences, "", Seen()))

    def _lacking(self, sentences: Sequence[str], emotion: str, seen: Seen) -> tuple[Need, ...]:
        return tuple(
            need
            for place, need in enumerate(self.rule.needs)
            if (not need.emotions or emotion in need.emotions)
            and not any(seen.stands(self, place, sentence) for sentence in sentences)
        )

    def ready(self) -> None:
        """Compile the words now rather than at the first text."""
        _ = self._words

    def says(self, place: int, said: str) -> bool:
        """Whether a word of this group stands in a folded sentence."""
        words, other = self._words[place]
        return words.search(other.sub("\0", said) if other else said) is not None

    @cached_property
    def _words(self) -> list[tuple[re.Pattern[str], re.Pattern[str] | None]]:
        spell = _spelling(self.rule.needs)
        return [
            (_any_of(need.words, spell), _any_of(need.unless, spell) if need.unless else None)
            for need in self.rule.needs
        ]


def wording(rule: Rule, missing: Sequence[Need], text: str) -> tuple[str, str]:
    """What one key puts behind the text for what it lacks: free of variables ("" where it cannot be), and with them.

    The words of Taiwan's script are answered in it.
    """
    says = [need.say for need in missing if need.say]
    said = (" " if all(map(str.isascii, says)) else "").join(says)
    plain, template = ("" if "{" in said else said, said) if said else (rule.replacement, rule.template)
    if text == simplify(text):
        return plain, template
    return to_script(plain, "zh-TW"), to_script(template, "zh-TW")


def first_letter(text: str) -> int:
    """Where a text begins to say something."""
    return next((index for index, char in enumerate(text) if char.isalnum()), 0)


def _spelling(needs: Iterable[Need]) -> Spelling:
    """How each word stands in a folded text; all are folded in one go, as each call costs more than they do."""
    patterns = (parse(word) for need in needs for word in (*need.words, *need.unless))
    literals = {text for one in patterns for part in one.parts for text in part if isinstance(text, str)}
    words = [text for text in literals if "\n" not in text]
    folds = dict(zip(words, folded("\n".join(words)).split("\n"), strict=True))
    return lambda word: folds[word] if word in folds else folded(word)


def _any_of(words: Iterable[str], spell: Spelling) -> re.Pattern[str]:
    return re.compile("|".join(_expression(word, spell) for word in words))


def _expression(word: str, spell: Spelling) -> str:
    """A pattern over folded text; a Latin word counts as a whole one."""
    pattern = parse(word)
    before = "(?<![a-z0-9])" if _latin(pattern, 0) else ""
    after = "(?![a-z0-9])" if _latin(pattern, -1) else ""
    return before + pattern.source(spell) + after


def _latin(pattern: Pattern, end: int) -> bool:
    """Whether a pattern begins (0) or ends (-1) with a Latin letter or digit, whichever of its words stands there."""
    part = pattern.parts[end]
    return not isinstance(part, Slot) and all(word and word[end].isascii() and word[end].isalnum() for word in part)
