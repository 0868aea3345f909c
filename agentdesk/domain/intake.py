"""The intake record (客户需求记录表, §2): its fields in the order of the form, what is required, what is still missing.

One table, `FIELDS`, holds every field with its kind, its requirement and the condition under which it is required.
The form, the command line, the gate of T2 and the completeness figure all read it, so that they cannot disagree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

from agentdesk.domain import vocabulary as words
from agentdesk.domain.contact import contact_problem
from agentdesk.domain.settings import SHIPPED, Settings

REQUIRED: Final = "R"
CONDITIONAL: Final = "C"
OPTIONAL: Final = "O"
AUTOMATIC: Final = "A"

#: Words that stand for "I did not ask" (§2.3 rule 4), folded; both scripts, since the check runs on the raw field.
PLACEHOLDERS: Final = frozenset(
    ("无", "無", "没有", "沒有", "暂无", "暫無", "不详", "不詳", "未知", "略", "n/a", "na", "none", "null", "nil")
)
UNKNOWN_TIME: Final = frozenset(("不详", "不詳", "未知", "unknown"))


@dataclass(frozen=True, slots=True)
class Intake:
    """What the form holds, flat, under the field codes of §2.1 plus the ticks and reasons beside them.

    Empty is "" (or an empty tuple); `needs_callback` None means "by the rule of §4.9". Fields that the product fills
    (recorder, recorded_at, number) are not typed and stand in the request's `created` event instead.
    """

    channel: str = ""
    customer_name: str = ""
    contact: str = ""
    contact_kind: str = ""
    customer_no: str = ""
    unregistered: bool = False
    request_type: str = ""
    sub_type: str = ""
    product_service: str = ""
    order_no: str = ""
    no_order: bool = False
    occurred_at: str = ""
    unknown_why: str = ""
    place: str = ""
    description: str = ""
    anomaly: str = ""
    attribution: str = ""
    expected_outcome: str = ""
    emotion: str = ""
    category: str = ""
    also_complex: bool = False
    priority: str = ""
    priority_why: str = ""
    tags: tuple[str, ...] = ()
    preferred_channel: str = ""
    tier: str = ""
    segment: str = ""
    needs_callback: bool | None = None
    related_request: tuple[str, ...] = ()
    repeat_count: int = 0


INTAKE_CODES: Final = tuple(field.name for field in fields(Intake))

Condition = Callable[[Intake, str], bool]
"""(record, category) -> whether a conditional field is required now."""


def _always(intake: Intake, category: str) -> bool:
    return True


def _never(intake: Intake, category: str) -> bool:
    return False


def _complaint(intake: Intake, category: str) -> bool:
    return intake.request_type == "complaint"


def _complaint_or_after_sales(intake: Intake, category: str) -> bool:
    return intake.request_type in ("complaint", "after_sales")


def _about_a_product(intake: Intake, category: str) -> bool:
    return intake.request_type in ("consult", "complaint", "after_sales")


def _anomaly(intake: Intake, category: str) -> bool:
    return _complaint_or_after_sales(intake, category) or category in ("complex", "urgent")


def _expectation(intake: Intake, category: str) -> bool:
    return _complaint(intake, category) or category in ("complex", "urgent")


def _order(intake: Intake, category: str) -> bool:
    return intake.request_type == "after_sales" or intake.sub_type in ("logistics", "refund")


@dataclass(frozen=True, slots=True)
class Field:
    """One row of §2.1: code, kind (text, long_text, enum, set, flag, count, reference, time), requirement, limits.

    `when` says when a field is required; `instead` names the tick or reason that answers it without a value.
    `longest` is in characters.
    """

    code: str
    kind: str
    need: str
    when: Condition = _never
    values: tuple[str, ...] = ()
    longest: int = 200
    instead: str = ""


FIELDS: Final = (
    Field("channel", "enum", REQUIRED, _always, words.CHANNELS),
    Field("customer_name", "text", REQUIRED, _always, longest=40),
    Field("contact", "text", REQUIRED, _always, longest=100),
    Field("customer_no", "text", CONDITIONAL, _always, longest=32, instead="unregistered"),
    Field("request_type", "enum", REQUIRED, _always, words.REQUEST_TYPES),
    Field("sub_type", "enum", OPTIONAL, values=words.SUB_TYPES),
    Field("product_service", "text", CONDITIONAL, _about_a_product),
    Field("order_no", "text", CONDITIONAL, _order, longest=64, instead="no_order"),
    Field("occurred_at", "time", CONDITIONAL, _complaint_or_after_sales, longest=100),
    Field("place", "text", OPTIONAL),
    Field("description", "long_text", REQUIRED, _always, longest=5_000),
    Field("anomaly", "long_text", CONDITIONAL, _anomaly, longest=5_000),
    Field("attribution", "enum", CONDITIONAL, _complaint, words.ATTRIBUTIONS),
    Field("expected_outcome", "long_text", CONDITIONAL, _expectation, longest=5_000),
    Field("emotion", "enum", REQUIRED, _always, words.EMOTIONS),
    Field("category", "enum", REQUIRED, _always, words.CATEGORIES),
    Field("priority", "enum", REQUIRED, _always, words.PRIORITIES),
    Field("tags", "set", OPTIONAL, longest=40),
    Field("preferred_channel", "enum", OPTIONAL, values=words.CHANNELS),
    Field("tier", "enum", OPTIONAL, values=words.TIERS),
    Field("segment", "enum", OPTIONAL, values=words.SEGMENTS),
    Field("needs_callback", "flag", AUTOMATIC),
    Field("related_request", "reference", OPTIONAL),
    Field("recorder", "reference", AUTOMATIC),
    Field("recorded_at", "time", AUTOMATIC),
    Field("repeat_count", "count", AUTOMATIC),
    Field("number", "text", AUTOMATIC),
)
FIELD: Final[dict[str, Field]] = {field.code: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that is there but cannot stand: `field` code and what is wrong with it.

    Codes: not_a_value, too_long, too_short, bad_mobile, bad_landline, bad_email, bad_account, bad_contact, too_many.
    """

    field: str
    code: str


def is_blank(value: str) -> bool:
    """Return whether a text says nothing: empty, a placeholder, one repeated character, no letter or digit (§2.3).

    One Chinese character twice is a name (丽丽), not a placeholder; three times is one.
    """
    folded = unicodedata.normalize("NFKC", value).strip().casefold()
    if folded in PLACEHOLDERS or not any(character.isalnum() for character in folded):
        return True
    if len(set(folded)) > 1 or len(folded) == 1:
        return False
    return len(folded) > 2 or folded[0].isascii()


def is_filled(intake: Intake, code: str) -> bool:
    """Return whether a field is answered: by a value that says something, or by the tick or reason beside it."""
    field = FIELD[code]
    if field.instead and getattr(intake, field.instead):
        return True
    value = getattr(intake, code, "")
    if code == "occurred_at" and unicodedata.normalize("NFKC", value).strip().casefold() in UNKNOWN_TIME:
        return not is_blank(intake.unknown_why)
    if isinstance(value, str):
        return bool(value) if field.kind == "enum" else not is_blank(value)
    return bool(value)


def required(intake: Intake, category: str | None = None) -> list[str]:
    """Return the codes of all fields required now, in form order.

    `category`: the category to assume, for a form that shows the proposed one before it is chosen.
    """
    assumed = intake.category if category is None else category
    return [field.code for field in FIELDS if field.when(intake, assumed)]


def missing(intake: Intake, category: str | None = None) -> list[str]:
    """Return the codes of required fields that are empty, in form order; placeholders count as empty."""
    return [code for code in required(intake, category) if not is_filled(intake, code)]


def problems(intake: Intake, settings: Settings = SHIPPED) -> list[Problem]:
    """Return what is wrong with values that are there, required or not, in form order."""
    found: list[Problem] = []
    for field in FIELDS:
        value: Any = getattr(intake, field.code, None)
        if not value or (field.instead and getattr(intake, field.instead)):
            continue
        code = _value_problem(field, value, intake, settings)
        if code:
            found.append(Problem(field.code, code))
    return found


def _value_problem(field: Field, value: Any, intake: Intake, settings: Settings) -> str:
    if field.kind == "enum":
        return "" if value in field.values else "not_a_value"
    if field.kind == "set":
        if len(value) > 40:
            return "too_many"
        return "too_long" if any(len(element) > field.longest for element in value) else ""
    if not isinstance(value, str) or field.kind == "reference":
        return ""
    if len(value) > field.longest:
        return "too_long"
    if field.code == "contact":
        return contact_problem(value, intake.contact_kind)
    if field.code == "description" and len(value.strip()) < settings.get("intake.description_min"):
        return "too_short"
    return ""


def gaps(intake: Intake, category: str | None = None, settings: Settings = SHIPPED) -> list[str]:
    """Return the codes that keep the record from being complete, in form order: required and empty, or invalid."""
    wrong = {problem.field for problem in problems(intake, settings)} | set(missing(intake, category))
    return [field.code for field in FIELDS if field.code in wrong]


def completeness(intake: Intake, category: str | None = None, settings: Settings = SHIPPED) -> tuple[int, int]:
    """Return (filled, required): the live figure of the form (§2.3 rule 3)."""
    needed = required(intake, category)
    wrong = set(gaps(intake, category, settings))
    return sum(code not in wrong for code in needed), len(needed)


def next_gap(intake: Intake, after: str = "", category: str | None = None, settings: Settings = SHIPPED) -> str | None:
    """Return the next field to go to after `after`, round the form; None when the record is complete."""
    wrong = gaps(intake, category, settings)
    if not wrong:
        return None
    order = [field.code for field in FIELDS]
    here = order.index(after) if after in FIELD else -1
    return next((code for code in wrong if order.index(code) > here), wrong[0])


def is_complete(intake: Intake, settings: Settings = SHIPPED) -> bool:
    """Return whether the record may leave DRAFT as far as its fields go (T2)."""
    return not gaps(intake, settings=settings)
