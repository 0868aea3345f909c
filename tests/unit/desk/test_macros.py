"""What a macro does is shown before, happens with the message, and happens whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentdesk.desk import follow_up, macros, phrases, reading, reply, resolve, workspace
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.macros import Planned
from agentdesk.desk.views import ResolveForm
from agentdesk.domain.macros import parse
from agentdesk.domain.refusal import Refusal

TEXT = "我已经请物流同事核查包裹的位置，明天上午十点我给您回电告知结果。"


def plan(desk: Desk, text: str) -> tuple[Planned, ...]:
    return macros.planned(desk, parse(text))


def facts(desk: Desk) -> int:
    return int(desk.store.raw().execute("SELECT count(*) FROM change").fetchone()[0])


def macro(desk: Desk, code: str, request: str) -> Any:
    return next(one for one in phrases.search(desk, "", request, 500) if one.code == code)


def test_a_shipped_macro_does_what_it_shows(desk: Desk, request_a: str) -> None:
    view = macro(desk, "macro.logistics_check", request_a)
    found = macros.planned(desk, view.actions)
    assert [(one.action.do, one.action.what, one.due and f"{one.due:%m-%d %H:%M}") for one in found] == [
        ("tag", "logistics", None),
        ("callback", "", "01-29 10:00"),
    ]
    reply.send(desk, request_a, view.text, phrases=(view.version,), actions=found)
    whole = reading.load(desk, request_a)
    assert list(whole.request.elements("tags")) == ["logistics"]
    (promised,) = whole.events("callback", "planned")
    assert str(promised.value["due_at"]).startswith("2026-01-29T10:00")
    assert whole.value("needs_callback", "value") is True
    kinds = [item.kind for item in workspace.view(desk, request_a).timeline]
    assert kinds[-1] == "callback_planned" or "callback_planned" in kinds


def test_a_clock_gets_the_time_that_the_customer_was_told(desk: Desk, request_a: str, clock: Any) -> None:
    def handling() -> Any:
        return next(one for one in workspace.view(desk, request_a).clocks if one.code == "CK-08")

    before = handling()
    clock.go(1800)
    sent = reply.send(desk, request_a, TEXT, actions=plan(desk, "extend CK-08 +4h 等配件"))
    after = handling()
    assert after.due_at == desk.now() + timedelta(hours=4) > before.due_at
    assert after.state == "extended"
    (extended,) = reading.load(desk, request_a).events("entry", "extended")
    assert (extended.value["told"], extended.value["reason"]) == (sent.entry_id, "等配件")


def test_the_survey_closes_a_confirmed_request_with_the_message(desk: Desk, request_b: str) -> None:
    form = ResolveForm(
        solution_text="能效等级说明已发给您，请问清楚了吗？", outcome="solved", own_knowledge=True, verdict="satisfied"
    )
    assert resolve.resolve(desk, request_b, form).state == "CONFIRMED"
    view = macro(desk, "macro.invite_rating", request_b)
    sent = reply.send(desk, request_b, view.text, actions=macros.planned(desk, view.actions))
    assert sent.transitions == ("T17",)
    assert reading.load(desk, request_b).state == "CLOSED"
    assert follow_up.due(desk) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("tag 退款; callback +1d 10:00; step T8", "flow.illegal"),
        ("tag 退款; step T17", "flow.illegal"),
        ("tag 退款; survey sent", "survey.early"),
        ("tag 退款; extend CK-16 +1d 原因", "macro.clock"),
        ("tag 退款; extend CK-08 +1m 原因", "macro.sooner"),
        ("tag 11010519491231002X", "macro.private"),
    ],
)
def test_a_refused_action_keeps_the_message_back_too(desk: Desk, request_a: str, written: str, code: str) -> None:
    reply.save_draft(desk, request_a, TEXT, actions=plan(desk, written))
    before = facts(desk)
    with pytest.raises(Refusal) as refused:
        reply.send(desk, request_a, TEXT, actions=plan(desk, written))
    assert refused.value.code == code
    assert facts(desk) == before
    assert reply.load_draft(desk, request_a) == TEXT
    assert "message_sent" not in {item.kind for item in workspace.view(desk, request_a).timeline}


def test_a_time_that_has_gone_by_is_said(desk: Desk, request_a: str, clock: Any) -> None:
    found = plan(desk, "callback +30m")
    clock.go(3600)
    with pytest.raises(Refusal, match=r"macro\.past"):
        reply.send(desk, request_a, TEXT, actions=found)
    late = plan(desk, "extend CK-08 +9h 原因")
    clock.go(3 * 3600)
    with pytest.raises(Refusal, match=r"macro\.late"):
        reply.send(desk, request_a, TEXT, actions=late)


def test_what_was_planned_waits_in_the_draft(desk: Desk, request_a: str, opened: Any) -> None:
    found = plan(desk, "tag 退款; callback +1d 10:00")
    reply.save_draft(desk, request_a, TEXT, actions=found)
    desk.close()
    assert reply.load_actions(opened(), request_a) == found


def test_two_macros_in_one_message_promise_one_call_back(desk: Desk) -> None:
    first = plan(desk, "tag 退款; callback +1d 10:00")
    both = macros.planned(desk, parse("tag 退款; callback +2d 11:00"), first)
    assert [one.action.as_line() for one in both] == ["tag 退款", "callback +2d 11:00"]


GOOD = st.lists(st.sampled_from(["tag 甲", "tag 乙", "callback +2h", "extend CK-08 +9h 原因"]), unique=True)
BAD = st.sampled_from(["step T8", "step T17", "survey sent", "extend CK-17 +1d 原因", "extend CK-08 +1m 原因"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GOOD, st.none() | BAD)
def test_whatever_a_macro_holds_it_happens_whole_or_not_at_all(
    desk: Desk, request_a: str, clock: Any, good: list[str], bad: str | None
) -> None:
    found = macros.planned(desk, parse("; ".join(dict.fromkeys([*good, *([bad] if bad else [])]))) if (
        not bad or not bad.startswith("extend CK-08") or "extend CK-08 +9h 原因" not in good
    ) else parse(bad))  # fmt: skip
    raw = desk.store.raw()
    tables = ("change", "entry", "callback", "log_fact", "survey")
    before = {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    try:
        reply.send(desk, request_a, TEXT, actions=found)
    except Refusal:
        assert bad is not None or "extend CK-08 +9h 原因" in good, "only what is not possible is refused"
        assert {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables} == before
    else:
        assert bad is None
        after = {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        assert after["callback"] - before["callback"] == ("callback +2h" in good)
        assert after["entry"] - before["entry"] == 1 + ("extend CK-08 +9h 原因" in good)


@pytest.mark.parametrize(("point", "there"), [("commit.before", 0), ("commit.after", 1)])
def test_a_kill_at_the_commit_leaves_message_and_actions_or_neither(
    desk: Desk, request_a: str, home: Path, point: str, there: int
) -> None:
    desk.close()
    program = (
        "import sys, pathlib\n"
        "from agentdesk.desk import macros, reply\n"
        "from agentdesk.desk.context import open_desk\n"
        "from agentdesk.domain.macros import parse\n"
        "desk = open_desk(pathlib.Path(sys.argv[1]))\n"
        "found = macros.planned(desk, parse('tag 退款; callback +1d 10:00'))\n"
        "reply.send(desk, sys.argv[2], sys.argv[3], actions=found)\n"
        "print('sent')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(home), request_a, TEXT],
        env={"AGENTDESK_FAULT": point, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == -9 and "sent" not in done.stdout, done.stderr
    again = open_desk(home)
    try:
        whole = reading.load(again, request_a)
        assert len(whole.events("entry", "message_sent")) == there
        assert len(whole.events("callback", "planned")) == there
        assert list(whole.request.elements("tags")) == ["退款"] * there
    finally:
        again.close()
