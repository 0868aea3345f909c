"""Who may do what: the permission table of §8 as data, and the way from a group of the registry to its area.

Rights: V view, M view masked, C create, E edit, A approve, P propose, U use, K acknowledge, X export masked, F export
full. A star after a letter limits it to one's own items. A person who holds several roles has the sum of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from agentdesk.domain.settings import SHIPPED, Settings
from agentdesk.domain.vocabulary import ROLES

#: Before joining one local person is everybody at once.
HOME_ROLES: Final = frozenset(ROLES)

#: Whose right to approve an article is for policies and finance alone.
LEGAL_POSTS: Final = frozenset(("legal", "product"))

_COLUMNS: Final = (
    ("rep",),
    ("specialist", "super_agent"),
    ("tech",),
    ("qa_trainer",),
    ("supervisor",),
    ("manager",),
    ("analyst",),
    ("legal", "product"),
    ("admin",),
)

# One line an area, one column a post, in the order of §8; "-" is nothing. Creating and editing include viewing.
_TABLE: Final = """
intake_record        C,E*    C,E    V*,E*  V     C,E    V     M    -     -
full_contact         V*      V*     V*     V     V      V     -    -     -
priority_override    E*      E      -      -     E      E     -    -     -
plan_resolution      C,E*    C,E    C*     V     E,C    V     M    -     -
assign               E*      E      E*     -     E      E     -    -     -
escalation           C       C      C      -     A      A     -    -     -
compensation         A       A      -      -     A      A     -    -     -
remedy               V       C      -      V     C,E    A     V    -     -
batch                P       P      E      V     C,E    A     V    -     -
fast_lane            U       U      -      -     C,E    A     V    -     -
phrase               U       U,C    -      C,A   A      V     V    A     -
forbidden_list       V       V,P    -      C,E   A      V     V    A     -
block_release        -       -      -      -     A      A     -    -     -
kb_article           V,P     C,E    C      A     A      V     V    C,A   -
kb_policy            -       -      -      -     -      -     -    A     -
policy_notice        K       C      K      A     K      A     V    C,A   -
callback_survey      C*      C      -      V     C      V     -    -     -
qa_inspection        V*      V*     V*     C,E   A      V     V    -     -
retrospective        C,P     C      C      C,E   C,E,A  A     V    V     -
training             U       U      U      C,E   A      V     V    -     -
simulation           U       U      U      C,E   U      U     -    -     -
kpi                  V*      V*     V*     V     V      V,E   V,C  -     -
scheduling           V*      V*     V*     -     C,E    A     V    -     -
export               -       -      -      X     X      X,F   X    -     -
administration       -       -      -      -     -      -     -    -     C,E
audit_log            -       -      -      V     V      V     -    -     V
"""
# export: "masked" or "full, audited" in §8 means that an export is made; it is X or F here.
# kb_article: A of legal and product is for policies and finance only, which the guard of the step narrows; kb_policy is
# their word on those, which is needed as well.
# administration: users, settings, sync; everybody's own preferences never leave the machine and need no right.


def _parse(table: str) -> Mapping[str, Mapping[str, frozenset[str]]]:
    areas: dict[str, Mapping[str, frozenset[str]]] = {}
    for line in table.strip().splitlines():
        area, *cells = line.split()
        rights: dict[str, frozenset[str]] = {}
        for posts, cell in zip(_COLUMNS, cells, strict=True):
            for role in posts:
                rights[role] = frozenset() if cell == "-" else frozenset(cell.split(","))
        areas[area] = MappingProxyType(rights)
    return MappingProxyType(areas)


PERMISSIONS: Final = _parse(_TABLE)
"""area -> role -> rights, for example `PERMISSIONS["intake_record"]["rep"] == {"C", "E*"}`."""

AREAS: Final = tuple(PERMISSIONS)


def may(roles: Iterable[str], area: str, right: str, *, own: bool = True) -> bool:
    """Return whether somebody with these roles has a right in an area; KeyError for an area that does not exist.

    `own`: the item is one's own (owned, recorded, assisted). Whoever may create, edit or approve may also view.
    """
    held: set[str] = set()
    for role in roles:
        held |= PERMISSIONS[area].get(role, frozenset())
    sufficient = {right} if right != "V" else {"V", "C", "E", "A"}
    return bool(held & sufficient) or (own and bool(held & {f"{letter}*" for letter in sufficient}))


# -- from the registry to the table -------------------------------------------------------------------------------

_RECORD: Final = ("intake_record", "C")
_WORK: Final = ("plan_resolution", "C")
_FOLLOW: Final = ("callback_survey", "C")
_ADMIN: Final = ("administration", "C")

#: What writing into an entity needs, unless `_GROUPS` says otherwise for the group. None: every member may.
_ENTITIES: Final[Mapping[str, tuple[str, str] | None]] = {
    "request": _RECORD,
    "contact": _RECORD,
    "entry": None,  # whoever is in the team may add what happened: facts about the past are not refused
    "plan": _WORK,
    "resolution": _WORK,
    "approval": None,  # whoever serves a customer may ask; who may grant is in the lane's table
    "verdict": _FOLLOW,
    "callback": _FOLLOW,
    "survey": _FOLLOW,
    "phrase": ("phrase", "C"),
    "lexicon_rule": ("forbidden_list", "C"),
    "article": ("kb_article", "C"),
    "policy_ack": None,  # to have read a notice is a fact about oneself
    "suggestion": None,  # whoever misses an article says so; who decides stands in the lane's table
    "site_setting": _ADMIN,
    "person": _ADMIN,
    "team": _ADMIN,
    "membership": _ADMIN,
    "log_fact": None,
    "stat": _ADMIN,  # written by the centre alone
    "redact": ("block_release", "A"),  # written by the centre alone, on order (domain.redaction)
}
_GROUPS: Final[Mapping[tuple[str, str], tuple[str, str] | None]] = {
    # Lanes are ruled transition by transition (domain.flow says who), so the group itself needs no right.
    ("request", "flow"): None,
    ("request", "escalation"): None,
    ("request", "priority"): ("priority_override", "E"),
    ("article", "reviewed"): ("kb_policy", "A"),
    ("article", "notice"): ("policy_notice", "C"),
}
_PROPOSED: Final = frozenset((("article", "version", ""), ("article", "status", "draft")))
_PUBLISHED: Final = frozenset(("article", "phrase", "lexicon_rule"))
#: Steps of the publishing lanes that need more than writing: the right of the entity's area.
_PUBLISHING: Final[Mapping[str, str]] = {
    **dict.fromkeys(("publish", "return", "retire", "keep"), "A"),
    **dict.fromkeys(("draft", "submit"), "C"),
    "flag": "V",
}


def rights_for(entity: str, group: str, transition: str = "") -> tuple[str, str] | None:
    """Return (area, right) that a patch of this group needs; None where any member of the scope may write it.

    `transition` is the name in a lane's patch. KeyError for an entity that the table does not know: what is new must
    be given its right before it can be pushed.
    """
    needed = _ENTITIES[entity]
    if (entity, transition) == ("article", "waive"):
        return "policy_notice", "A"
    if group == "status" and needed is not None:
        return needed[0], _PUBLISHING.get(transition, "A")
    return _GROUPS.get((entity, group), needed)


def may_write(roles: Iterable[str], entity: str, group: str, transition: str = "", *, own: bool = True) -> bool:
    """Return whether these roles may write a group: what the centre asks at a push and the desk before a commit."""
    needed = rights_for(entity, group, transition)
    held = tuple(roles)
    if needed is None or may(held, *needed, own=own):
        return True
    # What is proposed is a version and a draft: it counts for nobody until somebody else has put it in force.
    if (entity, group, transition) in _PROPOSED and may(held, needed[0], "P", own=own):
        return True
    # Whoever may publish a thing may write what he publishes: an import does both at once.
    return entity in _PUBLISHED and may(held, needed[0], "A", own=own)


# -- money (§4.1) -------------------------------------------------------------------------------------------------


def authority_minor(roles: Iterable[str], settings: Settings = SHIPPED) -> int | None:
    """Return the largest compensation that these roles may grant, in minor units; None: without limit."""
    held = set(roles)
    if "manager" in held:
        return None
    limits = [settings.get(f"money.{role}") for role in ("rep", "supervisor") if role in held]
    if held & {"specialist", "super_agent"}:
        limits.append(settings.get("money.specialist"))
    return max(limits, default=0)
