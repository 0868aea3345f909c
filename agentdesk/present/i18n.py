"""Words of the interface: `t(key, **args)` from the gettext catalogues.

Use:
    from agentdesk.present.i18n import t, use
    use("en")                                  # or zh_CN, which is what holds until somebody calls `use`
    t("queue.title")                           # "Queue"
    t("status.waiting", count=3)               # placeholders are named; values go in as data, braces in them stay

Only the standard library is imported, since this stands on the start path. A missing compiled catalogue raises
`CatalogueMissing` with what to do; a key that the catalogue lacks comes back as itself, which the catalogue check
(`scripts/catalogue.py check`) keeps from happening in a release.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path

LANGUAGES = ("zh_CN", "zh_TW", "en")
"""Languages that have a complete catalogue; the first is the default."""

TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")
"""Wishes that mean traditional characters, whatever follows."""

LOCALES = Path(__file__).parent / "locales"
"""Where the catalogues lie: `<language>/LC_MESSAGES/agentdesk.mo`."""

DOMAIN = "agentdesk"


class CatalogueMissing(RuntimeError):
    """The compiled catalogue of a language is not there; the text says which file and how to make it."""


class _Arguments(dict[str, object]):
    """Arguments of a text; one that the caller forgot stays visible as its placeholder rather than raising."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def language_of(wish: str) -> str:
    """Return the catalogue that serves a wish such as `zh`, `zh-HK`, `en_GB.UTF-8`; the default where none does."""
    tag = wish.replace("-", "_").split(".", 1)[0].lower()
    if tag.startswith(TRADITIONAL):
        return "zh_TW"
    for language in LANGUAGES:
        if tag == language.lower() or tag.split("_", 1)[0] == language.split("_", 1)[0].lower():
            return language
    return LANGUAGES[0]


def system_wish(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language that the system wishes, `zh_TW.UTF-8`; empty where no catalogue serves it (`C.UTF-8`)."""
    wish = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return served(wish)


def served(wish: str) -> str:
    """Return the wish, empty where no catalogue serves it: then the default holds."""
    return wish if wish[:2].lower() in ("zh", "en") else ""


def open_catalogue(language: str, locales: Path = LOCALES) -> Callable[[str], str]:
    """Return the look-up of one language; raises `CatalogueMissing` where its `.mo` file is absent."""
    path = locales / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        with path.open("rb") as handle:
            return gettext.GNUTranslations(handle).gettext
    except FileNotFoundError as error:
        raise CatalogueMissing(f"{path} is missing: run `python scripts/catalogue.py compile`") from error


class _Current:
    """The language in use and its look-up; opened on first use, so that importing costs nothing."""

    def __init__(self) -> None:
        self.language = LANGUAGES[0]
        self.lookup: Callable[[str], str] | None = None

    def take(self, language: str) -> None:
        """Open a language; the old one stays where the new one cannot be opened."""
        if self.lookup is None or language != self.language:
            self.lookup = open_catalogue(language)
        self.language = language


_current = _Current()


def use(language: str) -> str:
    """Speak this language from now on; return the catalogue chosen for the wish. Raises `CatalogueMissing`."""
    chosen = language_of(language)
    _current.take(chosen)
    return chosen


def language() -> str:
    """Return the language in use, such as `zh_CN`."""
    return _current.language


def t(key: str, **args: object) -> str:
    """Return the text of a key with its named arguments put in as data.

    Values are turned into text as they are: braces, brackets and markup in them are not read. The result is plain
    `str` and must go to a sink that parses no markup (`present.safe`). `[[queue-open]]` in a text becomes the key that
    this action has now.
    """
    if _current.lookup is None:
        _current.take(_current.language)
    assert _current.lookup is not None
    text = _current.lookup(key)
    if "[[" in text:
        from agentdesk.present.keys import spoken  # which speaks through this module

        text = spoken(text)
    return text.format_map(_Arguments(args)) if args else text


def known(key: str) -> bool:
    """Say whether the language in use has a text for the key (codes of a newer centre may have none)."""
    if _current.lookup is None:
        _current.take(_current.language)
    assert _current.lookup is not None
    return _current.lookup(key) != key
