"""The command line in three languages: every help and every kind of wrong use, without a word of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from agentdesk import cli
from agentdesk.present.i18n import LANGUAGES, use

CJK = re.compile(r"[㐀-鿿　-〿！-～]")
PATH = re.compile(r"agentdesk( [a-z]+)*|central enrol")
PROSE = re.compile(r"(?<![\w.\-/\[])[a-z]+ [a-z]+ [a-z]+")
"""Three small English words in a row: names of options, fields and files never stand so."""

WRONG = (
    ("nope",), ("--nope",), ("setup",), ("setup", "--name"), ("setup", "--nope"), ("doctor", "extra", "words"),
    ("doctor", "--json=yes"), ("request", "nope"), ("request", "show"), ("request", "list", "--wat"),
    ("request", "import"), ("central", "--port", "x"), ("central", "enrol"), ("join",), ("join", "a"),
    ("kb", "search"), ("kb", "nope"), ("export", "requests", "--format"), ("demo", "--seed", "x"), ("sync",),
)  # fmt: skip
HELPS = (
    (), ("setup",), ("doctor",), ("sync",), ("join",), ("lint",), ("demo",), ("central",), ("central", "enrol"),
    ("kb",), ("kb", "search"), ("kb", "import"), ("export",), ("export", "requests"), ("request",),
    ("request", "add"), ("request", "list"), ("request", "show"), ("request", "import"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def chinese_again(agentdesk_home: object) -> Iterator[None]:
    """Leave the default language behind; nobody sits here, so that the system's language counts."""
    yield
    use("zh_CN")


def judged(text: str, language: str) -> None:
    assert text.strip()
    if language == "en":
        assert not CJK.search(text), text
    else:
        assert CJK.search(text) and not PROSE.search(PATH.sub("", text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_help_and_every_wrong_use_speaks_one_language(
    language: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    for words in HELPS:
        assert cli.main([*words, "--help"]) == 0, words
        judged(capfd.readouterr().out, language)
    for words in WRONG:
        assert cli.main(list(words)) == 2, words
        judged(capfd.readouterr().err, language)


@pytest.mark.parametrize("wish", ["zh_TW.UTF-8", "zh_HK", "zh_Hant"])
def test_the_system_may_wish_traditional(
    wish: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", wish)
    assert cli.main(["--help"]) == 0
    assert "開啟介面" in capfd.readouterr().out
