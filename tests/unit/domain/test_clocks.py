"""The clock table: each row starts, stops and lasts as the model says; extensions, pauses and raised priorities."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.changes import stamp_time
from agentdesk.domain.clocks import CLOCKS, answer_clock, clocks, state
from agentdesk.domain.settings import SHIPPED, Settings

MINUTES_2 = {"category": {"category": "complex", "also_complex": False}}
P2 = {"priority": {"priority": "P2", "proposed": "P2", "rule": "PR-07", "modifiers": [], "why": ""}}
P3 = {"priority": {"priority": "P3", "proposed": "P3", "rule": "PR-12", "modifiers": [], "why": ""}}
P1 = {"priority": {"priority": "P1", "proposed": "P1", "rule": "PR-01", "modifiers": [], "why": ""}}


def target(clock):
    return clock.original_due_at - clock.started_at


def test_the_table_has_the_clocks_of_this_version_once():
    codes = [rule.code for rule in CLOCKS]
    assert codes == ["CK-01", "CK-02", "CK-05", "CK-06", "CK-07", "CK-08", "CK-10", "CK-11", "CK-15", "CK-16", "CK-17"]


def test_row_a_runs_the_clocks_of_an_urgent_complaint(story, record_a):
    story.record(record_a)
    running = {clock.code: target(clock) for clock in story.clocks()}
    assert running == {
        "CK-01": timedelta(seconds=30),
        "CK-06": timedelta(minutes=30),
        "CK-07": timedelta(hours=2),
        "CK-08": timedelta(hours=2),
        "CK-10": timedelta(hours=1),
    }


def test_row_b_runs_only_the_answer_clock(story, record_b):
    assert [clock.code for clock in story.record(record_b).clocks()] == ["CK-02"]


# -- CK-01, CK-02 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("phone", "CK-01"),
        ("online", "CK-02"),
        ("bot", "CK-02"),
        ("email", "CK-05"),
        ("walk_in", ""),
        ("app_message", "CK-05"),
        ("social", "CK-05"),
    ],
)
def test_the_answer_clock_goes_by_channel(story, record_b, channel, code):
    story.draft(record_b, channel={"channel": channel})
    assert [clock.code for clock in story.clocks()] == ([code] if code else [])


@pytest.mark.parametrize(
    ("channel", "minutes"), [("app_message", 30), ("email", 240), ("social", 15), ("phone", 0.5), ("online", 0.25)]
)
def test_each_channel_has_its_own_target(story, record_b, channel, minutes):
    story.draft(record_b, channel={"channel": channel})
    (clock,) = story.clocks()
    assert target(clock) == timedelta(minutes=minutes)
    assert answer_clock(channel, SHIPPED) == (clock.code, minutes * 60)


def test_a_written_contact_is_answered_by_the_first_message(story, record_b):
    story.draft(record_b, channel={"channel": "email"})
    assert story.clock("CK-05").running
    story.after(hours=3).entry(message_sent={"body": "您好", "channel": "email"})
    story.after(hours=3).entry(message_sent={"body": "补充", "channel": "email"})
    clock = story.clock("CK-05")
    assert clock.stopped_at - clock.started_at == timedelta(hours=3) and state(clock, story.now) == "met"


def test_a_visit_has_no_answer_clock():
    assert answer_clock("walk_in", SHIPPED) is None and answer_clock("", SHIPPED) is None


def test_we_owe_no_answer_to_a_call_that_we_made(story, record_b):
    story.draft(record_b).write("contact", "out", {"opened": {"channel": "phone", "direction": "out"}})
    assert story.clocks("CK-01") == []


@pytest.mark.parametrize(("waited", "expected"), [(30_000, "met"), (30_001, "breached")])
def test_the_answer_is_measured_not_subtracted(story, record_a, waited, expected):
    story.draft(record_a).after(seconds=-3).write("contact", "first", {"answered": {"waited_ms": waited}})
    clock = story.clock("CK-01")
    assert clock.stopped_at - clock.started_at == timedelta(milliseconds=waited)
    assert state(clock, story.now) == expected


def test_each_contact_has_its_own_clock(story, record_a):
    story.draft(record_a).write("contact", "first", {"answered": {"waited_ms": 5_000}})
    story.after(hours=1).write("contact", "second", {"opened": {"channel": "phone", "direction": "in"}})
    first, second = story.clocks("CK-01")
    assert first.subject != second.subject and first.stopped_at and not second.stopped_at


# -- CK-06, CK-07 -----------------------------------------------------------------------------


def test_the_interim_measure_stops_ck06(story, record_a):
    story.record(record_a).after(minutes=3).entry(told={"what": "progress"})
    assert story.clock("CK-06").running
    story.after(minutes=1).entry(told={"what": "interim"})
    assert state(story.clock("CK-06"), story.now) == "met"


def test_an_interim_measure_told_before_the_record_was_saved_counts(story, record_a):
    story.draft(record_a).after(minutes=3).entry(told={"what": "interim"})
    story.after(minutes=2).move("T2", "RECORDED").move("T4", "ANALYSING")
    clock = story.clock("CK-06")
    assert clock.stopped_at == clock.started_at == story.now


def test_a_later_change_to_urgent_starts_ck06_then(story, record_a):
    story.record(record_a, **MINUTES_2, **P2).entry(told={"what": "interim"})
    assert story.clocks("CK-06") == [] and target(story.clock("CK-07")) == timedelta(hours=2)
    story.after(hours=1).write("request", "", {"category": {"category": "urgent", "also_complex": True}})
    clock = story.clock("CK-06")
    assert clock.started_at == story.now and clock.running, "an older interim measure is not one for the urgent matter"
    assert clock.episode == story.facts.steps("T2")[0].id


def test_urgent_without_complex_needs_no_plan_in_two_hours(story, record_a):
    story.record(record_a, category={"category": "urgent", "also_complex": False})
    assert story.clocks("CK-07") == []


# -- CK-08 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("priority", "hours"), [(P2, 24), (P3, 72)])
def test_handling_runs_from_the_agreement(story, record_a, priority, hours):
    story.record(record_a, **MINUTES_2, **priority).after(hours=1)
    assert story.clocks("CK-08") == []
    story.agree()
    assert story.clock("CK-08").started_at == story.now
    assert target(story.clock("CK-08")) == timedelta(hours=hours)


def test_handling_of_p1_runs_from_the_record_and_is_not_started_again(story, record_a):
    story.record(record_a)
    began = story.now
    story.after(hours=1).agree()
    assert story.clock("CK-08").started_at == began
    story.after(minutes=55).move("T12", "RESOLVED", resolution_id=story.resolution())
    assert state(story.clock("CK-08"), story.now) == "met"


def test_a_rise_to_p1_before_the_agreement_starts_the_clock_then(story, record_a):
    story.record(record_a, **MINUTES_2, **P2).after(hours=5)
    change = story.write("request", "", P1)
    clock = story.clock("CK-08")
    assert (clock.started_at, clock.episode, target(clock)) == (story.now, change, timedelta(hours=2))


def test_a_rise_while_running_takes_the_earlier_due(story, record_a):
    story.in_progress(record_a, **MINUTES_2, **P2).after(hours=3).write("request", "", P1)
    clock = story.clock("CK-08")
    assert clock.due_at == clock.original_due_at == story.now + timedelta(hours=2)
    assert clock.started_at == story.now - timedelta(hours=3)


def test_a_rise_near_the_end_keeps_the_old_due(story, record_a):
    story.in_progress(record_a, **MINUTES_2, **P2).after(hours=23).write("request", "", P1)
    assert target(story.clock("CK-08")) == timedelta(hours=24)


def test_a_lowered_priority_changes_no_running_clock(story, record_a):
    story.in_progress(record_a).after(minutes=10).write("request", "", P3)
    assert target(story.clock("CK-08")) == timedelta(hours=2)


def test_the_site_may_keep_running_clocks_as_they_are(story, record_a):
    story.settings = Settings({"clock.on_priority": "keep"})
    story.in_progress(record_a, **MINUTES_2, **P2).after(hours=3).write("request", "", P1)
    assert target(story.clock("CK-08")) == timedelta(hours=24)


def test_handling_starts_again_after_a_remedy(story):
    story.resolved().after(hours=1).verdict("dissatisfied", dissatisfaction_reason="又漏")
    story.move("T14", "REMEDIATION").after(minutes=30)
    story.entry(supervisor_spoke={"for": "dissatisfied", "result": "x"}, agreed={"plan": "x", "how": "oral"})
    story.move("T15", "ANALYSING", cause_class="product_defect")
    first, second = story.clocks("CK-08")
    assert first.stopped_at and second.started_at == story.now and second.running
    assert second.episode == story.facts.trail[-1].id


def waiting(story, kind):
    story.entry(told={"what": "progress"})
    return story.move("T10", "WAITING", wait={"kind": kind, "until": "2026-02-01"})


def test_waiting_for_the_customer_pauses_handling(story, record_a):
    waiting(story.in_progress(record_a, **MINUTES_2, **P2).after(hours=1), "customer")
    clock = story.clock("CK-08")
    assert clock.paused_at == story.now and not clock.running
    assert state(clock, story.now + timedelta(days=9)) == "running"
    story.after(hours=10).entry(message_in={"text": "照片"})
    story.move("T11", "IN_PROGRESS")
    clock = story.clock("CK-08")
    assert clock.paused_at is None and target(clock) == timedelta(hours=34) == clock.due_at - clock.started_at
    assert clock.due_at - clock.warn_at == timedelta(hours=24) * 0.2


def test_waiting_for_a_colleague_does_not(story, record_a):
    waiting(story.in_progress(record_a, **MINUTES_2, **P2), "third_party")
    assert story.clock("CK-08").running


# -- CK-10, CK-11 -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["progress", "interim", "plan", "definite"])
def test_progress_stops_ck10(story, record_a, kind):
    story.record(record_a).after(minutes=40).entry(told={"what": kind})
    assert story.clock("CK-10").stopped_at == story.now


def test_an_ordinary_complaint_hears_the_direction_in_a_day(story, record_a):
    story.record(record_a, **MINUTES_2, **P2)
    assert story.clocks("CK-10") == [] and target(story.clock("CK-11")) == timedelta(hours=24)
    story.entry(told={"what": "progress"})
    assert story.clock("CK-11").running
    story.after(hours=2).entry(told={"what": "direction"})
    assert story.clock("CK-11").stopped_at == story.now


def test_a_complaint_that_becomes_p1_gets_ck10_from_then(story, record_a):
    story.record(record_a, **MINUTES_2, **P2).entry(told={"what": "progress"})
    story.after(hours=2).write("request", "", P1)
    clock = story.clock("CK-10")
    assert clock.started_at == story.now and clock.running
    assert story.clock("CK-11").running


def test_an_enquiry_has_no_complaint_clock(story, record_b):
    story.record(record_b)
    assert story.clocks("CK-10") == story.clocks("CK-11") == []


# -- CK-15, CK-16, CK-17 ----------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["sent", "declined"])
def test_the_survey_follows_the_verdict_in_a_day(story, answer):
    story.confirmed()
    assert target(story.clock("CK-15")) == timedelta(hours=24)
    story.after(hours=3).write("survey", "s", {answer: {}})
    assert story.clock("CK-15").stopped_at == story.now


def test_no_survey_is_due_after_a_dissatisfied_verdict(story):
    story.resolved().verdict("dissatisfied", dissatisfaction_reason="慢")
    assert story.clocks("CK-15") == []


def test_a_callback_in_the_first_day_stops_both_windows(story):
    story.resolved()
    assert [target(story.clock(code)) for code in ("CK-16", "CK-17")] == [timedelta(hours=24), timedelta(hours=72)]
    story.after(hours=2).write("callback", "a", {"attempt": {"reached": False}})
    assert story.clock("CK-16").running
    story.after(hours=2).write("callback", "b", {"attempt": {"reached": True}})
    assert story.clock("CK-16").stopped_at == story.clock("CK-17").stopped_at == story.now


def test_the_first_window_may_pass_while_the_second_runs(story):
    story.resolved().after(hours=30)
    assert state(story.clock("CK-16"), story.now) == "breached"
    assert state(story.clock("CK-17"), story.now) == "running"


def test_an_exemption_stops_the_callback_clocks_at_once(story, record_b):
    story.resolved(record_b).verdict("satisfied")
    story.write("callback", "c", {"exempted": {"why": "simple_p3_consult"}})
    assert {state(story.clock(code), story.now) for code in ("CK-16", "CK-17")} == {"met"}


def test_a_remedy_cancels_the_callback_of_the_first_resolution(story):
    story.resolved().after(hours=1).verdict("dissatisfied", dissatisfaction_reason="又漏")
    story.move("T14", "REMEDIATION").after(hours=1)
    story.entry(supervisor_spoke={"for": "dissatisfied", "result": "x"}, agreed={"plan": "x", "how": "oral"})
    story.move("T15", "ASSIGNED", cause_class="tool").move("T8", "IN_PROGRESS").after(hours=1)
    story.move("T12", "RESOLVED", resolution_id=story.resolution())
    first, second = story.clocks("CK-17")
    assert state(first, story.now) == "cancelled" and second.running and first.episode != second.episode


# -- all of them ------------------------------------------------------------------------------


def test_cancelling_the_request_cancels_what_still_runs(story, record_a):
    story.record(record_a).after(minutes=5).entry(told={"what": "interim"})
    story.after(minutes=5).move("T20", "CANCELLED", why="withdrawn")
    states = {clock.code: state(clock, story.now) for clock in story.clocks()}
    assert states["CK-06"] == "met" and states["CK-08"] == states["CK-07"] == "cancelled"
    assert all(clock.stopped_at for clock in story.clocks())


def test_a_clock_warns_when_four_fifths_are_over(story, record_a):
    clock = story.record(record_a).clock("CK-08")
    assert clock.warn_at - clock.started_at == timedelta(minutes=96)
    assert state(clock, clock.warn_at - timedelta(seconds=1)) == "running"
    assert state(clock, clock.warn_at) == "warning" and state(clock, clock.due_at) == "warning"
    assert state(clock, clock.due_at + timedelta(seconds=1)) == "breached"


def extend(story, clock, /, hours, **change):
    promised = stamp_time(clock.original_due_at + timedelta(hours=hours))
    value = {"clock": clock.code, "episode": clock.episode, "promised_at": promised, "reason": "暴雨", "told": "e1"}
    story.entry(extended={**value, **change})
    return story.clock(clock.code)


def test_an_extension_moves_the_promise_not_the_measure(story, record_a):
    story.in_progress(record_a, **MINUTES_2, **P2).after(hours=23)
    clock = extend(story, story.clock("CK-08"), hours=6)
    assert clock.due_at - clock.original_due_at == timedelta(hours=6)
    assert state(clock, story.now) == "extended"
    story.after(hours=4).move("T12", "RESOLVED", resolution_id=story.resolution())
    assert state(story.clock("CK-08"), story.now) == "extended", "late by the measure, the promise kept (SC-03)"
    assert state(story.clock("CK-08"), story.now + timedelta(days=9)) == "extended"


def test_the_latest_extension_holds(story, record_a):
    story.in_progress(record_a, **MINUTES_2, **P2).after(hours=20)
    extend(story, story.clock("CK-08"), hours=6)
    clock = extend(story.after(hours=1), story.clock("CK-08"), hours=3)
    assert clock.due_at - clock.original_due_at == timedelta(hours=3)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": " "},
        {"told": ""},
        {"promised_at": ""},
        {"promised_at": "tomorrow"},
        {"episode": "x"},
        {"clock": "CK-07"},
    ],
)
def test_an_extension_without_reason_proof_or_promise_is_none(story, record_a, change):
    story.in_progress(record_a, **MINUTES_2, **P2)
    clock = story.clock("CK-08")
    extend(story, clock, hours=6, **change)
    assert story.clock("CK-08").due_at == clock.due_at


def test_an_extension_after_the_due_is_too_late(story, record_a):
    story.in_progress(record_a, **MINUTES_2, **P2).after(hours=24)
    clock = extend(story, story.clock("CK-08"), hours=6)
    assert clock.due_at == clock.original_due_at


def test_targets_are_settings(story, record_a):
    story.settings = Settings({"clock.CK-06": 60, "clock.warn_percent": 50})
    clock = story.record(record_a).clock("CK-06")
    assert target(clock) == timedelta(minutes=1) and clock.warn_at - clock.started_at == timedelta(seconds=30)


# -- properties -------------------------------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", "P3", "interim", "plan", "direction", "callback", "survey", "extend", "urgent"]),
        st.integers(0, 30 * 60),
    ),
    max_size=12,
)


def act(story, what):
    if what in ("P1", "P2", "P3"):
        story.write("request", "", {"priority": {"priority": what, "proposed": what, "why": ""}})
    elif what == "urgent":
        story.write("request", "", {"category": {"category": "urgent", "also_complex": True}})
    elif what == "callback":
        story.write("callback", str(story.now), {"attempt": {"reached": True}})
    elif what == "survey":
        story.write("survey", str(story.now), {"sent": {}})
    elif what == "extend":
        for clock in story.clocks():
            extend_one = {"clock": clock.code, "episode": clock.episode, "reason": "x", "told": "y"}
            story.entry(extended={**extend_one, "promised_at": stamp_time(clock.due_at + timedelta(hours=1))})
    else:
        story.entry(told={"what": what})


@given(acts=ACTS, resolve_after=st.integers(0, 12))
def test_clocks_are_a_function_of_the_facts(new_story, record_a, acts, resolve_after):
    story = new_story().in_progress(record_a, **MINUTES_2, **P2)
    for number, (what, minutes) in enumerate(acts):
        if number == resolve_after:
            story.move("T12", "RESOLVED", resolution_id=story.resolution()).verdict("satisfied")
            story.move("T13", "CONFIRMED")
        story.after(minutes=minutes)
        act(story, what)
    found = clocks(story.facts, story.settings, story.calendar)
    backwards = story.facts.__class__(list(reversed(list(story.states.values()))), story.settings)
    assert clocks(backwards, story.settings, story.calendar) == found
    assert len({clock.identity for clock in found}) == len(found)
    for clock in found:
        assert clock.started_at <= clock.original_due_at <= clock.due_at
        assert clock.started_at <= clock.warn_at <= clock.due_at
        assert clock.stopped_at is None or clock.stopped_at >= clock.started_at
        if clock.stopped_at and not clock.cancelled and clock.stopped_at <= clock.original_due_at:
            assert state(clock, story.now) == "met"
        if clock.code != "CK-08":
            assert target(clock) == timedelta(seconds=story.settings.seconds(f"clock.{clock.code}"))


@given(acts=ACTS, after=st.integers(0, 100 * 60), to=st.sampled_from([P1, P2]))
def test_raising_the_priority_never_moves_a_due_later(new_story, record_a, acts, after, to):
    story = new_story().in_progress(record_a, **MINUTES_2, **P3)
    for what, minutes in acts:
        story.after(minutes=minutes)
        if what != "extend":
            act(story, what)
    before = {clock.identity: clock for clock in story.clocks()}
    highest = story.facts.priority
    story.after(minutes=after)
    if {"P1": 1, "P2": 2, "P3": 3}[to["priority"]["priority"]] < {"P1": 1, "P2": 2, "P3": 3}[highest]:
        story.write("request", "", to)
        for clock in story.clocks():
            if clock.identity in before:
                assert clock.due_at <= before[clock.identity].due_at
                assert clock.original_due_at <= before[clock.identity].original_due_at
