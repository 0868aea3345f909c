"""What a text lacks: the rules that ask for words, judged on the whole text (standard §5.1, §5.5).

Words are compiled at the first text that they are asked of, since ten thousand rules may ask for some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from agentdesk.text.fold import folded, simplify, to_script
from agentdesk.text.lexicon import Need, Rule
from agentdesk.text.patterns import Pattern, Slot, parse

_WORD = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|[^\\W_\u3400-\u9fff\U00020000-\U0003ffff]+")


class Asked:
    """A rule that asks for words, ready to judge."""

    def __init__(self, rule: Rule) -> None:
        """`rule` has needs."""
        self.rule = rule

    def missing(self, said: str, emotion: str) -> tuple[Need, ...]:
        """The groups of which a folded text has no word; none where the text is too short to be asked."""
        return () if _words_in(said) < self.rule.least else self.lacking(said, emotion)

    def lacking(self, said: str, emotion: str) -> tuple[Need, ...]:
        """The groups of which a folded text of any length has no word."""
        return tuple(
            need
            for need, words, other in self._words
            if (not need.emotions or emotion in need.emotions)
            and not words.search(other.sub("\0", said) if other else said)
        )

    @cached_property
    def _words(self) -> list[tuple[Need, re.Pattern[str], re.Pattern[str] | None]]:
        return [(need, _any_of(need.words), _any_of(need.unless) if need.unless else None) for need in self.rule.needs]


def wording(rule: Rule, missing: Sequence[Need], text: str) -> tuple[str, str]:
    """What one key puts behind the text for what it lacks: free of variables ("" where it cannot be), and with them.

    The words of Taiwan's script are answered in it.
    """
    said = "".join(need.say for need in missing)
    plain, template = ("" if "{" in said else said, said) if said else (rule.replacement, rule.template)
    if text == simplify(text):
        return plain, template
    return to_script(plain, "zh-TW"), to_script(template, "zh-TW")


def first_letter(text: str) -> int:
    """Where a text begins to say something."""
    return next((index for index, char in enumerate(text) if char.isalnum()), 0)


def _words_in(said: str) -> int:
    """Chinese characters, and words or numbers of other scripts."""
    return sum(1 for _ in _WORD.finditer(said))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_expression, words)))


def _expression(word: str) -> str:
    """A pattern over folded text; a Latin word counts as a whole one."""
    pattern = parse(word)
    before = "(?<![a-z0-9])" if _latin(pattern, 0) else ""
    after = "(?![a-z0-9])" if _latin(pattern, -1) else ""
    return before + pattern.expression(folded).pattern + after


def _latin(pattern: Pattern, end: int) -> bool:
    """Whether a pattern begins (0) or ends (-1) with a Latin letter or digit, whichever of its words stands there."""
    part = pattern.parts[end]
    return not isinstance(part, Slot) and all(word and word[end].isascii() and word[end].isalnum() for word in part)
