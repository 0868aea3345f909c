"""The small messages of the protocol, checked by pydantic; a push has a stricter reader of its own (`changes.wire`)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PROTO = 1
MIN_REGISTRY = 1
_MAX_SCOPES = 64
_MILLIS = 2**53

Scope = Annotated[str, StringConstraints(pattern=r"^[a-z0-9:-]{1,64}$")]
Count = Annotated[int, Field(ge=0, le=2**53)]
Epoch = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")]


class Message(BaseModel):
    """Members that are not known are let pass: newer desks may send more (SYNC 2.18)."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Standing(Message):
    """Where a desk stands in a scope: `acked` counters of its own are settled, `last_ctr` was given last."""

    epoch: Epoch = ""
    seq: Count = 0
    acked: Count = 0
    last_ctr: Count = 0


class Hello(Message):
    """The desk's greeting: protocols it speaks, its version, registry, wall time in ms and standing by scope."""

    proto: Annotated[list[int], Field(min_length=1, max_length=16)]
    app: Annotated[str, Field(max_length=40)] = ""
    registry_v: int
    now: Annotated[int, Field(ge=0, le=_MILLIS)]
    scopes: Annotated[dict[Scope, Standing], Field(max_length=_MAX_SCOPES)] = {}


class ScopeTold(Message):
    """What a desk is told of a scope: where it lives, how far it is, what arrived of the desk's, its roles there.

    `redacted` is the seq of the latest redaction: a desk that has not seen it pulls before it sends.
    """

    base_url: str
    epoch: str
    head: int
    have: int
    rights: list[str]
    state: str
    redacted: int = 0


class HelloTold(Message):
    """The centre's answer to hello; `now` is its wall time in ms, `encodings` what bodies it reads, best first."""

    proto: int
    min_registry: int
    now: int
    encodings: list[str]
    scopes: dict[str, ScopeTold]


class Join(Message):
    """A desk asks to come in; `since` is the earliest hybrid time of what it brings along, 16 hex digits."""

    code: Annotated[str, Field(max_length=80)]
    machine: Annotated[str, Field(max_length=80)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    work_no: Annotated[str, Field(min_length=1, max_length=40)]
    since: Annotated[str, StringConstraints(pattern=r"^[0-7][0-9a-f]{15}$")] | None = None
    now: Annotated[int, Field(ge=0, le=_MILLIS)]


class TeamTold(Message):
    """A team by its slug, which never changes, and its name."""

    slug: str
    name: str


class JoinTold(Message):
    """Who the desk is from now on; the token is told this once."""

    token: str
    device: str
    letters: str
    person: str
    team: TeamTold
    roles: list[str]
    now: int
    scopes: dict[str, ScopeTold]


class Wait(Message):
    """The scopes to watch, each with the seq that the desk has."""

    scopes: Annotated[dict[Scope, Count], Field(min_length=1, max_length=_MAX_SCOPES)]


class WaitTold(Message):
    """The scopes that moved, with their heads; empty when the time was over."""

    moved: dict[str, int]


class Redact(Message):
    """Order to take a value out of everything under a root; `look`: only count where it stands."""

    root: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    value: Annotated[str, Field(min_length=1, max_length=200)]
    why: Annotated[str, Field(min_length=1, max_length=500)]
    look: bool = False


class RedactTold(Message):
    """How many places held the value, in how many changes and which fields; they are empty now unless `look`."""

    places: int
    changes: int
    fields: list[str]


class ProblemTold(BaseModel):
    """Every answer that is no success: problem+json; `code` is stable, further members by code."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemTold, "content": {"application/problem+json": {}}}
    for status in (400, 401, 403, 409, 413, 415, 422, 426, 429, 503)
}
