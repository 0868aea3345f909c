"""The registry: every entity, its groups and their merge kinds, in one table for desk and centre (MODEL §2).

To add a field, add it to its group here; to add an entity, add a row to `ENTITIES` and a table in `store/tables.py`.
A field never changes its group or kind: a new sub-field of an existing group is a new group.
"""

from __future__ import annotations

from agentdesk.changes import Entity, Group, Kind, Lane, Registry, Transition
from agentdesk.domain.approvals import APPROVAL_LANE
from agentdesk.domain.articles import MAX_ARTICLE
from agentdesk.domain.facts import request_facts
from agentdesk.domain.flow import ESCALATION_LANE, REQUEST_LANE
from agentdesk.domain.policies import announced_lane
from agentdesk.domain.review_lane import article_lane, reviewed_lane
from agentdesk.domain.suggestions import SUGGESTION_LANE

VERSION = 1


def _event(*fields: str, persons: tuple[str, ...] = (), central_only: bool = False, max_text: int = 5_000) -> Group:
    return Group(Kind.EVENT, (*fields, "at"), persons=persons, central_only=central_only, max_text=max_text)


def _register(
    *fields: str,
    kept: bool = False,
    central_only: bool = False,
    persons: tuple[str, ...] = (),
    teams: tuple[str, ...] = (),
    checked: tuple[str, ...] = (),
) -> Group:
    return Group(
        Kind.REGISTER,
        fields,
        kept=kept,
        central_only=central_only,
        persons=persons,
        teams=teams,
        private_checked=checked,
    )


def _lane(lane: Lane, *, persons: tuple[str, ...] = ("owner",)) -> Group:
    return Group(Kind.LANE, ("t", "to", "at", "owner", "why"), lane=lane, persons=persons)


SET = Group(Kind.SET)
TEXT = Group(Kind.TEXT)

PUBLISHING_LANE = Lane(
    {
        "draft": Transition("draft", frozenset({None, "returned", "retired"}), ("draft",)),
        "submit": Transition("submit", frozenset({"draft"}), ("in_review",)),
        "publish": Transition(
            "publish", frozenset({None, "draft", "in_review", "published", "retired"}), ("published",)
        ),
        "return": Transition("return", frozenset({"draft", "in_review"}), ("returned",)),
        "retire": Transition("retire", frozenset({"published"}), ("retired",)),
    },
    on_illegal="refuse",
)
"""Publishing is a future effect, so an illegal step is refused; `current` names the version in force."""

REQUEST = Entity(
    scope="team",
    own_root=True,
    groups={
        "created": _event("number", "recorder", "recorded_at", persons=("recorder",)),
        "channel": _register("channel"),
        "reporter": _register(
            "customer_id",
            "customer_name",
            "contact_kind",
            "contact",
            "customer_no",
            "customer_no_checked",
            "unregistered",
            checked=("customer_no", "customer_no_checked"),
        ),
        "type": _register("request_type", "sub_type"),
        "category": _register("category", "also_complex", "at", kept=True),
        "priority": _register("priority", "proposed", "rule", "modifiers", "why", "at", kept=True),
        "emotion": _register("emotion"),
        "occurred": _register("occurred_at", "unknown_why"),
        "place": _register("place"),
        "product_service": _register("product_service"),
        "order": _register("order_no", "no_order", "checked", checked=("order_no", "checked")),
        "attribution": _register("attribution"),
        "preferred_channel": _register("preferred_channel"),
        "tier": _register("tier", "by"),
        "segment": _register("segment"),
        "needs_callback": _register("value", "why"),
        "tags": SET,
        "related_request": SET,
        "description": TEXT,
        "anomaly": TEXT,
        "expected_outcome": TEXT,
        "flow": _lane(REQUEST_LANE),
        "escalation": _lane(ESCALATION_LANE),
    },
)

CONTACT = Entity(
    scope="team",
    groups={
        "opened": _event("channel", "direction"),
        "answered": _event("waited_ms"),
        "step_ticked": _event("step", "by"),
        "ended": _event("handling_ms"),
        "also_about": SET,
        "summary": TEXT,
    },
)

ENTRY = Entity(
    scope="team",
    groups={
        "note": _event("text"),
        "checklist": _event("article", "version", "step", "text"),
        "message_in": _event("text", "channel"),
        "message_sent": _event("body", "channel", "phrases", "articles", "findings", "confirmed"),
        "released": _event("approval", "rules"),
        "replaced": _event("rules"),
        "told": _event("what", "promised_at"),
        "verified": _event("how"),
        "agreed": _event("plan", "how", "why"),
        "declined": _event("plan", "how", "why"),
        "return_asked": _event("goods_state"),
        "return_decided": _event("decision"),
        "handed_technical": _event("to"),
        "supervisor_spoke": _event("for", "result"),
        "summary": _event("parts", "for"),
        "extended": _event("clock", "episode", "promised_at", "reason", "told"),
        "corrects": _event("entry", "why"),
        "proposal_settled": _event("ids", "choice"),
        "lint_hit": _event("rule", "entry", central_only=True),
        "alerted": _event("clock", "episode", "level", central_only=True),
    },
)

PLAN = Entity(
    scope="team",
    groups={
        "version": _event("steps", "owner", "finish", persons=("owner", "steps[].owner")),
        "step_done": _event("step"),
    },
)

RESOLUTION = Entity(
    scope="team",
    groups={
        "version": _event(
            "outcome",
            "cause_class",
            "actions",
            "solution_text",
            "compensation",
            "kb_refs",
            "own_knowledge",
            "new_needs",
            "follow_up",
            "kb_candidate",
            persons=("actions[].actor",),
        ),
    },
)

APPROVAL = Entity(
    scope="team",
    groups={
        "asked": _event("kind", "subject", "amount_minor", "currency", "level"),
        "status": _lane(APPROVAL_LANE, persons=()),
    },
)

VERDICT = Entity(scope="team", groups={"given": _event("verdict", "dissatisfaction_reason", "via")})
CALLBACK = Entity(
    scope="team",
    groups={
        "attempt": _event("reached", "verdict", "scores", "comment", "new_needs"),
        "exempted": _event("why"),
        "planned": _event("due_at"),
    },
)
SURVEY = Entity(
    scope="team",
    groups={
        "sent": _event(),
        "declined": _event(),
        "answered": _event("attitude", "skill", "efficiency", "first_contact", "transparency", "comment"),
    },
)

PHRASE = Entity(
    scope="site",
    own_root=True,
    groups={
        "version": _event(
            "code",
            "scenario",
            "step",
            "title",
            "body",
            "variants",
            "variables",
            "channels",
            "request_types",
            "emotions",
            "industry",
            "effective_from",
            "actions",
        ),
        "tags": SET,
        "status": _lane(reviewed_lane(PUBLISHING_LANE, "phrase")),
    },
)
LEXICON_RULE = Entity(
    scope="site",
    own_root=True,
    groups={
        "version": _event("rule", "effective_from"),
        "tags": SET,
        "status": _lane(reviewed_lane(PUBLISHING_LANE, "lexicon_rule")),
    },
)
ARTICLE = Entity(
    scope="kb",
    own_root=True,
    groups={
        "version": _event(
            "kind",
            "source_id",
            "title",
            "body",
            "plain_summary",
            "title_en",
            "plain_summary_en",
            "steps",
            "category",
            "product",
            "audience",
            "industry",
            "attachments",
            "effective_from",
            "effective_to",
            "words",
            "source_request",
            "imported",
            "withdrawn",
            "url",
            max_text=MAX_ARTICLE,
        ),
        "reviewed": _event("by", "result", "why", "version"),
        "notice": _event("version", "internal_text", "customer_text", "topics"),
        "care": _register("owner", "review_due", persons=("owner",)),
        "tags": SET,
        "keywords": SET,
        "synonyms": SET,
        "related": SET,
        "status": _lane(announced_lane(article_lane(PUBLISHING_LANE))),
    },
)
POLICY_ACK = Entity(scope="team", own_root=True, groups={"acked": _event("policy", "version")})
"""That a person has read the notice of a change; its author is who has."""
SUGGESTION = Entity(
    scope="team",
    own_root=True,
    groups={
        "made": _event("about", "text", "source_request"),
        "status": _lane(SUGGESTION_LANE, persons=()),
    },
)
"""What should be written; one event each time that somebody missed it."""

SITE_SETTING = Entity(
    scope="site", own_root=True, groups={"value": _register("key", "value", "why", central_only=True)}
)
PERSON = Entity(scope="site", own_root=True, groups={"person": _register("name", "work_no", central_only=True)})
TEAM = Entity(scope="site", own_root=True, groups={"team": _register("slug", "display_name", central_only=True)})
MEMBERSHIP = Entity(
    scope="site",
    own_root=True,
    groups={"membership": _register("person", "team", "role", "from", "to", central_only=True, persons=("person",))},
)
LOG_FACT = Entity(
    scope="log",
    own_root=True,
    groups={
        "searched": _event("words", "hits", "opened", "solved"),
        "inserted": _event("article", "request"),
        "phrase_used": _event("phrase", "request"),
        "article_used": _event("article", "request", "helpful"),
        "lint_counted": _event("rule", "severity", "confirmed", "request"),
        "viewed": _event("what"),
        "exported": _event("what", "rows"),
    },
)

REDACT = Entity(
    scope="team",
    groups={"redact": _event("by", "why", "fields", "places", "targets", central_only=True, persons=("by",))},
)
"""A redaction of something under a root: changes, numbers of texts and offsets, never the value (SYNC 2.14)."""
STAT = Entity(scope="team", own_root=True, groups={"stat": _event("day", "key", "value", central_only=True)})
"""What the centre counted of one day, in parts that add up."""

ENTITIES = {
    "request": REQUEST,
    "contact": CONTACT,
    "entry": ENTRY,
    "plan": PLAN,
    "resolution": RESOLUTION,
    "approval": APPROVAL,
    "verdict": VERDICT,
    "callback": CALLBACK,
    "survey": SURVEY,
    "phrase": PHRASE,
    "lexicon_rule": LEXICON_RULE,
    "article": ARTICLE,
    "policy_ack": POLICY_ACK,
    "suggestion": SUGGESTION,
    "site_setting": SITE_SETTING,
    "person": PERSON,
    "team": TEAM,
    "membership": MEMBERSHIP,
    "log_fact": LOG_FACT,
    "redact": REDACT,
    "stat": STAT,
}

REGISTRY = Registry(VERSION, ENTITIES, request_facts)
