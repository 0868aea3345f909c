"""The twelve scenarios of §10 through the use cases, as far as this version's forms go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import capture, follow_up, knowledge, phrases, plan, reply, resolve, workspace
from agentdesk.desk.context import Desk
from agentdesk.desk.views import CallbackForm, PlanStep, RequestView, ResolveForm
from agentdesk.domain.refusal import Refusal
from tests.scenarios.cases import SCENARIOS, Scenario

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
LINES = {"P1": timedelta(hours=2), "P2": timedelta(hours=24), "P3": timedelta(hours=72)}
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


def captured(desk: Desk, scenario: Scenario) -> str:
    for earlier in scenario.before:
        capture.record(desk, earlier)
    return capture.record(desk, scenario.intake).request_id


def trail(view: RequestView) -> list[str]:
    return [item.data["t"] for item in view.timeline if item.kind == "transition"]


def refused(call: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


@each
def test_capture_proposes_what_the_standard_says(desk: Desk, scenario: Scenario) -> None:
    view = workspace.view(desk, captured(desk, scenario))
    assert (view.category, view.priority) == (scenario.category, scenario.priority)
    assert tuple(reason.rule for reason in view.reasons)[: len(scenario.rules)] == scenario.rules
    assert {clock.code for clock in view.clocks} == scenario.clocks
    assert view.missing == ()
    assert trail(view) == (["T1", "T2"] if scenario.category == "simple" else ["T1", "T2", "T4"])


@each
def test_traps_fire_the_stated_rule(desk: Desk, scenario: Scenario) -> None:
    request_id = captured(desk, scenario)
    for text, rule, severity in scenario.traps:
        found = [
            (one.rule.split(".")[0], one.severity, bool(one.replacement))  # FP-02.elsewhere is of FP-02
            for one in reply.findings(desk, request_id, text)
        ]
        assert (rule, severity, True) in found, text
        error = refused(lambda text=text: reply.send(desk, request_id, text))
        assert error.code == ("lint.blocked" if severity == "block" else "lint.confirm")
        if severity == "block":
            assert refused(lambda text=text: reply.send(desk, request_id, text, confirmed=True)).code == "lint.blocked"


@each
def test_the_article_is_found_by_words_and_by_the_request_itself(desk: Desk, scenario: Scenario) -> None:
    assert knowledge.search(desk, scenario.words)[0].source_id == scenario.article
    assert knowledge.for_request(desk, captured(desk, scenario))[0].source_id == scenario.article


@each
def test_what_may_be_said_passes_its_own_gate(desk: Desk, scenario: Scenario) -> None:
    request_id = captured(desk, scenario)
    hit = knowledge.for_request(desk, request_id)[0]
    greeting = phrases.fitting(desk, request_id)[0]
    body = f"{greeting.text}\n{hit.plain_summary}"
    assert [one.rule for one in reply.findings(desk, request_id, body) if one.severity != "hint"] == []
    sent = reply.send(desk, request_id, body, phrases=(greeting.version,), articles=(hit.citation,))
    assert sent.ticked == ("K1",) and sent.waited_ms is not None


def answer_at_once(desk: Desk, request_id: str, verdict: str = "satisfied", survey: str = "sent") -> Any:
    hit = knowledge.for_request(desk, request_id)[0]
    form = ResolveForm(solution_text=hit.plain_summary, articles=(hit.citation,), verdict=verdict, survey=survey)
    return resolve.resolve(desk, request_id, form)


@pytest.mark.parametrize("name", ["SC-02", "SC-08", "SC-09"])
def test_simple_enquiries_close_in_the_contact(desk: Desk, clock: Any, name: str) -> None:
    draft = capture.begin(desk, BY_NAME[name].intake["channel"])
    clock.go(seconds=10)
    request_id = capture.record(desk, BY_NAME[name].intake, draft=draft).request_id
    moved = answer_at_once(desk, request_id)
    view = workspace.view(desk, request_id)
    assert (moved.state, trail(view)) == ("CLOSED", ["T1", "T2", "T3", "T13", "T17"])
    assert {one.state for one in view.clocks} == {"met"}


def test_sc_09_keeps_no_private_number(desk: Desk, tmp_path: Path) -> None:
    request_id = captured(desk, BY_NAME["SC-09"])
    assert workspace.view(desk, request_id).value("description") == "换绑手机号,证件号[ID]"
    desk.close()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "desk").iterdir() if path.is_file())
    assert b"110105194912" not in stored


def test_sc_10_is_called_back_although_exempt(desk: Desk, clock: Any) -> None:
    request_id = captured(desk, BY_NAME["SC-10"])
    moved = answer_at_once(desk, request_id)
    assert (moved.state, moved.next.use_case) == ("CONFIRMED", "follow_up.callback")
    clock.go(hours=20)
    form = CallbackForm(reached=True, verdict="satisfied", new_needs="大字版说明请寄一份")
    assert follow_up.callback(desk, request_id, form).state == "CLOSED"
    assert {one.code: one.state for one in workspace.view(desk, request_id).clocks}["CK-16"] == "met"


def worked(desk: Desk, clock: Any, request_id: str, verdict: str, solution: str) -> Any:
    """From the capture of a complex or urgent matter to its verdict: T5, T7, T8, T12, T13."""
    urgent = workspace.view(desk, request_id).category == "urgent"
    clock.go(minutes=3)
    if urgent:
        reply.send(desk, request_id, "为避免损失扩大，请先断开电源，我这边同步安排处理。", told=("interim",))
    clock.go(minutes=37)
    reply.send(desk, request_id, "跟您同步进展：已联系专人，稍后告知方案。", told=("progress",))
    clock.go(minutes=40)
    plan.tell(
        desk,
        request_id,
        steps=[PlanStep("专人核实"), PlanStep("处理并回复")],
        finish=clock.at + timedelta(minutes=30),
        verified_how="history",
        message="处理步骤是专人核实后处理并回复您，这样安排您同意吗？",
    )
    plan.agree(desk, request_id, "oral")
    clock.go(minutes=35)
    form = ResolveForm(
        solution_text=solution,
        cause_class="external",
        actions=("核实", "处理"),
        own_knowledge=True,
        verdict=verdict,
        survey="sent",
    )
    return resolve.resolve(desk, request_id, form)


def test_sc_01_runs_to_closed_in_time(desk: Desk, clock: Any) -> None:
    request_id = captured(desk, BY_NAME["SC-01"])
    clock.go(seconds=12)
    greeting = phrases.fitting(desk, request_id)[0]
    reply.send(desk, request_id, greeting.text, phrases=(greeting.version,))
    moved = worked(desk, clock, request_id, "satisfied", "进水阀已关闭，密封圈已更换，现在不再漏水。")
    assert moved.state == "CONFIRMED"
    clock.go(hours=3)
    assert follow_up.callback(desk, request_id, CallbackForm(reached=True)).state == "CLOSED"
    view = workspace.view(desk, request_id)
    assert trail(view) == ["T1", "T2", "T4", "T5", "T7", "T8", "T12", "T13", "T17"]
    assert {one.code: one.state for one in view.clocks} == dict.fromkeys(
        ("CK-01", "CK-06", "CK-07", "CK-08", "CK-10", "CK-15", "CK-16", "CK-17"), "met"
    )


@pytest.mark.parametrize("name", ["SC-03", "SC-04", "SC-06", "SC-07", "SC-11", "SC-12"])
def test_complex_matters_are_confirmed_and_wait_for_the_call_back(desk: Desk, clock: Any, name: str) -> None:
    request_id = captured(desk, BY_NAME[name])
    moved = worked(desk, clock, request_id, "basically", "核实结果和处理方式已经按约定完成。")
    assert (moved.state, moved.next.missing) == ("CONFIRMED", ("callback",))
    view = workspace.view(desk, request_id)
    handling = next(one for one in view.clocks if one.code == "CK-08")
    assert handling.state == "met"
    assert handling.due_at is not None and handling.due_at - handling.started_at == LINES[view.priority]
    clock.go(hours=1)
    assert follow_up.callback(desk, request_id, CallbackForm(reached=True)).state == "CLOSED"


def test_sc_05_dissatisfied_is_refused_until_its_form_is_there(desk: Desk, clock: Any) -> None:
    request_id = captured(desk, BY_NAME["SC-05"])
    worked(desk, clock, request_id, "", "已清除缓存并重新配对，目前同步正常。")
    for _ in range(2):
        clock.go(hours=5)
        follow_up.callback(desk, request_id, CallbackForm(reached=False))
    form = CallbackForm(reached=True, verdict="dissatisfied", dissatisfaction_reason="又不同步了")
    error = refused(lambda: follow_up.callback(desk, request_id, form))
    assert (error.code, error.args["transition"]) == ("flow.later", "T14")
    view = workspace.view(desk, request_id)
    assert (view.state, [item.kind for item in view.timeline].count("callback")) == ("RESOLVED", 2)


def test_sc_06_without_the_hazard_is_raised_by_the_third_contact(desk: Desk) -> None:
    calm = dict(BY_NAME["SC-06"].intake, description="电饭煲维修两次了,还是不加热", anomaly="维修两次仍不加热")
    first = capture.record(desk, calm)
    assert (first.priority, workspace.view(desk, first.request_id).reasons[0].rule) == ("P2", "PR-07")
    reply.send(desk, first.request_id, "您好，已为您登记。")
    second = capture.record(desk, calm)
    reply.send(desk, second.request_id, "您好，已为您登记。")
    third = capture.record(desk, calm)
    view = workspace.view(desk, third.request_id)
    assert (third.priority, view.reasons[0].rule, view.modifiers) == ("P1", "PR-07", ("PM-3",))


@pytest.mark.parametrize(
    ("name", "lane", "transition"), [("SC-07", "escalation", "T21"), ("SC-03", "flow", "T10"), ("SC-12", "flow", "T9")]
)
def test_steps_whose_form_comes_later_say_so(desk: Desk, clock: Any, name: str, lane: str, transition: str) -> None:
    request_id = captured(desk, BY_NAME[name])
    before = workspace.view(desk, request_id).timeline

    def attempt() -> None:
        with desk.journal.transaction() as txn:
            txn.transition("request", request_id, lane, transition, {"why": "customer_asks"})

    error = refused(attempt)
    assert (error.code, error.args["transition"]) == ("flow.later", transition)
    assert workspace.view(desk, request_id).timeline == before
