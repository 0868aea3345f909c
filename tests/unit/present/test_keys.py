"""The one table of actions: no key twice, none that terminals lose, every word in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.present import keys
from agentdesk.present.i18n import LANGUAGES, known, t, use
from agentdesk.present.keys import ACTIONS, SCOPES, bindings, conflicts, footer, help_rows, palette
from agentdesk.present.safe import width
from agentdesk.widgets.footer import GAP, KeyFooter

LOCALES = Path(keys.__file__).parent / "locales"
DESK = [scope for scope in SCOPES if scope != "app"]


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """Leave the default language behind."""
    use("zh_CN")
    yield
    use("zh_CN")


def test_no_key_is_claimed_twice_or_lost_on_the_way() -> None:
    assert conflicts() == []


def test_a_clash_is_found() -> None:
    assert conflicts({"queue-open": "f2"}) == ["queue: f2 is claimed by queue-open and app-intake"]
    assert conflicts({"queue-open": "ctrl+m"}) == ["queue-open: ctrl+m may not be bound"]
    assert conflicts({"queue-open": "ctrl+a"}) == ["queue-open: ctrl+a may not be bound"]


def test_ids_are_unique_and_name_their_scope() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert all(action.id.startswith(f"{action.scope}-") and action.scope in SCOPES for action in ACTIONS)


def test_what_shadows_takes_a_key_of_what_it_shadows() -> None:
    of_app = {action.id: action for action in ACTIONS if action.scope == "app"}
    for action in ACTIONS:
        if action.shadows:
            assert set(action.keys) & set(of_app[action.shadows].keys)


def test_no_action_hangs_on_a_letter_which_an_input_method_swallows() -> None:
    assert not [action.id for action in ACTIONS for key in action.keys if len(key) == 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_and_short(language: str) -> None:
    use(language)
    for action in ACTIONS:
        assert known(action.label) and known(action.help), action.id
    assert all(known(f"scope.{scope}") for scope in SCOPES), "page of preferences and docs/keys.md name every scope"
    cells = 10 if language == "en" else 8
    assert all(width(entry.label) <= cells for scope in SCOPES for entry in footer(scope))


@pytest.mark.parametrize("scope", DESK)
def test_do_it_is_f8_and_ctrl_s_everywhere(scope: str) -> None:
    doing = [action for action in keys.of_scope(scope) if "f8" in action.keys]
    assert scope in ("queue", "help") or [action.keys for action in doing] == [("f8", "ctrl+s")]


def test_keys_are_written_as_people_read_them() -> None:
    names = ("f2", "ctrl+g", "shift+f9", "ctrl+up", "escape", "pageup")
    assert [keys.key_name(name) for name in names] == ["F2", "Ctrl+G", "Shift+F9", "Ctrl+Up", "Esc", "PgUp"]
    assert [keys.short_key(name) for name in names] == ["F2", "^G", "S-F9", "^Up", "Esc", "PgUp"]


def test_keys_in_use_are_spoken_of_everywhere() -> None:
    keys.use_keys({"app-phrases": "shift+f6"})
    try:
        assert "S-F6" in [entry.key for entry in footer("queue")]
        assert "S-F6" in [entry.key for entry in footer("workspace")], "the variant of the workspace follows"
        assert next(row.keys for row in palette("queue") if row.id == "app-phrases") == "Shift+F6"
    finally:
        keys.use_keys({})


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_name_the_key_that_an_action_has_now(language: str) -> None:
    use(language)
    try:
        assert "F2" in t("queue.empty") and "Ctrl+N" in t("next.plan.tell")
        keys.use_keys({"app-intake": "shift+f6"})
        assert "Shift+F6" in t("queue.empty") and "F2" not in t("queue.empty")
    finally:
        keys.use_keys({})


def test_actions_named_in_texts_exist() -> None:
    pages = [path.read_text(encoding="utf-8") for path in LOCALES.rglob("*.po")]
    named = {name for page in pages for name in re.findall(r"\[\[([^\]]*)\]\]", page)}
    assert named and named <= {action.id for action in ACTIONS if action.keys}


def test_bindings_carry_ids_for_keymaps() -> None:
    made = bindings("workspace")
    assert {binding.id for binding in made} == {action.id for action in ACTIONS if action.scope == "workspace"}


def test_disabled_actions_say_why_and_remapped_keys_show() -> None:
    entries = {entry.id: entry for entry in footer("queue", {"queue-open": "没有选中"}, {"queue-open": "ctrl+l"})}
    assert not entries["queue-open"].enabled and entries["queue-open"].reason == "没有选中"
    assert entries["queue-open"].key == "^L" and entries["app-help"].enabled


def test_help_and_palette_come_from_the_table() -> None:
    assert {row.id for row in help_rows("intake")} >= {"intake-record", "app-help"}
    without_key = {row.id for row in palette("queue")} - {row.id for row in help_rows("queue")}
    assert without_key == {action.id for action in keys.effective("queue") if not action.keys}
    assert next(row.keys for row in palette("intake") if row.id == "intake-record") == "F8 / Ctrl+S"


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="no such scope"):
        keys.of_scope("nowhere")


CUT_IN_ENGLISH = {"workspace": {"workspace-record"}}
"""What English words push out at 80 columns; help and palette list them."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", SCOPES)
def test_every_footer_fits_80_columns_and_loses_only_what_is_known(scope: str, language: str) -> None:
    use(language)
    entries = footer(scope)
    fitting = KeyFooter(entries).fitting(79)
    shown = [entry for entry, _ in fitting]
    assert sum(width(text) for _, text in fitting) + GAP * (len(shown) - 1) <= 79
    assert (shown[0], shown[-1]) == (entries[0], entries[-1]), "help and commands stay"
    lost = {entry.id for entry in entries if entry not in shown and not entry.id.startswith("app-")}
    assert lost == (CUT_IN_ENGLISH.get(scope, set()) if language == "en" else set())
    if language != "en":
        left_out = {entry.id for entry in entries if entry not in shown}
        assert left_out <= (set() if scope == "queue" else {"app-sync"}), "a key has no room on 80 columns"


FIXED = {"help.confirm"}
"""Texts of what cannot be given another key: the answers to a question."""
NAMED_BY_HAND = re.compile(r"\bF\d{1,2}\b|\bCtrl\+[A-Z]\b|\^[A-Z]\b")
EDITING = re.compile(r"Ctrl\+[ACKUVXZE]\b")
"""What every text field of every program does."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_key_that_somebody_may_have_changed(language: str) -> None:
    page = (LOCALES / language / "LC_MESSAGES" / "agentdesk.po").read_text(encoding="utf-8")
    texts = re.findall(r'^msgid "([^"]+)"\nmsgstr ((?:"[^\n]*"\n?)+)', page, re.M)
    assert len(texts) > 1000
    by_hand = {key: text for key, text in texts if key not in FIXED and NAMED_BY_HAND.search(EDITING.sub("", text))}
    assert not by_hand, "write [[action-id]] for the key"
