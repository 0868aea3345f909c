"""Handlers declared with `@on` are registered only by Textual's metaclass: in a plain mixin they are dead letters."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest
from textual.message_pump import MessagePump

import agentdesk.app
import agentdesk.screens
import agentdesk.widgets

FLOORS = (agentdesk.app, agentdesk.screens, agentdesk.widgets)


def _classes() -> list[type]:
    modules = [
        importlib.import_module(f"{floor.__name__}.{found.name}")
        for floor in FLOORS
        for found in pkgutil.iter_modules(floor.__path__)
    ]
    return [
        one
        for module in modules
        for one in vars(module).values()
        if inspect.isclass(one) and one.__module__ == module.__name__
    ]


@pytest.mark.parametrize("one", _classes(), ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_class_with_handlers_is_a_message_pump(one: type) -> None:
    """Else what is typed is never stored and asked variables are never asked for."""
    declared = [name for name, value in vars(one).items() if hasattr(value, "_textual_on")]
    assert not declared or issubclass(one, MessagePump)
