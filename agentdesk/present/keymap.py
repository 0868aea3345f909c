"""Other keys for actions: which ones a person may give, and what of a file's `[keys]` can be used.

Use:
    preferences = usable(preferences.load(path))         # with the faults of [keys] beside those of the file
    app.set_keymap(for_textual(preferences.keys))
    refused("queue-open", "ctrl+m", chosen.keys)         # a Fault, or None where the key is free
    sentence(fault)                                      # what is wrong, where, and what to do
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from agentdesk.preferences import Fault, Loaded, unknown
from agentdesk.present.i18n import t
from agentdesk.present.keys import ACTIONS, EDITING, RESERVED, SCOPES, Action, arriving, effective, key_name, keys_of

BY_ID = {action.id: action for action in ACTIONS}

_FREE = r"(ctrl\+|shift\+|alt\+)?f([1-9]|10)|(ctrl|alt)\+[a-z]|ctrl\+(up|down|pageup|pagedown)|insert"
"""Keys that no terminal loses and that neither an input method nor a text field wants; some of them are excepted."""

_FIELD_KEYS = (
    r"((ctrl|shift|alt)\+)*(up|down|left|right|home|end|pageup|pagedown|backspace|delete|enter|tab|space|escape)"
)
_LATER_F = r"f(1[3-9]|2[0-4])"
"""These three are compiled (and kept) by `re` at first use: the start needs none of them."""


def as_written(key: str) -> str:
    """Return the name of a pressed key as it stands in the table: F13 is what many terminals send for Shift+F1."""
    return f"shift+f{int(key[1:]) - 12}" if re.fullmatch(_LATER_F, key) else key


def why_not(key: str, action: Action) -> str:
    """Return the code of why a key may not be given to an action; empty where it may."""
    if key in action.keys:
        return ""
    if key in RESERVED:
        return "key_reserved"
    if key in EDITING:
        return "key_editing"
    if re.fullmatch(_FREE, key):
        return ""
    if re.fullmatch(_FIELD_KEYS, key):
        return "key_editing"
    if len(key) == 1:
        return "key_letter"
    return "key_unknown"


def refused(action_id: str, key: str, chosen: Mapping[str, str]) -> Fault | None:
    """Return why an action may not have this key beside the keys that are chosen already; None where it may."""
    action = BY_ID[action_id]
    if code := why_not(key, action):
        return Fault(code, details={"action": action_id, "pressed": key})
    other = _claimed(action_id, {**chosen, action_id: key})
    return Fault("key_taken", details={"action": action_id, **other}) if other else None


def _claimed(action_id: str, chosen: Mapping[str, str]) -> dict[str, object]:
    """Return key and id of another action that claims a key of this one (or of its variants) on some screen."""
    family = {action_id} | {one.id for one in ACTIONS if one.shadows == action_id and one.id not in chosen}
    for scope in SCOPES:
        here = effective(scope)
        for mine in (one for one in here if one.id in family):
            for other in here:
                both = set(keys_of(mine, chosen)) & set(keys_of(other, chosen))
                if both and other.id not in family:
                    return {"pressed": min(both), "other": other.id}
    return {}


def usable(loaded: Loaded) -> Loaded:
    """Return the preferences with those entries of `keys` that can be used; each of the others is a fault."""
    good: dict[str, str] = {}
    faults: list[Fault] = []
    for action_id, wished in loaded.preferences.keys.items():
        fault = _entry_fault(action_id, wished)
        if fault is None:
            good[action_id] = ",".join(_split(wished))
        else:
            faults.append(fault)
    while clash := next(((one, other) for one in reversed(good) if (other := _claimed(one, good))), None):
        action_id, other = clash
        del good[action_id]  # its own keys come back, which another entry may have taken: look again
        faults.append(Fault("key_taken", details={"action": action_id, **other}))
    placed = [one._replace(line=loaded.lines.get(str(one.details.get("action", "")), 0)) for one in faults]
    found = sorted((*loaded.faults, *placed), key=lambda fault: fault.line)
    return Loaded(replace(loaded.preferences, keys=good), tuple(found), loaded.lines)


def _split(wished: str) -> list[str]:
    return [key.strip().lower() for key in wished.split(",") if key.strip()]


def _entry_fault(action_id: str, wished: str) -> Fault | None:
    if action_id not in BY_ID:
        return unknown("action", action_id, list(BY_ID), action=action_id)
    for key in _split(wished):
        if code := why_not(key, BY_ID[action_id]):
            return Fault(code, details={"action": action_id, "pressed": key})
    return None


def for_textual(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the keymap of Textual: with the variants that follow, and with the other names of shifted keys."""
    return {
        action.id: ",".join(arriving(keys_of(action, chosen)))
        for action in ACTIONS
        if action.id in chosen or action.shadows in chosen
    }


def sentence(fault: Fault) -> str:
    """Return the one sentence of a fault: where, what is wrong, what to do."""
    words = dict(fault.details)
    for role in ("action", "other"):
        if (one := BY_ID.get(str(words.get(role)))) is not None:
            words[role] = f"{t(one.label)} {one.id}" if fault.line else t(one.label)
    if "pressed" in words:
        words["pressed"] = key_name(str(words["pressed"]))
    said = t(f"preferences.fault.{fault.code}", **words)
    return t("preferences.at", line=fault.line, said=said) if fault.line else said
