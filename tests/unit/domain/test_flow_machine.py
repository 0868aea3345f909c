"""Whatever people do in whatever order: the lane's invariants hold, and nobody gets past the customer's word."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.domain.flow import REQUEST_LANE, automatic
from agentdesk.domain.vocabulary import STATES

FACTS = (
    "told", "verified", "agreed", "declined", "satisfied", "dissatisfied", "no_answer", "spoke", "survey",
    "reached", "unreached", "exempted", "contact", "message_in", "complex", "urgent", "simple", "day", "pick",
)  # fmt: skip


def say(story, what):
    """Let one fact happen; versions and answers name what the lane stands on."""
    plan_id = story.facts.flow.get("plan_id")
    if what in ("satisfied", "dissatisfied", "no_answer"):
        story.verdict(what, dissatisfaction_reason="慢")
    elif what in ("agreed", "declined"):
        story.entry(**{what: {"plan": plan_id or "none", "how": "oral", "why": "贵"}})
    elif what == "spoke":
        story.entry(supervisor_spoke={"for": "dissatisfied", "result": "x"})
    elif what == "survey":
        story.write("survey", "s", {"sent": {}})
    elif what in ("reached", "unreached"):
        story.write("callback", "c", {"attempt": {"reached": what == "reached"}})
    elif what == "exempted":
        story.write("callback", "c", {"exempted": {"why": "x"}})
    elif what == "contact":
        story.write("contact", "next", {"opened": {"channel": "phone", "direction": "in"}})
    elif what == "message_in":
        story.entry(message_in={"text": "在吗"})
    elif what in ("complex", "urgent", "simple"):
        story.write("request", "", {"category": {"category": what, "also_complex": False}})
    elif what == "day":
        story.after(days=1)
    elif what == "told":
        story.entry(told={"what": "interim"}, summary={"parts": {}, "for": "transfer"})
    elif what == "verified":
        story.entry(verified={"how": "order"})
    else:
        story.facts.request.values["retro_pick"] = {"on": True}  # its form comes later, the rule is there


def more(story, name):
    """What a form would put into the transition's own patch."""
    return {
        "T3": lambda: {"resolution_id": story.resolution()},
        "T5": lambda: {"plan_id": story.plan()},
        "T7": lambda: {"owner": "person-me"},
        "T9": lambda: {"owner": "person-me", "to_team": "repair", "why": "换班"},
        "T10": lambda: {"wait": {"kind": "customer", "until": "x"}},
        "T12": lambda: {"resolution_id": story.resolution()},
        "T15": lambda: {"cause_class": "tool"},
        "T20": lambda: {"why": "test"},
    }.get(name, dict)()


def try_move(story, name, pick):
    row = REQUEST_LANE.transitions[name]
    patch, to = more(story, name), row.targets[pick % len(row.targets)]
    if story.ruling(name, to, **patch).verdict == "applied":
        story.move(name, to, **patch)


#: What a form would write before the transition; a walk does so now and then, to get far.
HELPS = {
    "T6": ("declined",),
    "T7": ("agreed",),
    "T9": ("told",),
    "T10": ("told",),
    "T11": ("message_in",),
    "T13": ("satisfied",),
    "T14": ("dissatisfied",),
    "T15": ("spoke", "agreed"),
    "T16": ("pick", "agreed"),
    "T17": ("survey", "reached"),
    "T18": ("unreached", "unreached", "day", "unreached", "no_answer"),
    "T19": ("contact",),
}

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(tuple(REQUEST_LANE.transitions)), st.integers(0, 1)),
        st.tuples(st.just("fact"), st.sampled_from(FACTS), st.just(0)),
        st.tuples(st.just("legal"), st.sampled_from(["helped", "helped", "bare"]), st.integers(0, 9)),
    ),
    min_size=15,
    max_size=50,
)


def legal_names(story):
    """The transitions that lead on from here, for walks that get far; T20 is left to chance, it ends the story."""
    return [
        name for name, row in REQUEST_LANE.transitions.items() if story.facts.state in row.sources and name != "T20"
    ]


def walk(story, moves):
    for kind, what, pick in moves:
        story.after(minutes=1)
        if kind == "fact":
            say(story, what)
        elif kind == "move":
            try_move(story, what, pick)
        elif names := legal_names(story):
            name = names[pick % len(names)]
            for fact in HELPS.get(name, ()) if what == "helped" else ():
                say(story, fact)
            try_move(story, name, pick)


@settings(max_examples=150)
@given(moves=MOVES, first=st.sampled_from(["a", "b"]))
def test_the_lane_keeps_its_invariants(new_story, record_a, record_b, moves, first):
    story = new_story().draft(record_a if first == "a" else record_b)
    walk(story, moves)
    trail = story.facts.trail
    for before, after in pairwise(trail):
        row = REQUEST_LANE.transitions[after.t]
        assert before.state in row.sources and after.state in row.targets
        assert after.owner, "nobody drops a request: it always has an owner"
        if before.state == "CLOSED":
            assert after.t == "T19"
        if after.state == "CLOSED":
            assert before.state in ("CONFIRMED", "REMEDIATION") or after.t == "T18"
        if before.state == "RESOLVED":
            assert after.t in ("T13", "T14", "T18", "T20")
        assert (after.episode == after.id) == row.starts_episode
        assert before.state not in ("CANCELLED", "MOVED")
    assert story.facts.state in STATES
    verdicts = len(story.facts.events("verdict", "given"))
    assert story.facts.transitions("T13", "T14", "T18") <= verdicts, "no confirmation without the customer's word"


@settings(max_examples=100)
@given(moves=MOVES)
def test_what_is_automatic_is_legal(new_story, record_a, moves):
    story = new_story().draft(record_a)
    walk(story, moves)
    for _ in range(3):
        following = automatic(story.facts)
        for name in following:
            (to,) = REQUEST_LANE.transitions[name].targets
            story.move(name, to)
    assert automatic(story.facts) == ()


def test_the_walk_reaches_every_state(new_story, record_a, record_b):
    """The property would prove nothing if the walks never got anywhere."""
    seen = set()

    @settings(max_examples=400)
    @given(moves=MOVES, first=st.sampled_from(["a", "b"]))
    def explore(moves, first):
        story = new_story().draft(record_a if first == "a" else record_b)
        walk(story, moves)
        seen.update(step.t for step in story.facts.trail)

    explore()
    assert seen == set(REQUEST_LANE.transitions)
