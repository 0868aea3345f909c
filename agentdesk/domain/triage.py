"""Triage: category and priority as the rules propose them, with the reasons (§2.4, §2.5).

The table PR-01…PR-12 is walked from top to bottom; the first match gives the base priority, every later match is shown
as a further reason. Then the modifiers PM-1…PM-4 raise by at most one step, never down. The words by which a rule
recognises a description are data (`content/triage.toml`), parsed once by `parse_words`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from agentdesk.domain.intake import Intake
from agentdesk.domain.settings import SHIPPED, Settings
from agentdesk.domain.triage_words import TriageWords, parse_words

__all__ = ["RULES", "Circumstances", "Proposal", "Reason", "TriageWords", "override_problem", "parse_words", "propose"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What triage must know beside the form: history and surroundings of the request."""

    repeat_count: int = 0
    risk_index: int = 0
    in_batch: bool = False
    unanswered: bool = False
    """An earlier contact on this matter is known to have been left without answer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One matching rule: its number, its reason code, and the words that made it match (may be empty)."""

    rule: str
    code: str
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose and why.

    `reasons[0]` is the rule that gave `base`; the others matched as well. `modifiers` are those that speak for the
    step from `base` to `priority`. `category_reasons` are codes: p1_rule, p1_modifier for urgent; complaint,
    after_sales, technical, logistics, enterprise, repeat, needs_others for complex; answerable for simple.
    """

    priority: str
    base: str
    rule: str
    reasons: tuple[Reason, ...]
    modifiers: tuple[str, ...]
    category: str
    also_complex: bool
    category_reasons: tuple[str, ...]
    category_words: tuple[str, ...] = ()
    """The words of the record by which `category_reason` was found, where words found it."""

    @property
    def reason_code(self) -> str:
        """The reason code of the deciding rule."""
        return self.reasons[0].code

    @property
    def category_reason(self) -> str:
        """The first reason for the category."""
        return self.category_reasons[0]


@dataclass(frozen=True, slots=True)
class _Case:
    intake: Intake
    around: Circumstances
    words: TriageWords
    text: str

    def hits(self, rule: str) -> tuple[str, ...]:
        return self.words.matches(rule, self.text)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One row of §2.5; `match` returns the matched words, or None where the condition does not hold."""

    code: str
    base: str
    reason: str
    match: Callable[[_Case, list[Reason]], tuple[str, ...] | None]


def _by_words(rule: str) -> Callable[[_Case, list[Reason]], tuple[str, ...] | None]:
    return lambda case, above: case.hits(rule) or None


def _batch(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    hits = case.hits("PR-02")
    return hits if hits or case.around.in_batch else None


def _ignored(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    if case.intake.request_type != "complaint":
        return None
    hits = case.hits("PR-04")
    return hits if hits or case.around.unanswered else None


def _deadline(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    unusable, deadline = case.hits("PR-06.unusable"), case.hits("PR-06.deadline")
    return unusable + deadline if unusable and deadline else None


def _ordinary_complaint(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    return () if case.intake.request_type == "complaint" and not above else None


def _after_sales(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    intake = case.intake
    loose = intake.request_type == "other" and intake.sub_type in ("after_sales", "refund", "repair", "warranty")
    return () if intake.request_type == "after_sales" or loose else None


def _technical(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    if any(reason.rule == "PR-01" for reason in above):
        return None  # with danger it is PR-01's, not this row's
    hits = case.hits("PR-10")
    return hits if hits or "technical" in case.intake.tags else None


def _enterprise(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    if "enterprise" not in (case.intake.tier, case.intake.segment):
        return None
    return case.hits("PR-11") or None


def _everything_else(case: _Case, above: list[Reason]) -> tuple[str, ...] | None:
    return None if above else ()


RULES: Final = (
    _Rule("PR-01", "P1", "safety", _by_words("PR-01")),
    _Rule("PR-02", "P1", "batch", _batch),
    _Rule("PR-03", "P1", "funds_privacy", _by_words("PR-03")),
    _Rule("PR-04", "P1", "ignored", _ignored),
    _Rule("PR-05", "P1", "exposure", _by_words("PR-05")),
    _Rule("PR-06", "P1", "deadline", _deadline),
    _Rule("PR-07", "P2", "complaint", _ordinary_complaint),
    _Rule("PR-08", "P2", "after_sales", _after_sales),
    _Rule("PR-09", "P2", "logistics", _by_words("PR-09")),
    _Rule("PR-10", "P2", "technical", _technical),
    _Rule("PR-11", "P2", "enterprise", _enterprise),
    _Rule("PR-12", "P3", "routine", _everything_else),
)
_RULE: Final = {rule.code: rule for rule in RULES}


def propose(
    intake: Intake,
    words: TriageWords,
    repeat_count: int = 0,
    risk_index: int = 0,
    *,
    in_batch: bool = False,
    unanswered: bool = False,
    settings: Settings = SHIPPED,
) -> Proposal:
    """Return the proposed category and priority of a record, complete or not.

    `repeat_count`: earlier requests of this customer on this topic; `risk_index` 0–100; `in_batch`: member of an open
    batch incident; `unanswered`: an earlier contact is known to have had no answer.
    """
    around = Circumstances(repeat_count, risk_index, in_batch, unanswered)
    case = _Case(intake, around, words, words.prepare(_described(intake)))
    reasons: list[Reason] = []
    for rule in RULES:
        matched = rule.match(case, reasons)
        if matched is not None:
            reasons.append(Reason(rule.code, rule.reason, matched))
    base = _RULE[reasons[0].rule].base
    priority, modifiers = _modified(base, intake, around, settings)
    complex_reasons = _complex_reasons(case, reasons, settings)
    category, category_reasons = _category(base, priority, complex_reasons)
    return Proposal(
        priority=priority,
        base=base,
        rule=reasons[0].rule,
        reasons=tuple(reasons),
        modifiers=modifiers,
        category=category,
        also_complex=category == "urgent" and bool(complex_reasons),
        category_reasons=category_reasons,
        category_words=_category_words(case, reasons, category_reasons[0]),
    )


def _described(intake: Intake) -> tuple[str, ...]:
    return intake.description, intake.anomaly, intake.expected_outcome


def _modified(base: str, intake: Intake, around: Circumstances, settings: Settings) -> tuple[str, tuple[str, ...]]:
    """Apply PM-1…PM-4: each that can act on `base` is named, but together they raise by one step only."""
    acting: list[str] = []
    if base == "P3" and (
        intake.emotion == "angry" or (intake.emotion == "anxious" and intake.request_type == "complaint")
    ):
        acting.append("PM-1")
    if base == "P3" and intake.tier in ("vip", "enterprise"):
        acting.append("PM-2")
    if base != "P1" and around.repeat_count >= settings.get("triage.repeat_step_up"):
        acting.append("PM-3")
    if base != "P1" and around.risk_index >= settings.get("triage.risk_step_up"):
        acting.append("PM-4")
    raised = {"P3": "P2", "P2": "P1", "P1": "P1"}[base] if acting else base
    return raised, tuple(acting)


def _complex_reasons(case: _Case, reasons: list[Reason], settings: Settings) -> tuple[str, ...]:
    """Return why the matter needs more than an answer (§2.4), by code; nothing means that it can be simple."""
    found: list[str] = []
    if case.intake.request_type in ("complaint", "after_sales"):
        found.append(case.intake.request_type)
    matched = {reason.rule for reason in reasons}
    found += [_RULE[code].reason for code in ("PR-09", "PR-10", "PR-11") if code in matched]
    if case.around.repeat_count >= settings.get("triage.repeat_complex"):
        found.append("repeat")
    if case.hits("complex"):
        found.append("needs_others")
    return tuple(found)


def _category(base: str, priority: str, complex_reasons: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if priority == "P1":  # P1 ⇔ urgent; urgent wins over complex
        return "urgent", ("p1_rule" if base == "P1" else "p1_modifier", *complex_reasons)
    if complex_reasons:
        return "complex", complex_reasons
    return "simple", ("answerable",)


def _category_words(case: _Case, reasons: list[Reason], code: str) -> tuple[str, ...]:
    if code == "needs_others":
        return case.hits("complex")
    return next((reason.matched for reason in reasons if code == "p1_rule" or reason.code == code), ())


def override_problem(proposed: str, chosen: str, why: str, settings: Settings = SHIPPED) -> str:
    """Return "priority_why" if another priority than the proposed one was chosen without a sufficient reason."""
    if chosen == proposed or len(why.strip()) >= settings.get("intake.override_why_min"):
        return ""
    return "priority_why"


def paired_category(priority: str, category: str, complex_reasons: bool) -> str:
    """Return the category that an override of the priority proposes: P1 ⇔ urgent (§2.4)."""
    if priority == "P1":
        return "urgent"
    if category == "urgent":
        return "complex" if complex_reasons else "simple"
    return category
