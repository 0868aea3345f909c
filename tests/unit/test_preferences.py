"""Preferences: where files lie, what is read back, which sentence a broken file gets."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk import preferences
from agentdesk.preferences import Preferences, PreferencesError

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
    assert preferences.read(tmp_path / "none.toml") == Preferences()


@given(language=TEXT, theme=TEXT, keys=st.dictionaries(TEXT, TEXT, max_size=4))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, language: str, theme: str, keys: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("preferences") / "preferences.toml"
    chosen = Preferences(language, theme, keys)
    preferences.write(path, chosen)
    assert preferences.read(path) == chosen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("language = ", "preferences.broken"),
        ("colour = 'red'", "preferences.unknown"),
        ("theme = 3", "preferences.type"),
        ("keys = 'f2'", "preferences.type"),
        ("[keys]\na = 1", "preferences.type"),
    ],
)
def test_a_bad_file_is_one_sentence_with_its_path(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PreferencesError) as caught:
        preferences.read(path)
    assert caught.value.code == code
    assert caught.value.details["path"] == str(path)


def test_a_file_that_is_not_utf8_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    path.write_bytes(b"theme = '\xff'")
    with pytest.raises(PreferencesError, match=r"preferences\.broken"):
        preferences.read(path)


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
