"""Phrases: those that fit, those found by words, filled with what is known."""

from __future__ import annotations

from collections.abc import Mapping

from agentdesk.desk.context import Desk
from agentdesk.desk.views import PhraseView


def fitting(desk: Desk, request_id: str | None = None, *, step: str = "", limit: int = 9) -> list[PhraseView]:
    """The phrases that fit the request's next step, type, emotion, channel and text, best first."""
    raise NotImplementedError


def search(desk: Desk, words: str, request_id: str | None = None, limit: int = 20) -> list[PhraseView]:
    """Phrases whose title, body or scenario holds the words; an empty string gives all, in order of the steps."""
    raise NotImplementedError


def known(desk: Desk, request_id: str | None = None) -> dict[str, str]:
    """The variables that can be filled without asking: agent_name, work_no, product, need, request_no, …"""
    raise NotImplementedError


def fill(desk: Desk, phrase_id: str, values: Mapping[str, str], request_id: str | None = None) -> PhraseView:
    """The phrase with `values` over the known variables; `open` lists what is still to be asked."""
    raise NotImplementedError
