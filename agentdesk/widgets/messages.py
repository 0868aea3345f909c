"""The decorator for what widgets post: a dataclass message whose fields cannot be altered once it is made.

Use:
    @posted
    class Picked(Message):
        item: str
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

from textual.message import Message

M = TypeVar("M", bound=Message)


@dataclass_transform(frozen_default=True)
def posted(cls: type[M]) -> type[M]:
    """Make a message class a dataclass with sealed fields.

    A plain `@dataclass(frozen=True)` would seal Textual's own marks on a message too (whether it bubbled, whether it
    was stopped), and no handler could run.
    """
    made = dataclass(eq=False, repr=False)(cls)  # Message writes itself; each method made here costs the start 1 ms
    names = frozenset(field.name for field in fields(made))  # type: ignore[arg-type]

    def sealed(self: Message, name: str, value: Any) -> None:
        # The fields are set before Message.__post_init__ runs, which brings `time`.
        if name in names and hasattr(self, "time"):
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        object.__setattr__(self, name, value)

    made.__setattr__ = sealed  # type: ignore[method-assign, assignment]
    return made
