"""The first run: one local person with all roles, the team's slug, the letters of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from agentdesk.desk import setup
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import ROLES


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("team-1", "team-1"),
        ("客服一组", "t-7abca23f"),
        ("Team", "t-" + "74aa5d3a"),
        ("a" * 33, None),
    ],
)
def test_slug_is_the_name_where_it_fits(name: str, slug: str | None) -> None:
    made = setup.team_slug(name)
    assert re.fullmatch("[a-z0-9-]{1,32}", made)
    if slug == name or name == "客服一组":
        assert made == slug
    else:
        assert re.fullmatch("t-[0-9a-f]{8}", made)


def test_composed_and_decomposed_names_are_one_team() -> None:
    assert setup.team_slug("équipe") == setup.team_slug("e\u0301quipe")


def test_first_run_makes_one_person_with_all_roles(opened: Callable[[], Desk]) -> None:
    desk = opened()
    assert setup.needed(desk)
    made = setup.first_run(desk, " 张敏 ", "8021", "客服一组", "en")
    assert not setup.needed(desk)
    assert (made.name, made.work_no, made.team_name, made.language) == ("张敏", "8021", "客服一组", "en")
    assert made.roles == ROLES
    assert re.fullmatch("H[A-HJ-NP-Z2-9]{3}", made.letters)
    assert not made.joined
    assert desk.me == made
    assert desk.person(made.person_id).work_no == "8021"
    scopes = desk.store.raw().execute("SELECT DISTINCT scope FROM change").fetchall()
    assert scopes == [("home",)]
    members = desk.store.raw().execute("SELECT count(*) FROM membership").fetchone()[0]
    assert members == len(ROLES)


def test_second_first_run_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        setup.first_run(desk, "李雷", "1", "二组")
    assert refused.value.code == "setup.done"


@pytest.mark.parametrize(
    ("answers", "field", "problem"),
    [
        (("", "1", "t"), "name", "empty"),
        (("\x1b[31m", "1", "t"), "name", "empty"),
        (("张" * 41, "1", "t"), "name", "too_long"),
        (("张", "11010519491231002X", "t"), "work_no", "private"),
        (("张", "1", "\u200b"), "team", "empty"),
    ],
)
def test_bad_answers_write_nothing(
    opened: Callable[[], Desk], answers: tuple[str, str, str], field: str, problem: str
) -> None:
    desk = opened()
    assert (field, problem) in setup.problems(*answers)
    with pytest.raises(Refusal) as refused:
        setup.first_run(desk, *answers)
    assert refused.value.args == {"field": field, "problem": problem}
    assert setup.needed(desk)
    assert desk.store.raw().execute("SELECT count(*) FROM change").fetchone()[0] == 0


def test_without_first_run_nothing_is_done(opened: Callable[[], Desk]) -> None:
    with pytest.raises(Refusal) as refused:
        _ = opened().me
    assert refused.value.code == "setup.missing"
