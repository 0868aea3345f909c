"""Calendar, roles, masking, settings, refusals and the vocabulary's promises."""

from __future__ import annotations

import pickle
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain import roles, vocabulary
from agentdesk.domain.calendar import Calendar, parse_calendars
from agentdesk.domain.masking import mask_contact, mask_name
from agentdesk.domain.records import ENTITIES
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.settings import DECLARED, DEFAULTS, Settings

CHINA = timezone(timedelta(hours=8))
CALENDARS = Path(__file__).parents[3] / "agentdesk" / "content" / "calendar"


# -- calendar ---------------------------------------------------------------------------------------------------------


def shipped():
    return parse_calendars(tomllib.loads(path.read_text("utf-8")) for path in sorted(CALENDARS.glob("*.toml")))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 28), True),
        (date(2026, 1, 31), False),
        (date(2026, 2, 17), False),
        (date(2026, 2, 14), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
    ],
)
def test_holidays_and_make_up_days(day, working):
    assert shipped().is_working(day) is working


def test_two_working_days_end_at_six_on_the_second_day_after():
    start = datetime(2026, 1, 29, 9, 15, tzinfo=CHINA)  # Thursday: Friday, Monday
    assert shipped().close_of(start, 2) == datetime(2026, 2, 2, 18, 0, tzinfo=CHINA)


def test_a_holiday_week_is_skipped_and_its_make_up_day_counts():
    start = datetime(2026, 2, 13, 20, 0, tzinfo=CHINA)
    assert shipped().close_of(start, 1) == datetime(2026, 2, 14, 18, 0, tzinfo=CHINA)
    assert shipped().close_of(start, 2) == datetime(2026, 2, 24, 18, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("asked", "answered_by"),
    [
        (datetime(2026, 9, 29, 16, 0, tzinfo=CHINA), datetime(2026, 10, 8, 18, 0, tzinfo=CHINA)),
        (datetime(2026, 9, 30, 8, 0, tzinfo=CHINA), datetime(2026, 10, 9, 18, 0, tzinfo=CHINA)),
        (datetime(2026, 10, 3, 8, 0, tzinfo=CHINA), datetime(2026, 10, 9, 18, 0, tzinfo=CHINA)),
        (datetime(2026, 10, 8, 9, 0, tzinfo=CHINA), datetime(2026, 10, 10, 18, 0, tzinfo=CHINA)),
        (datetime(2026, 9, 18, 9, 0, tzinfo=CHINA), datetime(2026, 9, 21, 18, 0, tzinfo=CHINA)),
        (datetime(2026, 5, 8, 9, 0, tzinfo=CHINA), datetime(2026, 5, 11, 18, 0, tzinfo=CHINA)),
    ],
    ids=["into National Day", "on its eve", "within it", "make-up Saturday", "make-up Sunday", "after Labour Day"],
)
def test_the_two_working_days_of_a_return_review_around_holidays(asked, answered_by):
    """CK-12: two working days, standard §3.4."""
    assert shipped().close_of(asked, 2) == answered_by


def test_the_days_off_and_the_make_up_days_of_2026_are_those_of_the_notice():
    calendar = shipped()
    this_year = [day for day in calendar.off if day.year == 2026]
    assert len(this_year) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert sorted(day for day in calendar.on if day.year == 2026) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert all(day.weekday() > 4 for day in calendar.on), "only weekends are made up"


def test_the_calendar_refuses_what_it_cannot_answer():
    with pytest.raises(ValueError, match="no working days"):
        Calendar(weekdays=frozenset()).close_of(datetime(2026, 1, 1, tzinfo=UTC), 1)
    with pytest.raises(ValueError, match="working days: 0"):
        Calendar().close_of(datetime(2026, 1, 1, tzinfo=UTC), 0)
    with pytest.raises(ValueError, match="no zone"):
        Calendar().close_of(datetime(2026, 1, 1), 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="calendar days"):
        parse_calendars([{"weekdays": [1], "close": "18:00", "off": ["2026-01-01"], "on": []}])


@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2026, 11, 1), timezones=st.just(CHINA)), days=st.integers(1, 9)
)
def test_working_days_add_up(start, days):
    calendar = shipped()
    end = calendar.close_of(start, days)
    assert calendar.is_working(end.date()) and end.hour == 18
    between = (end.date() - start.date()).days
    assert sum(calendar.is_working(start.date() + timedelta(days=offset + 1)) for offset in range(between)) == days


# -- roles ------------------------------------------------------------------------------------------------------------


def test_the_table_covers_every_role_in_every_area():
    assert all(set(row) == set(vocabulary.ROLES) for row in roles.PERMISSIONS.values())
    assert len(roles.AREAS) == 26


@pytest.mark.parametrize(
    ("role", "area", "right", "own", "allowed"),
    [
        ("rep", "intake_record", "C", True, True),
        ("rep", "intake_record", "E", True, True),
        ("rep", "intake_record", "E", False, False),
        ("specialist", "intake_record", "E", False, True),
        ("rep", "export", "X", True, False),
        ("supervisor", "export", "X", True, True),
        ("manager", "export", "F", True, True),
        ("supervisor", "export", "F", True, False),
        ("rep", "kb_article", "A", True, False),
        ("supervisor", "kb_article", "A", True, True),
        ("qa_trainer", "kb_article", "A", True, True),
        ("qa_trainer", "kb_policy", "A", True, False),
        ("legal", "kb_policy", "A", True, True),
        ("rep", "administration", "C", True, False),
        ("admin", "administration", "C", True, True),
        ("admin", "intake_record", "V", True, False),
        ("analyst", "intake_record", "V", True, False),
        ("analyst", "intake_record", "M", True, True),
        ("tech", "plan_resolution", "C", False, False),
        ("supervisor", "plan_resolution", "V", False, True),
    ],
)
def test_rights(role, area, right, own, allowed):
    assert roles.may([role], area, right, own=own) is allowed


def test_rights_add_up_and_home_holds_all():
    assert not roles.may(["rep"], "export", "X") and roles.may(["rep", "qa_trainer"], "export", "X")
    assert all(roles.may(roles.HOME_ROLES, *needed) for needed in map(_any_right, ENTITIES) if needed)
    assert not roles.may([], "intake_record", "V")
    with pytest.raises(KeyError):
        roles.may(["rep"], "no_such_area", "V")


def _any_right(entity):
    return roles.rights_for(entity, next(iter(ENTITIES[entity].groups)))


def test_every_entity_of_the_registry_has_its_right():
    for entity, definition in ENTITIES.items():
        for group in definition.groups:
            needed = roles.rights_for(entity, group)
            assert needed is None or needed[0] in roles.PERMISSIONS


def test_publishing_needs_approval():
    assert roles.rights_for("article", "status", "publish") == ("kb_article", "A")
    assert roles.rights_for("article", "status", "draft") == ("kb_article", "C")
    assert roles.rights_for("phrase", "status", "unheard_of") == ("phrase", "A")
    assert not roles.may_write(["rep"], "article", "status", "publish")
    assert roles.may_write(["rep"], "request", "flow") and roles.may_write(["tech"], "entry", "note")
    assert not roles.may_write(["analyst"], "request", "emotion")


def test_authority_is_the_highest_of_the_roles_held():
    assert roles.authority_minor([]) == 0
    assert roles.authority_minor(["rep", "super_agent"]) == 20_000
    assert roles.authority_minor(["manager", "rep"]) is None
    assert roles.authority_minor(["rep"], Settings({"money.rep": 1})) == 1


# -- masking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张敏", "张*"), ("张*", "张*"), ("欧阳锋", "欧阳*"), ("欧阳", "欧*"), ("Ann Lee", "A*"), (" ", "")],
)
def test_names(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        ("13900000002", "139****0002"),
        ("+86 139 0000 0002", "139****0002"),
        ("zhang@example.com", "z***@example.com"),
        ("010-12345634", "010****34"),
        ("weibo_user", "w***"),
        ("???", "?***"),
        ("", ""),
    ],
)
def test_contacts(contact, masked):
    assert mask_contact(contact) == masked


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_phone_never_holds_the_number(phone):
    assert phone[3:7] not in mask_contact(phone).replace(phone[:3], "", 1).replace(phone[-4:], "") and (
        mask_contact(phone) == f"{phone[:3]}****{phone[-4:]}"
    )


# -- settings, refusals, vocabulary -----------------------------------------------------------------------------------


def test_settings_are_declared_once_and_explained():
    assert len(DECLARED) == len(DEFAULTS) and all(setting.does and setting.rule for setting in DECLARED)


def test_an_override_of_another_type_is_ignored_and_an_unknown_key_is_a_mistake():
    site = Settings({"clock.CK-01": "soon", "clock.CK-02": 20})
    assert (site.get("clock.CK-01"), site.get("clock.CK-02")) == (30, 20)
    with pytest.raises(KeyError):
        site.get("clock.CK-99")


def test_a_refusal_carries_code_and_values():
    refusal = Refusal("flow.guard", {"missing": ["channel"]}, state="DRAFT")
    assert (refusal.code, refusal.key) == ("flow.guard", "refusal.flow.guard")
    assert refusal.args == {"missing": ["channel"], "state": "DRAFT"}
    assert str(refusal) == "flow.guard(missing=['channel'], state=DRAFT)"
    copy = pickle.loads(pickle.dumps(refusal))
    assert (copy.code, copy.args) == (refusal.code, refusal.args)


def test_codes_are_ascii_and_unique():
    for name in dir(vocabulary):
        value = getattr(vocabulary, name)
        if name.isupper() and isinstance(value, tuple):
            assert len(set(value)) == len(value) and all(code.isascii() for code in value), name
    assert set(vocabulary.SCENARIO_STEPS.values()) == {*vocabulary.STEPS, ""}
