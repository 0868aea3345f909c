"""A request told as a story: facts written one after another through the real registry, folded and judged for real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentdesk.changes import Change, EntityState, Ruling, Stamp, derived_id, fold, judge, stamp_time
from agentdesk.domain.calendar import Calendar
from agentdesk.domain.clocks import Clock, clocks
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.roles import HOME_ROLES
from agentdesk.domain.settings import Settings

ROOT = "00000000-0000-7000-8000-000000000001"
ME = "person-me"

RECORD_A: Mapping[str, Any] = {
    "channel": {"channel": "phone"},
    "reporter": {"customer_name": "张*", "contact_kind": "mobile", "contact": "13800005678", "customer_no": "C-5678"},
    "type": {"request_type": "complaint", "sub_type": "after_sales"},
    "product_service": {"product_service": "洗衣机"},
    "order": {"order_no": "O-20240428-31", "no_order": False},
    "occurred": {"occurred_at": "2024-04-28"},
    "attribution": {"attribution": "product_quality"},
    "emotion": {"emotion": "anxious"},
    "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复",
    "anomaly": "机身底部漏水",
    "expected_outcome": "尽快上门维修",
    "category": {"category": "urgent", "also_complex": True},
    "priority": {"priority": "P1", "proposed": "P1", "rule": "PR-01", "modifiers": [], "why": ""},
}
RECORD_B: Mapping[str, Any] = {
    "channel": {"channel": "online"},
    "reporter": {"customer_name": "王*", "contact_kind": "mobile", "contact": "13900000002", "unregistered": True},
    "type": {"request_type": "consult", "sub_type": "product"},
    "product_service": {"product_service": "空调"},
    "emotion": {"emotion": "calm"},
    "description": "想了解空调的能效等级和安装费用",
    "category": {"category": "simple", "also_complex": False},
    "priority": {"priority": "P3", "proposed": "P3", "rule": "PR-12", "modifiers": [], "why": ""},
}


class Story:
    """One request and its children; `now` moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 28, 10, 30, tzinfo=UTC)
        self.states: dict[tuple[str, str], EntityState] = {}
        self.settings = Settings()
        self.calendar = Calendar()
        self._seq = 0

    # -- writing --------------------------------------------------------------------------------------------------

    def after(self, **duration: float) -> Story:
        """Let time pass."""
        self.now += timedelta(**duration)
        return self

    def write(self, entity: str, name: str, patch: Mapping[str, Any], *, base: Mapping[str, Any] | None = None) -> str:
        """Write one change; values of events and of registers with a history get their `at`. Returns the change id."""
        self._seq += 1
        entity_id = ROOT if entity == "request" else derived_id(ROOT, entity, name)
        groups = REGISTRY.entities[entity].groups
        stamped = {
            group: {**value, "at": stamp_time(self.now)}
            if isinstance(value, Mapping) and _timed(groups[group])
            else value
            for group, value in patch.items()
        }
        change = Change.make(
            id=derived_id(ROOT, "change", str(self._seq)),
            hlc=self._seq,
            root=ROOT,
            txn="t",
            entity=entity,
            entity_id=entity_id,
            patch=stamped,
            base=base or {},
            rules_v="1",
            v=1,
        )
        key = (entity, entity_id)
        stamp = Stamp(self._seq, self._seq, ME)
        self.states[key] = fold(self.states.get(key), change, stamp, "team:t", REGISTRY)
        return change.id

    def entry(self, **patch: Any) -> str:
        """Write a timeline entry of its own."""
        return self.write("entry", str(self._seq), patch)

    def ruling(
        self, t: str, to: str, *, lane: str = "flow", actor: str = ME, roles: frozenset[str] = HOME_ROLES, **more: Any
    ) -> Ruling:
        """Ask the engine whether a transition is legal now."""
        group = REGISTRY.entities["request"].groups[lane]
        assert group.lane is not None
        request = self.states.get(("request", ROOT))
        present = request.lane(lane) if request else None
        value = {"t": t, "to": to, "at": stamp_time(self.now), **more}
        base = [present["head"]] if present else []
        return judge(group.lane, request, lane, value, base, self.facts, actor=actor, roles=roles, entity_id=ROOT)

    def move(self, t: str, to: str, *, lane: str = "flow", **more: Any) -> Story:
        """Take a transition that must be legal."""
        assert self.ruling(t, to, lane=lane, **more) == Ruling("applied"), self.ruling(t, to, lane=lane, **more)
        for name in ("actor", "roles"):
            more.pop(name, None)
        self.write("request", "", {lane: {"t": t, "to": to, **more}})
        return self

    def codes(self, t: str, to: str, **more: Any) -> set[str]:
        """Return what the guard of a transition misses now."""
        return set(self.ruling(t, to, **more).codes)

    # -- reading --------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> RequestFacts:
        """The facts as they stand."""
        return RequestFacts(list(self.states.values()), self.settings)

    def clock(self, code: str) -> Clock:
        """Return the one clock of this code."""
        (found,) = self.clocks(code)
        return found

    def clocks(self, code: str = "") -> list[Clock]:
        """Return the clocks, all or of one code."""
        return [one for one in clocks(self.facts, self.settings, self.calendar) if code in ("", one.code)]

    # -- chapters -------------------------------------------------------------------------------------------------

    def draft(self, record: Mapping[str, Any], *, without: tuple[str, ...] = (), **change: Any) -> Story:
        """T1 with a record, some groups left out or changed."""
        patch = {group: value for group, value in {**record, **change}.items() if group not in without}
        self.write("request", "", {"created": {"number": "AD-HABC-20260128-0001", "recorder": ME, "recorded_at": ""}})
        self.write("request", "", patch)
        channel = patch.get("channel", {}).get("channel", "")
        self.write("contact", "first", {"opened": {"channel": channel, "direction": "in"}})
        return self.move("T1", "DRAFT", owner=ME)

    def record(self, record: Mapping[str, Any], **change: Any) -> Story:
        """T1, T2 and T4 where it follows."""
        self.draft(record, **change).move("T2", "RECORDED")
        if self.facts.category != "simple":
            self.move("T4", "ANALYSING")
        return self

    def plan(self) -> str:
        """Write a complete plan, told, verified, with an interim measure; returns the version's id."""
        version = self.write(
            "plan", "p", {"version": {"steps": [{"text": "上门", "owner": ME}], "owner": ME, "finish": "x"}}
        )
        self.entry(told={"what": "plan"})
        self.entry(told={"what": "interim"})
        self.entry(verified={"how": "order"})
        return version

    def in_progress(self, record: Mapping[str, Any] = RECORD_A, **change: Any) -> Story:
        """As far as IN_PROGRESS, each step at the same instant."""
        self.record(record, **change)
        return self.agree()

    def agree(self) -> Story:
        """T5, T7, T8 from ANALYSING."""
        version = self.plan()
        self.move("T5", "PLAN_PENDING", plan_id=version)
        self.entry(agreed={"plan": version, "how": "oral"})
        return self.move("T7", "ASSIGNED", owner=ME).move("T8", "IN_PROGRESS")

    def resolution(self, **change: Any) -> str:
        """Write a complete resolution with its message; returns the version's id."""
        complete = {
            "outcome": "solved",
            "cause_class": "product_defect",
            "actions": [{"text": "换密封圈", "actor": ME}],
            "solution_text": "已更换密封圈",
            "kb_refs": [{"id": "a", "version": "v"}],
            "own_knowledge": False,
        }
        self.entry(message_sent={"body": "已更换密封圈", "channel": "phone"})
        return self.write("resolution", "r", {"version": {**complete, **change}})

    def resolved(self, record: Mapping[str, Any] = RECORD_A, **change: Any) -> Story:
        """As far as RESOLVED: by T3 for a simple record, else by T12."""
        if record["category"]["category"] == "simple":
            self.record(record, **change)
            return self.move("T3", "RESOLVED", resolution_id=self.resolution())
        self.in_progress(record, **change)
        return self.move("T12", "RESOLVED", resolution_id=self.resolution())

    def verdict(self, verdict: str, **more: Any) -> str:
        """Write a verdict of its own; returns the event's id."""
        return self.write("verdict", str(self._seq), {"given": {"verdict": verdict, "via": "contact", **more}})

    def confirmed(self, record: Mapping[str, Any] = RECORD_A) -> Story:
        """As far as CONFIRMED."""
        self.resolved(record).verdict("satisfied")
        return self.move("T13", "CONFIRMED")

    def closed(self, record: Mapping[str, Any] = RECORD_A) -> Story:
        """As far as CLOSED."""
        self.confirmed(record)
        self.write("survey", "s", {"sent": {}})
        self.write("callback", "c", {"attempt": {"reached": True}})
        return self.move("T17", "CLOSED")


def _timed(group: Any) -> bool:
    return group.kind == "E" or group.kind == "M" or group.kept


@pytest.fixture
def story() -> Story:
    """A request that has not begun."""
    return Story()


@pytest.fixture(scope="session")
def new_story() -> type[Story]:
    """For tests that need several, or one an example."""
    return Story


@pytest.fixture(scope="session")
def record_a() -> Mapping[str, Any]:
    """The complaint of the source, completed."""
    return RECORD_A


@pytest.fixture(scope="session")
def record_b() -> Mapping[str, Any]:
    """The enquiry of the source, completed."""
    return RECORD_B
