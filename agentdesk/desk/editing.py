"""Changing a record after RECORDED (§2.3 rule 7): only what was changed is written, the old value stays in the history.

Two people who change different groups both have their way; who changes the same one later wins, and the other can
restore theirs from the history. Clocks follow the priority by themselves (MODEL §4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from agentdesk.desk import capture, customers, forms, moving, reading, revealing
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import Moved
from agentdesk.domain import intake as record
from agentdesk.domain import roles, triage
from agentdesk.domain.facts import intake_of
from agentdesk.domain.intake import Intake
from agentdesk.domain.masking import mask_contact
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.triage import Proposal
from agentdesk.domain.vocabulary import ENDED_STATES

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

DERIVED = ("contact_kind", "repeat_count")
"""Fields of the record that follow from others and are not edited."""

GROUP_OF = {
    **dict.fromkeys(("customer_name", "contact", "contact_kind", "customer_no", "unregistered"), "reporter"),
    **dict.fromkeys(("request_type", "sub_type"), "type"),
    **dict.fromkeys(("occurred_at", "unknown_why"), "occurred"),
    **dict.fromkeys(("order_no", "no_order"), "order"),
    **dict.fromkeys(("category", "also_complex"), "category"),
    **dict.fromkeys(("priority", "priority_why"), "priority"),
}
"""Field -> group, where the names differ."""


@dataclass(frozen=True, slots=True)
class EditForm:
    """A record as it stood when its form was opened; `seen` are the texts that were shown, by group."""

    request_id: str
    values: Mapping[str, Any]
    seen: Mapping[str, tuple[str, ...]]
    masked: bool = False
    """The contact is masked: whoever opened it may edit the record, but not see the contact. Left alone it stays."""


def begin(desk: Desk, request_id: str) -> EditForm:
    """The record to edit; that the form shows the contact in full is a log fact (§5.7 rule 5).

    Raises Refusal request.unknown, edit.ended (state), role.denied.
    """
    whole = reading.load(desk, request_id)
    require(desk, whole, "intake_record")
    values = {field.name: getattr(whole.facts.intake, field.name) for field in fields(Intake)}
    linked = customers.briefs(desk, values["related_request"])
    values["related_request"] = tuple(brief.number for brief in linked)
    seen = {group: tuple(whole.request.values.get(group, {})) for group in forms.TEXTS}
    full = revealing.opened_for_edit(desk, whole)
    if not full:
        values["contact"] = mask_contact(values["contact"])
    shown = {code: value for code, value in values.items() if code not in DERIVED}
    return EditForm(request_id, shown, seen, masked=not full)


def save(desk: Desk, form: EditForm, values: Mapping[str, Any], checked: tuple[str, ...] = ()) -> Moved:
    """Write the groups in which the form differs from how it was opened, over what stands there now.

    Raises Refusal: edit.nothing, edit.ended (state), capture.incomplete (missing: what would become empty or is newly
    required), capture.invalid (field, problem), capture.ask (field), capture.priority_why, role.denied.
    """
    whole = reading.load(desk, form.request_id)
    require(desk, whole, "intake_record")
    typed, opened = forms.to_intake(values)[0], forms.to_intake(form.values)[0]
    changed = {one.name for one in fields(Intake) if getattr(typed, one.name) != getattr(opened, one.name)}
    if not changed - set(DERIVED):
        raise Refusal("edit.nothing")
    before = whole.facts.intake
    after = replace(before, **{name: getattr(typed, name) for name in changed})
    if "related_request" in changed:
        after = replace(after, related_request=capture.related(desk, after.related_request))
    proposal = customers.propose(desk, after, before=form.request_id)
    after = _paired(after, changed, proposal)
    _refuse(desk, whole, before, after, changed, proposal, checked)
    touched = {name for name in (one.name for one in fields(Intake)) if getattr(before, name) != getattr(after, name)}
    groups = {GROUP_OF.get(name, name) for name in touched} - {"repeat_count"}
    with desk.journal.transaction() as txn:
        patch = _patch(txn, whole, before, after, proposal, checked)
        wanted = {name: value for name, value in patch.items() if name in groups}
        seen = {name: form.seen[name] for name in forms.TEXTS if name in wanted}
        if wanted:
            txn.write("request", whole.id, root=whole.id, patch=wanted, seen=seen)
        made = moving.record_again(txn, whole.id)
        moved = moving.moved(txn, whole, made)
    return moved


def restore(desk: Desk, request_id: str, group: str, value: Mapping[str, Any]) -> Moved:
    """Write a register of the record again as it was said before: "restore mine" of the history.

    What follows from it follows here too: a P1 said again makes the request urgent. Raises Refusal edit.nothing where
    it stands so already, and what `save` raises.
    """
    whole = reading.load(desk, request_id)
    require(desk, whole, "priority_override" if group == "priority" else "intake_record")
    if dict(whole.request.register(group)) == dict(value):
        raise Refusal("edit.nothing")
    before = whole.facts.intake
    after = intake_of(replace(whole.request, values={**whole.request.values, group: dict(value)}))
    changed = {one.name for one in fields(Intake) if getattr(before, one.name) != getattr(after, one.name)}
    proposal = customers.propose(desk, after, before=request_id)
    after = _paired(after, changed, proposal)
    asked_then = tuple(changed)  # what looked like a private number was asked about when it was typed
    _refuse(desk, whole, before, after, {*changed, "priority_why"}, proposal, asked_then)
    with desk.journal.transaction() as txn:
        patch = {group: {**value, "at": txn.now()} if "at" in value else dict(value)}
        for other in ("category", "priority"):
            if other not in changed and getattr(before, other) != getattr(after, other):
                patch[other] = _patch(txn, whole, before, after, proposal, asked_then)[other]
        txn.write("request", request_id, root=request_id, patch=patch)
        made = moving.record_again(txn, request_id)
        return moving.moved(txn, whole, made)


def require(desk: Desk, whole: Whole, area: str) -> None:
    """Refuse who may not edit this one, and a request that has ended."""
    me = desk.me
    created = whole.request.events("created")
    recorder = created[0].value.get("recorder") if created else None
    if not roles.may(me.roles, area, "E", own=me.person_id in (whole.facts.owner, recorder)):
        raise Refusal("role.denied", area=area, right="E")
    if whole.state in ENDED_STATES:
        raise Refusal("edit.ended", state=whole.state)


def _paired(after: Intake, changed: set[str], proposal: Proposal) -> Intake:
    """P1 and urgent bring each other along where only one of them was changed (§2.4)."""
    if "priority" in changed and "category" not in changed:
        hard = proposal.also_complex or proposal.category == "complex"
        return replace(after, category=triage.paired_category(after.priority, after.category, hard))
    if "category" in changed and "priority" not in changed and after.category == "urgent":
        return replace(after, priority="P1")
    return after


def _refuse(
    desk: Desk,
    whole: Whole,
    before: Intake,
    after: Intake,
    changed: set[str],
    proposal: Proposal,
    checked: tuple[str, ...],
) -> None:
    if missing := [code for code in record.missing(after) if code not in record.missing(before)]:
        raise Refusal("capture.incomplete", missing=missing)
    for problem in record.problems(after, desk.settings):
        if problem.field in changed:
            raise Refusal("capture.invalid", field=problem.field, problem=problem.code)
    for code in forms.asks(after, checked):
        if code in changed:
            raise Refusal("capture.ask", field=code)
    if after.priority != before.priority:
        require(desk, whole, "priority_override")
        why = after.priority_why if "priority_why" in changed else ""
        if triage.override_problem(proposal.priority, after.priority, why, desk.settings):
            least = desk.settings.get("intake.override_why_min")
            raise Refusal("capture.priority_why", proposed=proposal.priority, chosen=after.priority, least=least)


def _patch(
    txn: Transaction, whole: Whole, before: Intake, after: Intake, proposal: Proposal, checked: tuple[str, ...]
) -> dict[str, Any]:
    """Every group of the record as it should stand; the caller writes those that changed."""
    reporter, order = whole.request.register("reporter"), whole.request.register("order")
    stood = (
        *(("customer_no",) if reporter.get("customer_no_checked") and after.customer_no == before.customer_no else ()),
        *(("order_no",) if order.get("checked") and after.order_no == before.order_no else ()),
    )
    patch: dict[str, Any] = dict(forms.registers(after, (*checked, *stood)))
    patch["reporter"]["customer_id"] = reporter.get("customer_id") or ""
    patch |= {code: getattr(after, code) for code in forms.TEXTS}
    for code in ("tags", "related_request"):
        had, has = set(getattr(before, code)), set(getattr(after, code))
        patch[code] = {**dict.fromkeys(sorted(has - had), True), **dict.fromkeys(sorted(had - has), False)}
    patch["category"] = {"category": after.category, "also_complex": after.also_complex, "at": txn.now()}
    patch["priority"] = {
        "priority": after.priority,
        "proposed": proposal.priority,
        "rule": proposal.rule,
        "modifiers": list(proposal.modifiers),
        "why": after.priority_why,
        "at": txn.now(),
    }
    return patch
