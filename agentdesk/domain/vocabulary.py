"""The codes of the trade: every enumeration of the service standard, as stored.

Stored values are the ASCII codes of the standard (§1, §2, §3.3), never display text; the catalogue holds the labels
under the same codes. Each enumeration is a tuple in the order in which a form offers it, so that the digit keys of a
choice row stay the same for ever.
"""

from __future__ import annotations

from typing import Final

# -- §2.1, the intake record ------------------------------------------------------------------------------------

REQUEST_TYPES: Final = ("consult", "complaint", "suggestion", "after_sales", "other")
SUB_TYPES: Final = (
    "product",
    "purchase",
    "usage",
    "after_sales",
    "logistics",
    "policy",
    "refund",
    "repair",
    "warranty",
    "attitude",
    "quality",
    "safety",
)
EMOTIONS: Final = ("calm", "anxious", "dissatisfied", "angry")
PRIORITIES: Final = ("P1", "P2", "P3")
CATEGORIES: Final = ("simple", "complex", "urgent")
ATTRIBUTIONS: Final = ("product_quality", "logistics", "service_attitude", "policy", "system", "other")
TIERS: Final = ("regular", "vip", "enterprise")
SEGMENTS: Final = ("new", "active", "enterprise", "returning_goods")
TAGS: Final = ("technical", "logistics", "policy")
CONTACT_KINDS: Final = ("mobile", "landline", "email", "account")

# -- §2.6, channels ---------------------------------------------------------------------------------------------

CHANNELS: Final = ("phone", "online", "email", "app_message", "social", "bot", "walk_in")
DIRECTIONS: Final = ("in", "out")

# -- §3.1, the contact checklist --------------------------------------------------------------------------------

STEPS: Final = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")
#: K4 (identity) is walked only where account or order data is needed.
REQUIRED_STEPS: Final = ("K1", "K2", "K3", "K5", "K6", "K7")

# -- §3.3, states and stages of a request -----------------------------------------------------------------------

STATES: Final = (
    "DRAFT",
    "RECORDED",
    "ANALYSING",
    "PLAN_PENDING",
    "ASSIGNED",
    "IN_PROGRESS",
    "WAITING",
    "RESOLVED",
    "CONFIRMED",
    "REMEDIATION",
    "CLOSED",
    "CANCELLED",
    "MOVED",
)
STAGES: Final = ("ST1", "ST2", "ST3", "ST4", "ST5")
#: States in which nothing more is owed to the customer here (MOVED: another team owes it).
ENDED_STATES: Final = ("CLOSED", "CANCELLED", "MOVED")
WAIT_KINDS: Final = ("customer", "co_handler", "third_party")
CANCEL_REASONS: Final = ("duplicate", "merged", "withdrawn", "test")

ESCALATION_STATES: Final = ("none", "open", "accepted", "answered")
ESCALATION_LEVELS: Final = ("L1", "L2", "L3")
ESCALATION_REASONS: Final = (
    "customer_asks",
    "over_authority",
    "risk_index",
    "breach",
    "abusive",
    "policy_exception",
    "legal_media",
)

# -- §3.5, the resolution record, and what follows --------------------------------------------------------------

OUTCOMES: Final = ("solved", "workaround", "compensated", "referred", "refused_with_reason", "unresolvable")
CAUSE_CLASSES: Final = (
    "flow_gap",
    "knowledge_gap",
    "external",
    "product_defect",
    "policy_unclear",
    "attitude",
    "tool",
)
VERDICTS: Final = ("satisfied", "basically", "dissatisfied", "no_answer")
CONTENT_VERDICTS: Final = ("satisfied", "basically")
#: How the verdict reached us: in the contact that solved the matter, at a call-back, in a later message, by survey.
VERDICT_VIA: Final = ("contact", "callback", "message", "survey")
TOLD_KINDS: Final = ("interim", "plan", "direction", "progress", "definite", "decision", "delay")
AGREED_HOW: Final = ("oral", "written")
VERIFIED_HOW: Final = ("history", "order", "usage_log", "asked", "on_site")
SURVEY_DIMENSIONS: Final = ("attitude", "skill", "efficiency", "first_contact", "transparency")

# -- §1.4, people -----------------------------------------------------------------------------------------------

ROLES: Final = (
    "rep",
    "specialist",
    "super_agent",
    "tech",
    "qa_trainer",
    "supervisor",
    "manager",
    "analyst",
    "legal",
    "product",
    "admin",
)

# -- §5.2, phrase scenarios, with the contact step that each one walks ("" where it walks none) -----------------

SCENARIO_STEPS: Final[dict[str, str]] = {
    "greeting": "K1",
    "identify": "K2",
    "need_confirm": "K3",
    "probe_5w2h": "K3",
    "identity_check": "K4",
    "hold": "K5",
    "hold_back": "K5",
    "transfer": "K5",
    "apology": "K3",
    "soothing": "K3",
    "empathy_commit": "K3",
    "solution_pyramid": "K5",
    "plan_confirm": "K5",
    "interim": "K5",
    "delay_notice": "K5",
    "progress": "K5",
    "policy_explain": "K5",
    "refuse_offer": "K5",
    "escalate": "K5",
    "outage": "K5",
    "risk_notice": "K5",
    "confirm_resolved": "K6",
    "thanks": "K7",
    "invite_rating": "K7",
    "closing": "K7",
    "callback_open": "",
    "remedy": "",
    "care": "",
    "boundary": "",
}
SCENARIOS: Final = tuple(SCENARIO_STEPS)
