"""This machine and this person: where files lie, language, theme, keys.

"Settings" always means the synced site settings; what stands here never leaves the machine. `AGENTDESK_HOME` moves
everything (store, preferences, token, log) into one folder. Standard library only, since the start path reads it;
platformdirs is imported only where no home is set.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

HOME_VARIABLE = "AGENTDESK_HOME"
APP = "agentdesk"


@dataclass(frozen=True)
class Paths:
    """Where the files of one person's desk lie. Nothing is created by asking."""

    data: Path
    """Folder of the store, the token and exports."""
    store: Path
    """The store: one SQLite file."""
    token: Path
    """The desk's token for the centre, a file only its owner may read."""
    preferences: Path
    """The preferences, TOML."""
    log: Path
    """The log file: tracebacks with private numbers masked."""


def paths(environ: Mapping[str, str] = os.environ) -> Paths:
    """Return the paths for this person: below AGENTDESK_HOME if it is set, else where the system wants them."""
    if home := environ.get(HOME_VARIABLE):
        data = config = log = Path(home).expanduser()
    else:
        # 10 ms at import: whoever sets a home does not pay for it.
        import platformdirs

        data = platformdirs.user_data_path(APP, appauthor=False)
        config = platformdirs.user_config_path(APP, appauthor=False)
        log = platformdirs.user_log_path(APP, appauthor=False)
    return Paths(
        data=data,
        store=data / "desk.db",
        token=data / "token",
        preferences=config / "preferences.toml",
        log=log / "agentdesk.log",
    )


class PreferencesError(Exception):
    """The preferences cannot be used: `code` is the catalogue key of the one sentence, `details` its placeholders."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Preferences:
    """What a person has chosen; each field is one key of the file, and `about` is the comment above it there."""

    language: str = field(default="", metadata={"about": "zh_CN, zh_TW or en; empty: what the first run chose."})
    theme: str = field(default="", metadata={"about": "Name of a theme; empty: the house's dark one."})
    keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"about": 'Other keys for actions: action id = "key,key". docs/keys.md lists the ids.'},
    )


def read(path: Path) -> Preferences:
    """Read the file; an absent one is all defaults.

    Raises `PreferencesError` with code `preferences.broken` (not TOML, or not UTF-8), `preferences.unknown` (a key that
    is not a field) or `preferences.type` (a value of the wrong kind).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Preferences()
    except UnicodeDecodeError as error:
        raise PreferencesError("preferences.broken", path=str(path), reason=str(error)) from error
    # 8 ms at import, and most desks have no file yet.
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PreferencesError("preferences.broken", path=str(path), reason=str(error)) from error
    known = [one.name for one in fields(Preferences)]
    for name, value in values.items():
        if name not in known:
            raise PreferencesError("preferences.unknown", path=str(path), name=name, known=", ".join(known))
        _check_kind(path, name, value)
    return Preferences(**values)


def _check_kind(path: Path, name: str, value: Any) -> None:
    if name == "keys":
        right = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    else:
        right = isinstance(value, str)
    if not right:
        raise PreferencesError("preferences.type", path=str(path), name=name)


def write(path: Path, preferences: Preferences) -> None:
    """Write the file whole and by replacement; a crash leaves the old one or the new one. Raises OSError."""
    lines: list[str] = []
    tables: list[str] = []
    for one in fields(Preferences):
        value = getattr(preferences, one.name)
        target = lines if isinstance(value, str) else tables
        target.append(f"# {one.metadata['about']}")
        if isinstance(value, str):
            target.append(f"{one.name} = {_quoted(value)}")
        else:
            target.append(f"[{one.name}]")
            target.extend(f"{_quoted(key)} = {_quoted(text)}" for key, text in sorted(value.items()))
        target.append("")
    replace_file(path, "\n".join(lines + tables).encode())


def _quoted(text: str) -> str:
    # Only writers pay for it: the start path reads.
    import json

    # JSON's escapes are a subset of TOML's, but for DEL, which TOML wants escaped and JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def replace_file(path: Path, data: bytes, private: bool = True) -> None:
    """Put `data` at `path` in one step, on the disk before it is seen; `private` keeps others from reading (0600)."""
    # Only writers pay for it: the start path reads.
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if not private:
            os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
