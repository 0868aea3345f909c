"""The plain frozen records of phrases that use cases hand to screens; see `views` for what such a record may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentdesk.domain.macros import Action


@dataclass(frozen=True, slots=True)
class PhraseView:
    """A phrase as offered: its body in the user's language, the text with known variables filled, what is open."""

    id: str
    version: str
    code: str
    scenario: str
    step: str
    title: str
    body: str
    text: str
    open: tuple[str, ...]
    favourite: bool = False
    personal: bool = False
    language: str = ""  # in which it was asked for: `zh-CN`, `zh-TW`, `en`
    known: Mapping[str, str] = field(default_factory=dict)
    """What the desk knows for the blanks of `body`, by their keys."""
    variant: int = 0
    """Which of its wordings `body` is; they take turns."""
    variants: int = 1
    reasons: tuple[tuple[str, int], ...] = ()
    """Why it stands where it stands, the weightiest first: a code, and a count where one belongs to it."""
    actions: tuple[Action, ...] = ()
    """What it does once it is sent: a macro."""
