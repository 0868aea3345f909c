"""The contact of a request: masked for everybody, in full by one key on the open request, audited (standard §5.7, §8).

A reveal holds for `privacy.reveal_seconds` of this process and for one request; whoever shows the request takes it back
when the request is left. It is never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agentdesk.desk import reading, saying, workspace
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import FieldView, PlanStep, RequestView
from agentdesk.domain import roles
from agentdesk.domain.masking import mask_contact, mask_contacts
from agentdesk.domain.refusal import Refusal

if TYPE_CHECKING:
    from agentdesk.desk.views import CustomerMatch

_CODES = frozenset(
    ("at", "promised_at", "recorded_at", "due", "finish", "id", "ids", "number", "owner", "actor", "recorder", "by")
    + ("entry", "plan", "episode", "phrases", "articles", "findings", "kb_refs", "clock", "channel")
)
"""Parts of an event that are ids, codes or instants: everything else is taken for words of a person."""


def view(desk: Desk, request_id: str) -> RequestView:
    """The request as it may be shown now: contacts masked, unless they were revealed a moment ago.

    Raises Refusal request.unknown.
    """
    whole = workspace.view(desk, request_id)
    return whole if is_revealed(desk, request_id) else masked(whole)


def is_revealed(desk: Desk, request_id: str) -> bool:
    """Whether the contacts of this request are shown in full at this moment."""
    until = desk.revealed.get(request_id)
    return until is not None and desk.mono() < until


def reveal(desk: Desk, request_id: str) -> int:
    """Show the contacts of a request in full for a while and write that it was done; return the seconds.

    Raises Refusal request.unknown, contact.denied, contact.none.
    """
    whole = _held(desk, request_id)
    _write(desk, f"request:{whole.id}")
    seconds = desk.settings.seconds("privacy.reveal_seconds")
    desk.revealed[whole.id] = desk.mono() + seconds
    return seconds


def hide(desk: Desk, request_id: str = "") -> None:
    """Mask the contacts of a request again; without an id those of all. Costs nothing where none is shown."""
    if request_id:
        desk.revealed.pop(request_id, None)
    else:
        desk.revealed.clear()


def copied(desk: Desk, request_id: str) -> str:
    """The contact in full for the clipboard, which is written down too. Raises Refusal as `reveal`."""
    whole = _held(desk, request_id)
    _write(desk, f"request:{whole.id}:copied")
    return whole.facts.intake.contact


def opened_for_edit(desk: Desk, whole: Whole) -> bool:
    """Whether a form may show the contact in full; where there is one and it may, that is written down."""
    if not may_see(desk, whole):
        return False
    if whole.facts.intake.contact and desk.store.writable:
        _write(desk, f"request:{whole.id}:edit")
    return True


def taken(desk: Desk, match: CustomerMatch, typed: str) -> None:
    """A customer found goes into a form, the contact in full: written down, unless it was typed in full itself."""
    from agentdesk.domain.contact import normal_contact

    if match.contact and match.requests and normal_contact(typed) != normal_contact(match.contact):
        _write(desk, f"request:{match.requests[0].id}:taken")


def may_see(desk: Desk, whole: Whole) -> bool:
    """Whether I may see the contact in full: representatives, specialists and technicians of their own requests (owned
    or recorded), QA, supervisor and manager of any, analyst, legal, product and administrator of none (§8)."""
    created = whole.request.events("created")
    recorder = created[0].value.get("recorder") if created else None
    me = desk.me
    return roles.may(me.roles, "full_contact", "V", own=me.person_id in (whole.facts.owner, recorder))


def _held(desk: Desk, request_id: str) -> Whole:
    """The request whose contact is asked for; refuses who may not see it, and one that has none."""
    whole = reading.load(desk, request_id)
    if not may_see(desk, whole):
        raise Refusal("contact.denied", owner=desk.person(whole.facts.owner or "").name)
    if not whole.facts.intake.contact:
        raise Refusal("contact.none")
    return whole


def _write(desk: Desk, what: str) -> None:
    with desk.journal.transaction() as txn:
        saying.log(txn, "viewed", {"what": what})


# -- masking a view ---------------------------------------------------------------------------------------------------


def masked(whole: RequestView) -> RequestView:
    """The view with every contact masked: that of the record, and those in texts, notes, messages and plans."""
    own = str(whole.value("contact"))
    return replace(
        whole,
        record=tuple(_masked_field(one, own) for one in whole.record),
        timeline=tuple(replace(item, data=masked_words(item.data, own)) for item in whole.timeline),
        plan=whole.plan and replace(whole.plan, steps=tuple(_masked_step(step, own) for step in whole.plan.steps)),
        resolution=None if whole.resolution is None else masked_words(whole.resolution, own),
        search_text=mask_contacts(whole.search_text, own),
        priority_why=mask_contacts(whole.priority_why, own),
    )


def _masked_field(one: FieldView, own: str) -> FieldView:
    if one.code == "contact":
        return replace(one, value=mask_contact(str(one.value)))
    return replace(
        one, value=_masked_value(one.value, own), siblings=tuple(mask_contacts(text, own) for text in one.siblings)
    )


def _masked_step(step: PlanStep, own: str) -> PlanStep:
    return replace(step, text=mask_contacts(step.text, own))


def masked_words(data: Mapping[str, Any], own: str = "") -> dict[str, Any]:
    """What people said in an event, masked; ids, codes and instants stay as they are."""
    return {name: value if name in _CODES else _masked_value(value, own) for name, value in data.items()}


def _masked_value(value: Any, own: str) -> Any:
    if isinstance(value, str):
        return mask_contacts(value, own)
    if isinstance(value, Mapping):
        return masked_words(value, own)
    if isinstance(value, list | tuple):
        return type(value)(_masked_value(one, own) for one in value)
    return value
