"""Preferences: where files lie, what is read back, which sentence a broken file gets."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk import preferences
from agentdesk.preferences import Loaded, Preferences
from agentdesk.present.i18n import LANGUAGES
from agentdesk.present.keys import ACTIONS
from agentdesk.present.themes import THEMES

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_home_holds_everything(tmp_path: Path) -> None:
    found = preferences.paths({"AGENTDESK_HOME": str(tmp_path)})
    for path in (found.data, found.store, found.token, found.preferences, found.log):
        assert path == tmp_path or path.parent == tmp_path
    assert not list(tmp_path.iterdir())


def test_without_home_the_system_says_where() -> None:
    found = preferences.paths({})
    assert found.store.parent.name == "agentdesk"
    assert found.preferences.name == "preferences.toml"


def test_absent_file_is_all_defaults(tmp_path: Path) -> None:
    assert preferences.load(tmp_path / "none.toml") == Loaded()


def test_the_choices_are_those_of_the_desk() -> None:
    offered = {one.name: one.metadata.get("choices") for one in fields(Preferences)}
    assert offered["language"] == LANGUAGES
    assert offered["theme"] == tuple(theme.name for theme in THEMES)


@given(
    language=st.sampled_from(["", *LANGUAGES]),
    theme=st.sampled_from([theme.name for theme in THEMES]),
    keys=st.dictionaries(st.sampled_from([action.id for action in ACTIONS]), TEXT.filter(str.strip), max_size=4),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, language: str, theme: str, keys: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("preferences") / "preferences.toml"
    preferences.change(path, {"language": language, "theme": theme, "keys": keys})
    assert preferences.load(path).preferences == Preferences(language, theme, keys)
    assert not preferences.load(path).faults


def test_the_file_says_what_each_field_is_for(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    preferences.change(path, {"theme": "agentdesk-light"})
    written = path.read_text(encoding="utf-8")
    for one in fields(Preferences):
        assert f"# {one.metadata['about']}" in written
        assert all(choice in written for choice in one.metadata.get("choices", ()))


MINE = """# my own remark
theme = "agentdesk-dark"  # at night

[keys]
# these are for my left hand
"queue-open" = "f6"
later = "f3"

[other]
a = 1
"""


def test_what_the_person_wrote_stays(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text(MINE, encoding="utf-8", newline="\r\n")
    preferences.change(path, {"language": "en", "keys": {"queue-open": "", "app-help": "f2"}})
    written = path.read_text(encoding="utf-8")
    for kept in ("# my own remark", "# at night", "# these are for my left hand", 'later = "f3"', "[other]\na = 1"):
        assert kept in written
    assert 'language = "en"' in written and "queue-open" not in written and '"app-help" = "f2"' in written
    assert preferences.load(path).preferences == Preferences("en", "agentdesk-dark", {"later": "f3", "app-help": "f2"})


@pytest.mark.parametrize(
    "text", ["theme = \n", 'keys = {"app-help" = "f2"}', 'theme = """\nagentdesk-dark"""\n', "keys.x = 'f2'"]
)
def test_a_file_that_cannot_be_changed_line_by_line_is_kept_beside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text(text, encoding="utf-8")
    preferences.change(path, {"theme": "agentdesk-light", "keys": {"app-sync": "f3"}})
    loaded = preferences.load(path)
    assert loaded.preferences.theme == "agentdesk-light" and loaded.preferences.keys["app-sync"] == "f3"
    assert (tmp_path / "preferences.toml.old").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("\ntheme = ", "broken", 2),
        ("theme = 'agentdesk-light", "broken", 1),
        ("[keys]\n\ncolour = 1\n", "type", 3),
        ("\nlanguag = 'en'", "unknown.near", 2),
        ("colour = 'red'", "unknown", 1),
        ("[colours]\na = 1", "unknown", 1),
        ("theme = 3", "type", 1),
        ("\nkeys = 'f2'", "table", 2),
        ("theme = 'agentdesk-drak'", "value.near", 1),
        ("language = 'fr'", "value", 1),
    ],
)
def test_a_fault_says_where_and_the_rest_is_used(tmp_path: Path, text: str, code: str, line: int) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text(text, encoding="utf-8")
    loaded = preferences.load(path)
    assert [(one.code, one.line) for one in loaded.faults] == [(code, line)]
    assert loaded.preferences == Preferences()
    path.write_text(f"language = 'en'\n{text}" if not text.startswith("lang") else text, encoding="utf-8")
    if code not in ("broken", "value"):
        assert preferences.load(path).preferences == Preferences(language="en"), "only the faulty entry is left out"


def test_a_file_that_cannot_be_read_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    path.write_bytes(b"\n\ntheme = '\xff'")
    assert [(one.code, one.line) for one in preferences.load(path).faults] == [("encoding", 3)]
    (tmp_path / "folder").mkdir()
    assert [one.code for one in preferences.load(tmp_path / "folder").faults] == ["unreadable"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_replaced_files_are_for_their_owner_and_leave_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "token"
    preferences.replace_file(target, b"one")
    preferences.replace_file(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]
    preferences.replace_file(target, b"three", private=False)
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o644
