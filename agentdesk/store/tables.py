"""The tables as SQLModel knows them; queries use the Core tables under the models, which are faster than ORM objects.

The fixed tables are classes. An entity's table follows from the registry: identity, one JSON column a group, stamps.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, Table, Text
from sqlmodel import Field, SQLModel

from agentdesk.changes import Registry
from agentdesk.domain.records import REGISTRY

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
Json = JSON(none_as_null=True)


def dump_json(value: Any) -> str:
    """Write a JSON column."""
    return _ENCODER.encode(value)


def load_json(text: str) -> Any:
    """Read a JSON column."""
    return json.loads(text)


def _json(nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(Json, nullable=nullable))


class ChangeRow(SQLModel, table=True):
    """A change with what is known of its place: own work waiting, settled or refused, and what was pulled."""

    __tablename__ = "change"
    id: str = Field(sa_column=Column(Text, primary_key=True))
    scope: str = Field(sa_type=Text)
    own: int
    ctr: int
    device: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    off: int
    txn: str = Field(sa_type=Text)
    root: str = Field(sa_type=Text)
    entity: str = Field(sa_type=Text)
    entity_id: str = Field(sa_type=Text)
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    seq: int | None = None
    eff: int | None = None
    verdict: str | None = Field(default=None, sa_type=Text)
    refused: str | None = Field(default=None, sa_type=Text)
    refused_args: dict[str, Any] | None = _json()


class CursorRow(SQLModel, table=True):
    """How far a scope was pulled, and the counter of own changes in it."""

    __tablename__ = "cursor"
    scope: str = Field(sa_column=Column(Text, primary_key=True))
    epoch: str = Field(sa_type=Text)
    seq: int
    chain: str = Field(sa_type=Text)
    receipt: str = Field(sa_type=Text)
    last_ctr: int
    stopped: str | None = Field(default=None, sa_type=Text)


class ShadowRow(SQLModel, table=True):
    """The confirmed state of an entity while own work lies on top; null: it does not exist there yet."""

    __tablename__ = "shadow"
    entity: str = Field(sa_column=Column(Text, primary_key=True))
    id: str = Field(sa_column=Column(Text, primary_key=True))
    state: dict[str, Any] | None = _json()


class LocalRow(SQLModel, table=True):
    """Small values of this machine."""

    __tablename__ = "local"
    key: str = Field(sa_column=Column(Text, primary_key=True))
    value: dict[str, Any] = _json(nullable=False)


class DraftRow(SQLModel, table=True):
    """What was typed and not yet saved."""

    __tablename__ = "draft"
    key: str = Field(sa_column=Column(Text, primary_key=True))
    value: dict[str, Any] = _json(nullable=False)
    saved_at: int


class QueueRowModel(SQLModel, table=True):
    """One line of the queue; instants are epoch milliseconds."""

    __tablename__ = "queue_row"
    root: str = Field(sa_column=Column(Text, primary_key=True))
    number: str = Field(sa_type=Text)
    short_number: str = Field(sa_type=Text)
    customer: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    request_type: str | None = Field(default=None, sa_type=Text)
    sub_type: str | None = Field(default=None, sa_type=Text)
    category: str | None = Field(default=None, sa_type=Text)
    priority: str | None = Field(default=None, sa_type=Text)
    emotion: str | None = Field(default=None, sa_type=Text)
    state: str = Field(sa_type=Text)
    owner: str | None = Field(default=None, sa_type=Text)
    tier: str | None = Field(default=None, sa_type=Text)
    next_clock: str | None = Field(default=None, sa_type=Text)
    next_due_at: int | None = None
    warn_at: int | None = None
    is_open: int
    pending: int
    conflict: int
    updated_at: int
    channel: str | None = Field(default=None, sa_type=Text)
    tags: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    number_tail: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class QueueTagRow(SQLModel, table=True):
    """A tag of a request, with what its place in the queue hangs on; instants are epoch milliseconds."""

    __tablename__ = "queue_tag"
    tag: str = Field(sa_column=Column(Text, primary_key=True))
    root: str = Field(sa_column=Column(Text, primary_key=True))
    is_open: int
    due: int
    priority: str | None = Field(default=None, sa_type=Text)
    number: str = Field(sa_type=Text)


class QueueTally(SQLModel, table=True):
    """How many requests are open (1) and not (0), and how many of them P1; triggers keep it."""

    __tablename__ = "queue_tally"
    is_open: int = Field(primary_key=True)
    n: int
    p1: int


class ClockRow(SQLModel, table=True):
    """One clock of one episode; instants are epoch milliseconds."""

    __tablename__ = "clock_row"
    root: str = Field(sa_type=Text)
    clock: str = Field(sa_column=Column(Text, primary_key=True))
    subject: str = Field(sa_column=Column(Text, primary_key=True))
    episode: str = Field(sa_column=Column(Text, primary_key=True))
    started_at: int
    due_at: int
    original_due_at: int
    warn_at: int
    paused_at: int | None = None
    stopped_at: int | None = None
    cancelled: int


class CustomerKeyRow(SQLModel, table=True):
    """Where a number, contact or name of a customer occurs."""

    __tablename__ = "customer_key"
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    root: str = Field(sa_column=Column(Text, primary_key=True))


def core(model: type[SQLModel]) -> Table:
    """Return the Core table under a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def entity_tables(registry: Registry) -> dict[str, Table]:
    """Return a Core table an entity of the registry, in the models' metadata."""
    return {name: _entity_table(name, tuple(entity.groups)) for name, entity in registry.entities.items()}


def _entity_table(name: str, groups: tuple[str, ...]) -> Table:
    table = Table(
        name,
        SQLModel.metadata,
        Column("id", Text, primary_key=True),
        *(Column(column, Text, nullable=False) for column in ("scope", "root", "author", "rules_v")),
        *(Column(group, Json) for group in groups),
        Column("stamps", Json, nullable=False),
        Column("kept", Json, nullable=False),
        Column("pending", Integer, nullable=False),
    )
    Index(f"{name}_root", table.c.root)
    return table


change = core(ChangeRow)
cursor = core(CursorRow)
shadow = core(ShadowRow)
local = core(LocalRow)
draft = core(DraftRow)
queue_row = core(QueueRowModel)
queue_tag = core(QueueTagRow)
clock_row = core(ClockRow)
customer_key = core(CustomerKeyRow)
entities = entity_tables(REGISTRY)
