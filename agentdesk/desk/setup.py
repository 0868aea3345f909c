"""The first run: who sits here. One local person holding all roles in `home`, a team, a language (MODEL §5)."""

from __future__ import annotations

from agentdesk.desk.context import Desk


def needed(desk: Desk) -> bool:
    """Whether this desk has no person yet."""
    raise NotImplementedError


def problems(name: str, work_no: str, team: str) -> list[tuple[str, str]]:
    """What is wrong with the answers, as (field, code): name and team 1–40 characters, work number 1–32."""
    raise NotImplementedError


def team_slug(name: str) -> str:
    """The slug of a team name: the name itself where it fits `[a-z0-9-]{1,32}`, else `t-` + 8 hex digits."""
    raise NotImplementedError


def first_run(desk: Desk, name: str, work_no: str, team: str, language: str = "zh_CN") -> None:
    """Make the local person, team and memberships in `home` and save the identity.

    Raises Refusal: setup.done (a person is here already), setup.invalid (field, problem).
    """
    raise NotImplementedError
