"""Words of the interface: languages, arguments as data, a missing catalogue said clearly."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.present import i18n
from agentdesk.present.i18n import LANGUAGES, CatalogueMissing, known, language_of, open_catalogue, system_wish, t, use
from agentdesk.present.safe import width


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """Leave the default language behind."""
    yield
    use("zh_CN")


def test_speaks_both_languages() -> None:
    assert use("zh-CN") == "zh_CN" and t("state.IN_PROGRESS") == "处理中"
    assert use("en_GB.UTF-8") == "en" and t("state.IN_PROGRESS") == "In progress"
    assert i18n.language() == "en"


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        ("zh", "zh_CN"),
        ("zh_TW", "zh_TW"),
        ("zh-HK", "zh_TW"),
        ("zh_Hant_MO", "zh_TW"),
        ("zh_SG", "zh_CN"),
        ("EN", "en"),
        ("fr", "zh_CN"),
        ("", "zh_CN"),
    ],
)
def test_chooses_the_language_that_serves_a_wish(wish: str, chosen: str) -> None:
    assert language_of(wish) == chosen


@pytest.mark.parametrize(
    ("environ", "chosen"),
    [
        ({"LANG": "zh_TW.UTF-8"}, "zh_TW"),
        ({"LANG": "zh_HK"}, "zh_TW"),
        ({"LANG": "zh-Hant"}, "zh_TW"),
        ({"LANG": "zh_TW.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_Hant_HK"}, "zh_TW"),
        ({"LANG": "C.UTF-8"}, "zh_CN"),
        ({}, "zh_CN"),
    ],
)
def test_the_system_wishes_a_language(environ: dict[str, str], chosen: str) -> None:
    assert language_of(system_wish(environ)) == chosen


def test_arguments_go_in_as_data() -> None:
    use("zh")
    assert t("reason.with_words", reason="{words}", words="{0.__class__}[/b]") == "{words}({0.__class__}[/b])"


def test_a_forgotten_argument_stays_visible_instead_of_raising() -> None:
    use("zh")
    assert t("status.waiting", other=1) == "待发 {count}"


def test_an_unknown_key_is_itself() -> None:
    assert t("no.such.key") == "no.such.key" and not known("no.such.key") and known("key.help")


def test_a_missing_catalogue_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing, match=r"agentdesk\.mo is missing: run `python scripts/catalogue.py compile`"):
        open_catalogue("en", tmp_path)


def test_a_language_that_cannot_be_opened_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    use("zh")

    def absent(language: str) -> None:
        raise CatalogueMissing(language)

    with monkeypatch.context() as patch, pytest.raises(CatalogueMissing):
        patch.setattr(i18n, "open_catalogue", absent)
        use("en")
    assert i18n.language() == "zh_CN" and t("state.CLOSED") == "已完成"


def test_stands_on_the_start_path_with_the_standard_library_alone() -> None:
    code = (
        "import sys; from agentdesk.present import i18n, keys; i18n.t('key.help'); keys.footer('queue'); "
        "sys.exit(any(m.split('.')[0] in ('textual', 'rich', 'babel', 'pydantic', 'sqlalchemy') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


LABEL_CELLS = 11
"""What a form has for the label of a field."""


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_label_of_a_field_stands_uncut(language: str) -> None:
    use(language)
    names = [name for name in known_keys() if name.startswith("field.") and name.count(".") == 1]
    assert len(names) > 30
    assert {name: t(name) for name in names if width(t(name)) > LABEL_CELLS} == {}


def known_keys() -> list[str]:
    """Return every key of the catalogue in use."""
    path = i18n.LOCALES / i18n.language() / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"
    return re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("late", ["2", "1 2 3 4 5"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_late_steps_fits_beside_their_field(language: str, late: str) -> None:
    use(language)
    said = t("plan.steps_late", numbers=t("list.comma").join(late.split()))
    assert width(said) <= 60, said
