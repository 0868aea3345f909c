"""The plain frozen records that use cases hand to screens, the command line and tests.

They hold values and codes, never text for display: `present` and the catalogue turn codes into words. Instants are
aware datetimes, durations integer milliseconds where the name ends in `_ms`, ids uuid strings. Nothing here knows the
store; nothing that leaves `desk` is an object of the store's tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as shown: id, name and work number (工号). An unknown id has empty name and number."""

    id: str
    name: str = ""
    work_no: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a priority: the rule (PR-01…12, PM-1…4), its reason code, and the words of the record that matched."""

    rule: str
    code: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the rules propose for a record: priority with all reasons (the first decides) and modifiers, category."""

    priority: str
    rule: str
    reasons: tuple[Reason, ...]
    modifiers: tuple[str, ...]
    category: str
    also_complex: bool
    category_reason: str
    category_words: tuple[str, ...] = ()


# -- capture ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestBrief:
    """One line about a request: in duplicate warnings, a customer's history, due lists."""

    id: str
    number: str
    short_number: str
    title: str
    request_type: str
    sub_type: str
    priority: str
    state: str
    open: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerMatch:
    """A customer found by number, phone or name; the fields that fill the card, and his requests, newest first."""

    customer_name: str
    contact: str
    contact_kind: str
    customer_no: str
    unregistered: bool
    customer_id: str
    matched: str  # which key was met: "contact", "customer_no", "name", "pinyin", "initials"
    requests: tuple[RequestBrief, ...]

    @property
    def open_requests(self) -> tuple[RequestBrief, ...]:
        """The requests still open: the duplicate warning."""
        return tuple(r for r in self.requests if r.open)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field whose value cannot be taken: field code of §2.1 and a problem code (catalogue: `problem.<code>`)."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class PrivateNotice:
    """A private number that was replaced: where (field code), what kind, and the offset in the *new* text."""

    field: str
    kind: str
    position: int


@dataclass(frozen=True, slots=True)
class IntakeCheck:
    """The live state of a form: completeness `filled / required`, gaps in form order, problems, what rules propose.

    `asks` are the fields among order_no, customer_no whose value looks like a private number and waits for the
    answer "it is an order number" (`checked`) or its removal.
    """

    filled: int
    required: int
    required_fields: tuple[str, ...]
    missing: tuple[str, ...]
    problems: tuple[FieldProblem, ...]
    asks: tuple[str, ...]
    proposed: Proposed
    category: str
    priority: str
    repeat_count: int = 0
    needs_callback: bool = True
    unpaired: bool = False
    """Whether priority and category were chosen against P1 = urgent (§2.4)."""


@dataclass(frozen=True, slots=True)
class IntakeDraft:
    """A form not yet recorded. `values` are the fields of `domain.intake.Intake` set so far.

    `opened_mono` is the desk's monotonic second at which the contact began (moved back by what had passed when a
    stored draft is opened again), `answered_ms` the waited time once the customer was answered, else None.
    """

    id: str
    opened_at: datetime
    opened_mono: float
    values: Mapping[str, Any]
    answered_ms: int | None = None
    checked: tuple[str, ...] = ()
    parked: bool = False
    """Put aside by key for another caller: it comes back by key only."""
    at: str = ""
    """The field that was in hand."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A capture that was saved: the number to tell the customer, the ids, where the lane stands."""

    request_id: str
    number: str
    contact_id: str
    state: str
    category: str
    priority: str
    notices: tuple[PrivateNotice, ...] = ()


# -- words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """An article in the version that was read."""

    id: str
    version: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What brought a hit to its place: a lane or a bonus, what it went by, how much in percent of the best hit."""

    code: str
    by: tuple[str, ...]
    percent: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result. Spans are (start, end) in code points of `title` and `snippet`, on the original text."""

    id: str
    source_id: str
    version: str
    kind: str
    title: str
    snippet: str
    plain_summary: str
    score: float
    title_spans: tuple[tuple[int, int], ...] = ()
    snippet_spans: tuple[tuple[int, int], ...] = ()
    may_quote: bool = True
    """Whether its words may go to a customer; an internal one is only named as what an answer rests on."""
    grounds: tuple[Ground, ...] = ()
    """Why it stands here: lanes first, then bonuses."""
    top: float = 1.0
    """What the best hit scored by its words: bonuses are shares of it."""

    @property
    def citation(self) -> Citation:
        """What is cited when this hit is used."""
        return Citation(self.id, self.version, self.title)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article in the version in force."""

    id: str
    version: str
    source_id: str
    kind: str
    title: str
    body: str
    plain_summary: str
    steps: tuple[str, ...]
    category: str
    product: str
    tags: tuple[str, ...]
    published_at: datetime | None
    effective_from: datetime | None = None
    """When the version took effect; of a policy."""
    next_from: datetime | None = None
    """When another version of the policy takes its place, as announced."""
    copy_age: timedelta | None = None
    """How old this desk's copy of the policies is, where that is too old to be sure of."""
    url: str = ""
    """A page of the web that the article names; only one that may be opened (`text.web_address`)."""
    may_quote: bool = True
    """Whether its words may go to a customer."""
    attachments: tuple[str, ...] = ()
    """Files by reference, each as `domain.article_media` reads it."""

    @property
    def citation(self) -> Citation:
        """What is cited when this article is used."""
        return Citation(self.id, self.version, self.title)


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import of articles: how many were new, got a new version, were the same as before."""

    created: int
    updated: int
    unchanged: int


# -- one request ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the record: code of §2.1, its value, and for texts written twice at once all versions."""

    code: str
    value: Any
    required: bool = False
    siblings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepView:
    """One of the steps K1–K7: whether it is required here, and how and when it was ticked (`by`: phrase, hand)."""

    step: str
    required: bool
    ticked: bool
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock with what a countdown needs. `state`: running, warning, met, breached, extended, cancelled."""

    code: str
    subject: str
    episode: str
    state: str
    started_at: datetime
    due_at: datetime | None
    original_due_at: datetime | None
    warn_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether it still counts (a breached clock counts until it is stopped)."""
        return self.stopped_at is None and self.state != "cancelled"


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened, oldest first. `kind` names the group (message_sent, note, told, verified, agreed,
    plan, resolution, verdict, callback, survey, opened, answered, ended, created) or `transition`; `data` its value."""

    id: str
    kind: str
    at: datetime
    actor: Person
    data: Mapping[str, Any]
    entity_id: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a plan: what, who (person id), until when."""

    text: str
    owner: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A version of the plan; `id` is the change id the lane points to."""

    id: str
    entity_id: str
    version: int
    steps: tuple[PlanStep, ...]
    owner: Person
    finish: datetime | None
    answer: str  # "", "agreed", "declined"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is due next: the use case (capture, plan.tell, plan.agree, plan.accept, resolve, follow_up.verdict,
    follow_up.survey, follow_up.callback, follow_up.close, none), its transition, and the codes still missing."""

    use_case: str
    transition: str = ""
    missing: tuple[str, ...] = ()
    mine: bool = True


@dataclass(frozen=True, slots=True)
class RequestView:
    """Everything the workspace shows of one request."""

    id: str
    number: str
    short_number: str
    title: str
    state: str
    stage: str
    owner: Person
    mine: bool
    request_type: str
    sub_type: str
    channel: str
    emotion: str
    category: str
    also_complex: bool
    priority: str
    proposed_priority: str
    priority_why: str
    reasons: tuple[Reason, ...]
    modifiers: tuple[str, ...]
    record: tuple[FieldView, ...]
    filled: int
    required: int
    missing: tuple[str, ...]
    steps: tuple[StepView, ...]
    clocks: tuple[ClockView, ...]
    timeline: tuple[TimelineItem, ...]
    plan: PlanView | None
    resolution: Mapping[str, Any] | None
    verdict: str
    next: NextStep
    contact_id: str
    customer_requests: tuple[RequestBrief, ...]
    cited: tuple[Citation, ...]
    search_text: str  # what the article panel searches by itself
    pending: bool = False
    conflict: bool = False
    parked: bool = False

    def value(self, code: str) -> Any:
        """The value of a field of the record, "" when it is not there."""
        return next((f.value for f in self.record if f.code == code), "")


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One change to one group of a request, oldest first; `old` is what it replaced (None for events).

    `lost` marks a register value that a later writing overtook ("changed by a colleague; yours: …").
    """

    id: str
    at: datetime
    actor: Person
    entity: str
    entity_id: str
    group: str
    new: Any
    old: Any = None
    verdict: str = "applied"
    lost: bool = False


# -- doing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the lane stands after a use case, by which transitions, and what is due next."""

    request_id: str
    number: str
    state: str
    transitions: tuple[str, ...]
    next: NextStep


@dataclass(frozen=True, slots=True)
class ResolveForm:
    """The resolution record (§3.5) as filled in, with what is known of ST4 in the same contact.

    `message`: what was sent to the customer; empty means the solution text itself. `verdict` "" = not asked yet.
    `survey`: "sent", "declined" or "".
    """

    outcome: str = "solved"
    solution_text: str = ""
    cause_class: str = ""
    actions: tuple[str, ...] = ()
    compensation: Mapping[str, Any] | None = None  # {kind, amount_minor, currency}
    articles: tuple[Citation, ...] = ()
    phrases: tuple[str, ...] = ()
    own_knowledge: bool = False
    new_needs: str = ""
    follow_up: str = ""
    kb_candidate: str = ""
    message: str = ""
    verdict: str = ""
    dissatisfaction_reason: str = ""
    survey: str = ""


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """What the resolve form must ask: which transition, which fields are required, whether no call-back is due."""

    transition: str
    required: tuple[str, ...]
    exempt: bool
    outcomes: tuple[str, ...]
    cause_classes: tuple[str, ...]
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallbackForm:
    """One call-back attempt: reached or not, and what was heard."""

    reached: bool
    verdict: str = ""
    dissatisfaction_reason: str = ""
    scores: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    new_needs: str = ""


@dataclass(frozen=True, slots=True)
class DueCallback:
    """A row of the follow-up list: `due_at` is CK-16's, `late_at` CK-17's."""

    request: RequestBrief
    due_at: datetime | None
    late_at: datetime | None
    attempts: int
    state: str  # of CK-17: running, warning, breached
    needs: tuple[str, ...]  # verdict, callback, survey: what is still open before T17


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """One finding of `doctor`: code (catalogue: `doctor.<code>`), value, whether it is well, and why not where a
    sentence is known."""

    code: str
    value: str
    ok: bool = True
    why: str = ""
