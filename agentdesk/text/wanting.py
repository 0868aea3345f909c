"""What a text lacks: the rules that ask for words, judged on the whole text (standard §5.1, §5.5).

Words are compiled at the first text that they are asked of, since ten thousand rules may ask for some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeAlias

from agentdesk.text.fold import folded, simplify, to_script
from agentdesk.text.lexicon import Need, Rule
from agentdesk.text.patterns import Pattern, Slot, Spelling, parse

_WORD = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|[^\\W_\u3400-\u9fff\U00020000-\U0003ffff]+")

Seen: TypeAlias = "dict[tuple[str, str], tuple[int, tuple[bool, ...]]]"
"""Rule and sentence → how many words it has, and which groups stand in it: so that a key press costs one sentence."""


class Asked:
    """A rule that asks for words, ready to judge."""

    def __init__(self, rule: Rule) -> None:
        """`rule` has needs."""
        self.rule = rule

    def missing(self, sentences: Iterable[str], emotion: str, seen: Seen) -> tuple[Need, ...]:
        """The groups of which no sentence has a word; none where they are too short to be asked."""
        looked = [self._look(sentence, seen) for sentence in sentences]
        return () if sum(words for words, _ in looked) < self.rule.least else self._lacking(looked, emotion)

    def lacking(self, sentences: Iterable[str]) -> bool:
        """Whether a group is missing, however short they are."""
        return bool(self._lacking([self._look(sentence, {}) for sentence in sentences], ""))

    def _lacking(self, looked: Sequence[tuple[int, tuple[bool, ...]]], emotion: str) -> tuple[Need, ...]:
        return tuple(
            need
            for place, need in enumerate(self.rule.needs)
            if (not need.emotions or emotion in need.emotions) and not any(stands[place] for _, stands in looked)
        )

    def ready(self) -> None:
        """Compile the words now rather than at the first text."""
        _ = self._words

    def _look(self, sentence: str, seen: Seen) -> tuple[int, tuple[bool, ...]]:
        key = (self.rule.id, sentence)
        if key not in seen:
            said = folded(sentence)
            stands = (words.search(other.sub("\0", said) if other else said) for words, other in self._words)
            seen[key] = sum(1 for _ in _WORD.finditer(said)), tuple(map(bool, stands))
        return seen[key]

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
