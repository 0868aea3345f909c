"""Resolving: the resolution record and its message (T3 or T12), with the verdict and closing where they are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agentdesk.desk import follow_up, forms, knowledge, moving, reading, saying, superseded
from agentdesk.desk.context import Desk
from agentdesk.desk.local import drop_draft_in
from agentdesk.desk.permission import require
from agentdesk.desk.reading import Whole
from agentdesk.desk.reply import DRAFT
from agentdesk.desk.views import Citation, Moved, ResolveForm, ResolveOptions
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import CAUSE_CLASSES, OUTCOMES

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

VERDICTS = ("satisfied", "basically", "dissatisfied")
"""What a customer can say in the contact itself; no_answer belongs to call-backs."""


def options(desk: Desk, request_id: str) -> ResolveOptions:
    """What the form must ask. Raises Refusal flow.illegal where neither T3 nor T12 can follow."""
    whole = reading.load(desk, request_id)
    transition = _transition(whole)
    needed: tuple[str, ...] = ("solution_text", "source")
    if transition == "T12":
        cause = () if whole.facts.category == "simple" else ("cause_class",)
        needed = ("outcome", *cause, "actions", "solution_text")
    exempt = whole.facts.exempt_by_record and whole.facts.contacts_count <= 1
    return ResolveOptions(transition, needed, exempt, OUTCOMES, CAUSE_CLASSES, VERDICTS)


def _transition(whole: Whole) -> str:
    if whole.state == "RECORDED":
        return "T3"
    if whole.state == "IN_PROGRESS":
        return "T12"
    raise Refusal("flow.illegal", transition="T12", state=whole.state)


def prefill(
    desk: Desk,
    request_id: str,
    composer: str = "",
    phrases: Sequence[str] = (),
    articles: Sequence[Citation] = (),
) -> ResolveForm:
    """The form as it opens: the composer's text as solution, outcome solved, what was cited so far."""
    whole = reading.load(desk, request_id)
    cited = {cited.id: cited for cited in (*knowledge.citations(desk, whole), *articles)}
    text = composer.strip() or _last_message(whole)
    return ResolveForm(
        solution_text=text,
        articles=tuple(cited.values()),
        phrases=tuple(phrases),
        own_knowledge=not cited,
    )


def _said_now(desk: Desk, whole: Whole, form: ResolveForm) -> list[Citation]:
    """What the message cites: not what an earlier one rested on and what another version has replaced since."""
    earlier = {(cited.id, cited.version) for cited in reading.cited(whole)}
    return [
        cited for cited in form.articles if (cited.id, cited.version) not in earlier or superseded.may_cite(desk, cited)
    ]


def _last_message(whole: Whole) -> str:
    sent = whole.events("entry", "message_sent")
    return str(sent[-1].value["body"]) if sent else ""


def resolve(desk: Desk, request_id: str, form: ResolveForm, *, confirmed: bool = False) -> Moved:
    """One key: message + resolution version + T3 or T12, and as far as the form says verdict (T13), survey,
    exemption from the call-back (simple P3 enquiry confirmed in the same contact) and T17, in one transaction.

    A solution text that was sent before as a message is not sent twice. Raises Refusal: lint.blocked, lint.confirm,
    flow.guard (missing), flow.illegal, flow.later (T14), text.empty, text.too_long, role.denied.
    """
    require(desk.me.roles, "plan_resolution", "C")
    whole = reading.load(desk, request_id)
    transition = _transition(whole)
    solution = saying.gate(desk, whole, form.solution_text, confirmed=confirmed)
    message = saying.gate(desk, whole, form.message, confirmed=confirmed) if form.message.strip() else solution
    with desk.journal.transaction() as txn:
        if message.text != _last_message(whole).strip():
            saying.say(desk, txn, whole, message, phrases=form.phrases, articles=_said_now(desk, whole, form))
        version = _version(txn, form, solution.text)
        resolution_id = txn.write("resolution", txn.new_id(), root=request_id, patch={"version": version})
        moving.move(txn, request_id, transition, {"resolution_id": resolution_id})
        made = [transition]
        if form.verdict:
            made += follow_up.give_verdict(txn, whole, form.verdict, form.dissatisfaction_reason, "contact")
            follow_up.exempt_if_due(txn, whole)
            if form.survey:
                follow_up.write_survey(txn, whole, form.survey)
            made += moving.move_on(txn, request_id)
        drop_draft_in(txn, DRAFT + request_id)
        return moving.moved(txn, whole, made)


def _version(txn: Transaction, form: ResolveForm, solution: str) -> dict[str, Any]:
    me = txn.me.person_id
    actions = [text for item in form.actions if (text := forms.kept(item))]
    return {
        "outcome": form.outcome,
        "cause_class": form.cause_class,
        "actions": [{"at": txn.now(), "actor": me, "text": text} for text in actions],
        "solution_text": solution,
        "compensation": dict(form.compensation) if form.compensation else None,
        "kb_refs": [{"id": cited.id, "version": cited.version} for cited in form.articles],
        "own_knowledge": form.own_knowledge,
        "new_needs": forms.kept(form.new_needs),
        "follow_up": forms.kept(form.follow_up),
        "kb_candidate": forms.kept(form.kb_candidate),
        "at": txn.now(),
    }
