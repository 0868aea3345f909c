"""The 5W2H helper (§2.1): seven prompts whose answers stand in the description, always in their fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PROMPTS: Final = ("when", "where", "what", "why", "how", "how_much", "how_often")
"""When, where, what happens, the supposed why, how it was done, how much it harms, how often."""

NEEDED: Final = "what"
"""The one prompt that may not stay empty."""

_COLONS: Final = (":", "\uff1a")


def answers(description: str, labels: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return (the rest, answers by prompt): a line that begins with a label and a colon is an answer.

    `labels`: the words of the prompts as they stand in the description.
    """
    found: dict[str, str] = {}
    rest: list[str] = []
    for line in description.split("\n"):
        prompt = next((code for code in PROMPTS if _begins(line, labels[code])), "")
        if prompt and prompt not in found:
            found[prompt] = line[len(labels[prompt]) + 1 :].strip()
        else:
            rest.append(line)
    return "\n".join(rest), found


def append(description: str, given: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Return the description with the answers at its end in the order of the prompts; one given anew replaces the old.

    An answer is one line: it would not be found again otherwise.
    """
    rest, before = answers(description, labels)
    after = {**before, **{code: " ".join(text.split()) for code, text in given.items() if text.strip()}}
    lines = [f"{labels[code]}\uff1a{after[code]}" for code in PROMPTS if after.get(code)]
    return "\n".join([part for part in (rest.rstrip(),) if part] + lines)


def _begins(line: str, label: str) -> bool:
    return line.startswith(tuple(label + colon for colon in _COLONS))
