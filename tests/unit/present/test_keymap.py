"""Other keys for actions: what may be given, what of a file is used, and the sentence for the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentdesk.preferences import Fault, Loaded, Preferences
from agentdesk.present import keymap
from agentdesk.present.i18n import LANGUAGES, use
from agentdesk.present.keys import ACTIONS, EDITING, RESERVED, conflicts


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """Leave the default language behind."""
    use("zh_CN")
    yield
    use("zh_CN")


def usable(**keys: str) -> Loaded:
    """Judge keys of a file; underscores of the names stand for hyphens."""
    return keymap.usable(Loaded(Preferences(keys={name.replace("_", "-"): key for name, key in keys.items()})))


@pytest.mark.parametrize("key", sorted(RESERVED | EDITING | {"x", "7", "space", "enter", "tab", "left", "contrl+r"}))
def test_a_key_that_would_not_arrive_is_refused(key: str) -> None:
    loaded = usable(intake_override=key)
    assert not loaded.preferences.keys
    assert [one.details["pressed"] for one in loaded.faults] == [key]


@pytest.mark.parametrize("key", ["f6", "shift+f10", "ctrl+f3", "alt+x", "ctrl+b", "F6", " f6 , ctrl+b "])
def test_a_key_that_arrives_is_taken(key: str) -> None:
    loaded = usable(intake_override=key)
    assert not loaded.faults
    assert loaded.preferences.keys["intake-override"] == key.lower().replace(" ", "")


def test_an_action_may_keep_its_own_keys() -> None:
    assert not usable(app_back="escape,ctrl+b").faults


def test_a_key_that_another_action_has_is_refused_and_named() -> None:
    loaded = usable(queue_open="f2")
    assert loaded.faults == (
        Fault("key_taken", details={"action": "queue-open", "pressed": "f2", "other": "app-intake"}),
    )
    assert not usable(queue_open="f2", app_intake="shift+f10").faults, "the other one gave it up"
    assert not usable(queue_open="f6", queue_resolve="f3").faults, "two actions change places"


def test_of_two_entries_for_one_key_the_first_counts() -> None:
    loaded = usable(queue_open="ctrl+b", queue_resolve="ctrl+b")
    assert dict(loaded.preferences.keys) == {"queue-open": "ctrl+b"}
    assert loaded.faults[0].details["other"] == "queue-open"


def test_the_same_key_on_two_screens_is_no_clash() -> None:
    assert not usable(intake_gap="ctrl+b", workspace_next="ctrl+b").faults


def test_what_is_usable_never_clashes() -> None:
    for wished in ({"app_help": "f6"}, {"app_phrases": "f8"}, {"app_sync": "ctrl+g"}, {"app_palette": "f3,f10"}):
        assert not conflicts(usable(**wished).preferences.keys)


def test_an_unknown_action_names_the_nearest() -> None:
    found = usable(queue_opn="f6").faults[0]
    assert found.code == "action.near" and found.details["near"] == "queue-open"


def test_variants_and_other_names_reach_textual() -> None:
    made = keymap.for_textual({"app-phrases": "shift+f6"})
    assert made["app-phrases"] == made["workspace-phrases"] == "shift+f6,f18"
    assert keymap.as_written("f18") == "shift+f6" and keymap.as_written("f2") == "f2"


CODES = [
    Fault("unreadable", details={"why": "x"}),
    Fault("encoding", 3),
    Fault("broken", 3),
    Fault("unknown", 3, {"name": "x", "known": "y"}),
    Fault("unknown.near", 3, {"name": "x", "near": "y"}),
    Fault("type", 3, {"name": "x"}),
    Fault("table", 3, {"name": "x"}),
    Fault("value", 3, {"of": "x", "name": "y", "known": "z"}),
    Fault("value.near", 3, {"of": "x", "name": "y", "near": "z"}),
    Fault("action", 3, {"name": "x"}),
    Fault("action.near", 3, {"name": "x", "near": "y"}),
    *(
        Fault(f"key_{code}", 3, {"action": ACTIONS[0].id, "pressed": "f3", "other": ACTIONS[1].id})
        for code in ("reserved", "editing", "letter", "unknown", "taken")
    ),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", CODES, ids=lambda fault: fault.code)
def test_every_fault_is_a_sentence(language: str, fault: Fault) -> None:
    use(language)
    said = keymap.sentence(fault)
    assert "preferences." not in said and "{" not in said
    assert not fault.line or str(fault.line) in said
