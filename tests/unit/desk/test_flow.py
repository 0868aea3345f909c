"""Reply, plan, resolve and follow-up: the lint gate, the told facts, the ways T3 and T12 to CLOSED, honest refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agentdesk.desk import (
    capture,
    follow_up,
    history,
    knowledge,
    phrases,
    plan,
    queue,
    reply,
    resolve,
    workspace,
)
from agentdesk.desk.context import Desk
from agentdesk.desk.views import CallbackForm, PlanStep, ResolveForm
from agentdesk.domain.refusal import Refusal

GREETING = "您好，这里是客服张敏，工号8021，很乐意为您效劳，请讲。"


def refused(call: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def log_facts(desk: Desk, group: str) -> int:
    return int(desk.store.raw().execute(f"SELECT count(*) FROM log_fact WHERE {group} IS NOT NULL").fetchone()[0])


# -- reply ------------------------------------------------------------------------------------------------------------


def test_the_first_message_answers_the_contact_once(desk: Desk, row_b: dict[str, Any], clock: Any) -> None:
    draft = capture.begin(desk, "online")
    clock.go(9)
    made = capture.record(desk, row_b, draft=draft)
    clock.go(3)
    assert reply.send(desk, made.request_id, GREETING).waited_ms == 12_000
    assert reply.send(desk, made.request_id, "请稍候。").waited_ms is None
    (clock_02,) = (c for c in workspace.view(desk, made.request_id).clocks if c.code == "CK-02")
    assert clock_02.state == "met"


def test_after_a_restart_waiting_goes_on_by_the_wall(
    desk: Desk, request_b: str, opened: Callable[[], Desk], clock: Any
) -> None:
    desk.close()
    clock.go(40)
    again = opened()
    assert reply.send(again, request_b, GREETING).waited_ms == 40_000
    (clock_02,) = (c for c in workspace.view(again, request_b).clocks if c.code == "CK-02")
    assert clock_02.state == "breached"


def test_a_block_cannot_be_sent_even_when_confirmed(desk: Desk, request_b: str) -> None:
    error = refused(lambda: reply.send(desk, request_b, "保证产品100%无故障", confirmed=True))
    assert error.code == "lint.blocked"
    assert [finding.rule for finding in error.args["findings"]] == ["RL-01"]
    assert error.args["rules"] == "RL-01"
    kinds = {item.kind for item in workspace.view(desk, request_b).timeline}
    assert "message_sent" not in kinds and "answered" not in kinds


def test_a_warning_is_sent_after_confirming_and_counted(desk: Desk, request_b: str) -> None:
    assert refused(lambda: reply.send(desk, request_b, "这个我不知道")).code == "lint.confirm"
    assert log_facts(desk, "lint_counted") == 0
    assert reply.send(desk, request_b, "这个我不知道", confirmed=True).confirmed == 1
    assert log_facts(desk, "lint_counted") == 1
    (sent,) = (item for item in workspace.view(desk, request_b).timeline if item.kind == "message_sent")
    assert (sent.data["findings"], sent.data["confirmed"]) == ([{"rule": "FP-01", "severity": "warn"}], True)


def test_private_numbers_never_go_out(desk: Desk, request_b: str) -> None:
    for body in ("您的证件号是11010519491231002X吗", "您的证件号是１１０１０５ 19491231 002x吗"):
        error = refused(lambda body=body: reply.send(desk, request_b, body, confirmed=True))  # type: ignore[misc]
        assert error.code == "lint.blocked" and "1949" not in str(error)


def test_own_contact_and_number_may_be_told_others_may_not(desk: Desk, request_a: str) -> None:
    number = workspace.view(desk, request_a).number
    reply.send(desk, request_a, f"订单O-20240428-31的工单号是{number}，我们会拨打13800005678")
    error = refused(lambda: reply.send(desk, request_a, "另一位客户的电话是13811112222"))
    assert [finding.rule for finding in error.args["findings"]] == ["PV-03"]


def test_length_and_emptiness(desk: Desk, request_b: str) -> None:
    error = refused(lambda: reply.send(desk, request_b, "好的" * 2_501))
    assert (error.code, error.args) == ("text.too_long", {"length": 5_002, "limit": 5_000})
    assert reply.send(desk, request_b, "好的" * 2_500).text == "好的" * 2_500
    assert refused(lambda: reply.send(desk, request_b, " \u200b\n")).code == "text.empty"
    assert refused(lambda: reply.send(desk, "nobody", "好的")).code == "request.unknown"


def test_phrases_tick_their_steps_and_hands_tick_the_rest(desk: Desk, request_b: str) -> None:
    greeting, *_ = phrases.fitting(desk, request_b)
    assert greeting.scenario == "greeting" and greeting.open == () and greeting.text == GREETING
    sent = reply.send(desk, request_b, greeting.text, phrases=(greeting.version,))
    assert sent.ticked == ("K1",)
    assert reply.send(desk, request_b, "您好！", phrases=(greeting.version,)).ticked == ()
    reply.tick(desk, request_b, "K3")
    steps = {step.step: (step.ticked, step.by) for step in workspace.view(desk, request_b).steps}
    assert (steps["K1"], steps["K3"], steps["K6"]) == ((True, "phrase"), (True, "hand"), (False, ""))
    assert refused(lambda: reply.tick(desk, request_b, "K8")).code == "step.unknown"
    assert phrases.fitting(desk, request_b)[0].step == "K2"


def test_notes_and_what_came_in_are_redacted(desk: Desk, request_b: str) -> None:
    reply.note(desk, request_b, "客户说 11010519491231002X")
    reply.receive(desk, request_b, "不知道怎么办")
    kept = {item.kind: item.data["text"] for item in workspace.view(desk, request_b).timeline if "text" in item.data}
    assert kept == {"note": "客户说 [ID]", "message_in": "不知道怎么办"}


def test_the_composer_draft_goes_with_the_message(desk: Desk, request_b: str) -> None:
    reply.save_draft(desk, request_b, "您好，卡号6222", caret=10)
    assert reply.load_draft(desk, request_b) == "您好，卡号6222"
    reply.save_draft(desk, request_b, "证件11010519491231002", caret=19)
    assert reply.load_draft(desk, request_b) == "证件"
    reply.send(desk, request_b, GREETING)
    assert reply.load_draft(desk, request_b) == ""


# -- plan, resolve, follow up -----------------------------------------------------------------------------------------


def tell_plan(desk: Desk, request_id: str, **more: Any) -> Any:
    wanted = {
        "steps": [PlanStep("师傅上门更换密封圈")],
        "finish": desk.now() + timedelta(hours=1),
        "verified_how": "history",
        "interim": "请先关闭进水阀，并在手干燥时断开电源。",
        "message": "我们安排师傅上门检修，预计一小时内到达，这样安排您同意吗？",
        **more,
    }
    return plan.tell(desk, request_id, **wanted)


SOLUTION = "师傅已更换密封圈并试机一个程序，不再漏水。请问现在处理好了吗？"


def test_row_a_runs_to_closed(desk: Desk, request_a: str, clock: Any) -> None:
    view = workspace.view(desk, request_a)
    assert (view.next.use_case, view.next.transition, view.next.missing) == ("plan.tell", "T5", ("interim",))
    clock.go(20 * 60)
    moved = tell_plan(desk, request_a)
    assert (moved.state, moved.next.use_case) == ("PLAN_PENDING", "plan.agree")
    states = {c.code: c.state for c in workspace.view(desk, request_a).clocks}
    assert states["CK-06"] == states["CK-07"] == states["CK-10"] == "met"
    moved = plan.agree(desk, request_a, "oral")
    assert (moved.state, moved.transitions) == ("IN_PROGRESS", ("T7", "T8"))
    shown = workspace.view(desk, request_a).plan
    assert shown is not None
    assert (shown.answer, shown.version, shown.steps[0].text) == ("agreed", 1, "师傅上门更换密封圈")
    assert resolve.options(desk, request_a).required == ("outcome", "cause_class", "actions", "solution_text")
    assert not resolve.options(desk, request_a).exempt
    error = refused(lambda: resolve.resolve(desk, request_a, ResolveForm(solution_text=SOLUTION)))
    assert (error.code, error.args["missing"]) == ("flow.guard", ["cause_class", "actions"])
    form = ResolveForm(
        solution_text=SOLUTION,
        cause_class="product_defect",
        actions=("关阀", "更换密封圈"),
        verdict="satisfied",
        survey="sent",
    )
    moved = resolve.resolve(desk, request_a, form)
    assert (moved.state, moved.transitions) == ("CONFIRMED", ("T12", "T13"))
    assert (moved.next.use_case, moved.next.missing) == ("follow_up.callback", ("callback",))
    assert refused(lambda: follow_up.close(desk, request_a)).args["missing"] == ["callback"]
    (row,) = follow_up.due(desk)
    assert (row.request.id, row.needs, row.attempts, row.state) == (request_a, ("callback",), 0, "running")
    clock.go(22 * 3600)
    moved = follow_up.callback(desk, request_a, CallbackForm(reached=False))
    assert moved.state == "CONFIRMED"
    moved = follow_up.callback(desk, request_a, CallbackForm(reached=True, scores={"attitude": 5}))
    assert (moved.state, moved.transitions) == ("CLOSED", ("T17",))
    view = workspace.view(desk, request_a)
    trail = [item.data["t"] for item in view.timeline if item.kind == "transition"]
    assert trail == ["T1", "T2", "T4", "T5", "T7", "T8", "T12", "T13", "T17"]
    assert not any(c.running for c in view.clocks)
    assert view.next.use_case == "none" and follow_up.due(desk) == [] and queue.page(desk).total == 0


def test_row_b_is_one_transaction_from_answer_to_closed(desk: Desk, request_a: str, request_b: str) -> None:
    greeting, *_ = phrases.fitting(desk, request_b)
    hit, *_ = knowledge.for_request(desk, request_b)
    assert "能效" in hit.title
    composed = f"{greeting.text}\n{hit.plain_summary}"
    form = resolve.prefill(desk, request_b, composed, (greeting.version,), (hit.citation,))
    assert (form.solution_text, form.outcome, form.own_knowledge) == (composed, "solved", False)
    assert resolve.options(desk, request_b).exempt
    before = {row[0] for row in desk.store.raw().execute("SELECT DISTINCT txn FROM change")}
    from dataclasses import replace

    moved = resolve.resolve(desk, request_b, replace(form, verdict="satisfied", survey="declined"))
    assert (moved.state, moved.transitions) == ("CLOSED", ("T3", "T13", "T17"))
    assert refused(lambda: reply.send(desk, request_b, "您好，还有什么可以帮您？")).code == "reply.ended"
    txns = {row[0] for row in desk.store.raw().execute("SELECT DISTINCT txn FROM change")} - before
    assert len(txns) == 1
    assert queue.after(desk, request_b) == request_a
    view = workspace.view(desk, request_b)
    assert {c.code: c.state for c in view.clocks} == {"CK-02": "met", "CK-15": "met", "CK-16": "met", "CK-17": "met"}
    assert [item.kind for item in view.timeline].count("exempted") == 1
    assert [cited.title for cited in view.cited] == [hit.title]
    assert log_facts(desk, "article_used") == log_facts(desk, "phrase_used") == 1


def test_t3_needs_a_source(desk: Desk, request_b: str) -> None:
    error = refused(lambda: resolve.resolve(desk, request_b, ResolveForm(solution_text="一级最省电。")))
    assert error.args["missing"] == ["source"]
    moved = resolve.resolve(desk, request_b, ResolveForm(solution_text="一级最省电。", own_knowledge=True))
    assert (moved.state, moved.next.use_case) == ("RESOLVED", "follow_up.verdict")
    assert [item.kind for item in workspace.view(desk, request_b).timeline].count("message_sent") == 1


def test_a_solution_that_was_sent_is_not_sent_twice(desk: Desk, request_b: str) -> None:
    reply.send(desk, request_b, "一级最省电。")
    form = resolve.prefill(desk, request_b)
    assert form.solution_text == "一级最省电。"
    resolve.resolve(desk, request_b, form)
    assert [item.kind for item in workspace.view(desk, request_b).timeline].count("message_sent") == 1


def test_the_solution_text_is_linted(desk: Desk, request_b: str) -> None:
    form = ResolveForm(solution_text="绝对无瑕疵", own_knowledge=True)
    assert refused(lambda: resolve.resolve(desk, request_b, form, confirmed=True)).code == "lint.blocked"
    assert workspace.view(desk, request_b).state == "RECORDED"


def test_dissatisfied_says_that_its_form_comes_later_and_writes_nothing(desk: Desk, request_b: str) -> None:
    resolve.resolve(desk, request_b, ResolveForm(solution_text="一级最省电。", own_knowledge=True))
    error = refused(lambda: follow_up.verdict(desk, request_b, "dissatisfied", reason="没有答到点上"))
    assert (error.code, error.args["transition"]) == ("flow.later", "T14")
    view = workspace.view(desk, request_b)
    assert (view.state, view.verdict) == ("RESOLVED", "")


def test_steps_out_of_order_are_refused(desk: Desk, request_a: str, request_b: str) -> None:
    assert refused(lambda: plan.agree(desk, request_a)).code == "flow.illegal"
    assert refused(lambda: plan.accept(desk, request_a)).code == "flow.illegal"
    assert refused(lambda: resolve.options(desk, request_a)).code == "flow.illegal"
    assert refused(lambda: tell_plan(desk, request_b)).code == "flow.illegal"
    assert refused(lambda: follow_up.verdict(desk, request_b, "satisfied")).code == "flow.illegal"
    assert refused(lambda: follow_up.survey(desk, request_b, sent=True)).code == "survey.early"
    assert refused(lambda: follow_up.callback(desk, request_b, CallbackForm(True))).code == "callback.early"
    assert refused(lambda: follow_up.verdict(desk, request_b, "fine")).code == "verdict.unknown"


def test_a_plan_needs_its_parts(desk: Desk, request_a: str) -> None:
    past = desk.now() - timedelta(minutes=1)
    assert refused(lambda: tell_plan(desk, request_a, finish=past)).code == "plan.finish_past"
    error = refused(lambda: tell_plan(desk, request_a, steps=[], interim="", verified_how=""))
    assert (error.code, error.args["missing"]) == ("flow.guard", ["steps", "verified", "interim"])
    assert refused(lambda: tell_plan(desk, request_a, message="马上就好")).code == "lint.confirm"
    assert workspace.view(desk, request_a).state == "ANALYSING"
    tell_plan(desk, request_a)
    assert refused(lambda: plan.decline(desk, request_a, "太晚了")).args["transition"] == "T6"
    assert refused(lambda: plan.agree(desk, request_a, "maybe")).code == "plan.how"


def test_agreement_alone_leaves_the_work_to_be_accepted(desk: Desk, request_a: str) -> None:
    tell_plan(desk, request_a, message="")
    assert plan.agree(desk, request_a, accept=False).state == "ASSIGNED"
    assert workspace.view(desk, request_a).next.use_case == "plan.accept"
    assert plan.accept(desk, request_a).state == "IN_PROGRESS"


def test_a_verdict_by_phone_later_closes_without_exemption(desk: Desk, request_b: str) -> None:
    resolve.resolve(desk, request_b, ResolveForm(solution_text="一级最省电。", own_knowledge=True))
    moved = follow_up.callback(desk, request_b, CallbackForm(reached=True, verdict="basically"))
    assert (moved.state, moved.next.use_case) == ("CONFIRMED", "follow_up.survey")
    moved = follow_up.survey(desk, request_b, sent=False)
    assert (moved.state, moved.transitions) == ("CLOSED", ("T17",))


def test_bad_scores_are_refused(desk: Desk, request_b: str) -> None:
    resolve.resolve(desk, request_b, ResolveForm(solution_text="一级最省电。", own_knowledge=True))
    for scores in ({"attitude": 6}, {"looks": 3}, {"attitude": True}):
        form = CallbackForm(reached=True, scores=scores)
        assert refused(lambda form=form: follow_up.callback(desk, request_b, form)).code == "survey.score"  # type: ignore[misc]


def test_history_shows_what_a_value_was(desk: Desk, request_b: str) -> None:
    with desk.journal.transaction() as txn:
        txn.write("request", request_b, root=request_b, patch={"emotion": {"emotion": "anxious"}})
    (first, second) = (item for item in history.items(desk, request_b) if item.group == "emotion")
    assert (first.old, first.new) == (None, {"emotion": "calm"})
    assert (second.old, second.new, second.actor.name) == ({"emotion": "calm"}, {"emotion": "anxious"}, "张敏")
