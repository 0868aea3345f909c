"""This machine and this person: where files lie, language, theme, keys.

"Settings" always means the synced site settings; what stands here never leaves the machine. `AGENTDESK_HOME` moves
everything (store, preferences, token, log) into one folder. Standard library only, since the start path reads it;
platformdirs is imported only where no home is set.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

HOME_VARIABLE = "AGENTDESK_HOME"
APP = "agentdesk"


class Paths(NamedTuple):
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


class Fault(NamedTuple):
    """Something in the file that is not used; its sentence is `preferences.fault.<code>` with `details` put in."""

    code: str
    line: int = 0
    """Line of the file; 0 where it is not known or the whole file is meant."""
    details: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Preferences:
    """What a person has chosen; each field is one key of the file, and `about` is the comment above it there."""

    language: str = field(
        default="",
        metadata={
            "about": "Language of the desk and of its commands. Empty: what the first run chose.",
            "choices": ("zh_CN", "zh_TW", "en"),
        },
    )
    theme: str = field(
        default="",
        metadata={
            "about": "Colours. Empty: the dark ones. NO_COLOR in the environment turns all of them off.",
            "choices": ("agentdesk-dark", "agentdesk-light", "agentdesk-contrast"),
        },
    )
    keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "about": 'Other keys for actions, such as "queue-open" = "f3,ctrl+o". docs/keys.md lists the ids.',
        },
    )


class Loaded(NamedTuple):
    """The file as it can be used, and what of it cannot."""

    preferences: Preferences = Preferences()
    faults: tuple[Fault, ...] = ()
    lines: Mapping[str, int] = MappingProxyType({})
    """Where the entries of tables stand."""


def load(path: Path) -> Loaded:
    """Read the file; an absent one is all defaults. What is wrong becomes a fault and the default of its entry.

    Whether the entries of `keys` name actions is judged where the table of actions is (`present.keymap`).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Loaded()
    except OSError as error:
        return Loaded(faults=(Fault("unreadable", details={"why": error.strerror or type(error).__name__}),))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Loaded(faults=(Fault("encoding", line),))
    # 8 ms at import, and most desks have no file yet.
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Loaded(faults=(Fault("broken", _line_of_error(str(error), text)),))
    return _checked(values, text)


def _line_of_error(said: str, text: str) -> int:
    found = re.search(r"at line (\d+)", said)
    return int(found.group(1)) if found else max(1, len(text.splitlines()))


def line_of(text: str, name: str) -> int:
    """Return the line on which a key or a table of this name stands; 0 where it is written in another way."""
    wanted = re.compile(rf"""\s*\[?\s*["']?{re.escape(name)}["']?\s*[=\].]""")
    return next((at for at, line in enumerate(text.splitlines(), 1) if wanted.match(line)), 0)


def _checked(values: Mapping[str, Any], text: str) -> Loaded:
    known = {one.name: one for one in fields(Preferences)}
    taken: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in values.items():
        line = line_of(text, name)
        if name not in known:
            faults.append(unknown("unknown", name, list(known), line))
        elif known[name].default is MISSING:
            taken[name], wrong = _table(name, value, text)
            faults += wrong
        elif not isinstance(value, str):
            faults.append(Fault("type", line, {"name": name}))
        elif value and value not in known[name].metadata["choices"]:
            faults.append(unknown("value", value, list(known[name].metadata["choices"]), line, of=name))
        else:
            taken[name] = value
    lines = {key: line_of(text, key) for table in taken.values() if isinstance(table, dict) for key in table}
    return Loaded(Preferences(**taken), tuple(faults), lines)


def _table(name: str, value: object, text: str) -> tuple[dict[str, str], list[Fault]]:
    if not isinstance(value, dict):
        return {}, [Fault("table", line_of(text, name), {"name": name})]
    good = {key: one for key, one in value.items() if isinstance(one, str) and one.strip()}
    return good, [Fault("type", line_of(text, key), {"name": key}) for key in value if key not in good]


def unknown(code: str, name: str, known: list[str], line: int = 0, **details: object) -> Fault:
    """Return the fault of a name that nobody knows, with the nearest known one where there is one (`<code>.near`)."""
    # Only a faulty file pays for it.
    import difflib

    near = difflib.get_close_matches(name, known, 1, 0.7)
    given = {"name": name, "known": ", ".join(known), **details}
    return Fault(f"{code}.near", line, {**given, "near": near[0]}) if near else Fault(code, line, given)


def change(path: Path, values: Mapping[str, str | Mapping[str, str]]) -> None:
    """Write these fields into the file and leave all the rest as the person wrote it. Raises OSError.

    Of a table only the entries named are written, an empty text takes its entry out. An absent file is made with every
    field and its comment. A file that cannot be changed line by line (it is broken, or written in an unusual way) is
    kept beside as `*.old`.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        text = "\0"  # no TOML: written anew below, the old file kept
    changed = _changed(text, values)
    if text and not _says(changed, values, text):
        changed = _changed(_changed("", _fields_of(load(path).preferences)), values)
        os.replace(path, path.with_suffix(".toml.old"))
    replace_file(Path(os.path.realpath(path)), changed.encode())  # a link to the person's own place for such files


def _fields_of(preferences: Preferences) -> dict[str, str | Mapping[str, str]]:
    return {one.name: getattr(preferences, one.name) for one in fields(Preferences)}


def _says(text: str, values: Mapping[str, str | Mapping[str, str]], before: str) -> bool:
    """Whether a changed text says these values, and of everything else what it said before."""
    import tomllib  # as in `load`

    try:
        found, old = tomllib.loads(text), tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        return False
    for name, value in values.items():
        if isinstance(value, str):
            old[name] = value
        elif isinstance(old.setdefault(name, {}), dict):
            old[name] = {key: one for key, one in {**old[name], **value}.items() if one}
    return found == old


_HEADER = r"\s*\["
_NAME = r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*="""
"""Patterns that `re` compiles at first use and keeps: the start needs none of them."""


def _changed(text: str, values: Mapping[str, str | Mapping[str, str]]) -> str:
    """Put values into a text line by line; fields that it has not yet come with their comments."""
    rows = text.replace("\r\n", "\n").split("\n")
    for one in fields(Preferences):
        value = values.get(one.name, None if text else one.default if one.default is not MISSING else {})
        about = f"# {one.metadata['about']}"
        if "choices" in one.metadata:
            about += f"\n# One of: {', '.join(one.metadata['choices'])}."
        if isinstance(value, str):
            _put_text(rows, one.name, value, about)
        elif value is not None:
            _put_table(rows, one.name, value, about)
    return "\n".join(rows).strip("\n") + "\n"


def _name_of(row: str) -> str:
    found = re.match(_NAME, row)
    return next((part for part in found.groups() if part is not None), "") if found else ""


def _put_text(rows: list[str], name: str, value: str, about: str) -> None:
    top = next((at for at, row in enumerate(rows) if re.match(_HEADER, row)), len(rows))
    made = f"{name} = {_quoted(value)}"
    for at in range(top):
        if _name_of(rows[at]) == name:
            rows[at] = made
            return
    while top and rows[top - 1].lstrip().startswith("#"):  # the comment of the table below stays with it
        top -= 1
    rows[top:top] = [*about.split("\n"), made, ""]


def _put_table(rows: list[str], name: str, value: Mapping[str, str], about: str) -> None:
    head = next((at for at, row in enumerate(rows) if re.match(rf"\s*\[\s*{name}\s*\]", row)), -1)
    if head < 0:
        rows += [*([""] if rows and rows[-1] else []), *about.split("\n"), f"[{name}]"]
        head = len(rows) - 1
    end = next((at for at in range(head + 1, len(rows)) if re.match(_HEADER, rows[at])), len(rows))
    left = dict(value)
    kept: list[str] = []
    for row in rows[head + 1 : end]:
        key = _name_of(row)
        wished = left.pop(key, None) if key else None
        if wished is None:
            kept.append(row)
        elif wished:
            kept.append(f"{_quoted(key)} = {_quoted(wished)}")
    while kept and not kept[-1].strip():
        kept.pop()
    kept += [f"{_quoted(key)} = {_quoted(one)}" for key, one in sorted(left.items()) if one]
    rows[head + 1 : end] = [*kept, *([""] if end < len(rows) else [])]


def _quoted(text: str) -> str:
    # Only writers pay for it: the start path reads.
    import json

    # JSON's escapes are a subset of TOML's, but for DEL, which TOML wants escaped and JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def replace_file(path: Path, data: bytes, private: bool = True) -> None:
    """Put `data` at `path` in one step, on the disk before it is seen; `private` keeps others from reading (0600)."""
    with naming(path):
        _replace_file(path, data, private)


@contextlib.contextmanager
def naming(name: Path | str) -> Iterator[None]:
    """Let an OSError name this file, also where the system named none, or one beside it that nobody knows."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(name), None
        raise


def _replace_file(path: Path, data: bytes, private: bool) -> None:
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
