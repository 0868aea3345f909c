"""A small registry with one group of each merge kind, a proposal lane and a refusable one."""

from __future__ import annotations

from typing import Any

from agentdesk.changes import Change, Entity, Group, Kind, Lane, Registry, Row, Transition, new_id, payload_hash

AT = "2026-01-28T10:30:00.000+08:00"

FLOW = Lane(
    {
        "open": Transition("open", frozenset({None}), ("OPEN",), starts_episode=True),
        "take": Transition("take", frozenset({"OPEN"}), ("TAKEN",), rebasable=True),
        "wait": Transition("wait", frozenset({"TAKEN"}), ("WAITING",)),
        "back": Transition("back", frozenset({"WAITING"}), ("TAKEN",)),
        "note": Transition("note", frozenset({"OPEN", "TAKEN"}), (), rebasable=True),
        "done": Transition(
            "done", frozenset({"TAKEN"}), ("DONE",), guard=lambda facts, attempt: () if facts else ("empty",)
        ),
        "lead": Transition("lead", frozenset({"OPEN"}), ("LED",), by=frozenset({"supervisor"})),
    }
)
GATE = Lane({"publish": Transition("publish", frozenset({None}), ("OUT",))}, on_illegal="refuse")

REGISTRY = Registry(
    1,
    {
        "thing": Entity(
            "team",
            {
                "happened": Group(Kind.EVENT),
                "grade": Group(Kind.REGISTER, kept=True),
                "tags": Group(Kind.SET),
                "story": Group(Kind.TEXT),
                "flow": Group(Kind.LANE, lane=FLOW),
                "gate": Group(Kind.LANE, lane=GATE),
            },
            own_root=True,
        )
    },
)


def change(patch: dict[str, Any], *, base: dict[str, list[str]] | None = None, id: str | None = None) -> Change:
    """Return a change of the one thing."""
    return Change.make(
        id=id or new_id(),
        hlc=1,
        root="thing-1",
        txn="txn",
        entity="thing",
        entity_id="thing-1",
        patch=patch,
        base=base or {},
        rules_v="1.0",
        v=1,
    )


def row(item: Change, seq: int, *, eff: int | None = None, verdict: str = "applied", actor: str = "zhang") -> Row:
    """Return the change as the log's row `seq`."""
    return Row(item, seq, eff if eff is not None else seq, verdict, payload_hash(item.raw), "desk", seq, actor)
