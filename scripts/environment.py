"""The project's own virtual environment: made, filled with what is pinned, and left alone while nothing changed.

Standard library only, for it runs before anything is installed. The environment lies in `.venv` beside
`pyproject.toml`; a stamp in it says what it was made from, so that a second start asks neither pip nor the network.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "agentdesk-stamp.json"
LOCALES = ROOT / "agentdesk" / "present" / "locales"
OLDEST = (3, 11)
NEWEST = (3, 13)


class CannotPrepare(Exception):
    """No environment can be made; the text is the sentence to show."""


def python_path() -> Path:
    """Return the interpreter of the environment."""
    return program_path("python")


def program_path(name: str) -> Path:
    """Return the path of a program installed in the environment."""
    return ENVIRONMENT / "Scripts" / f"{name}.exe" if os.name == "nt" else ENVIRONMENT / "bin" / name


def prepare(extras: tuple[str, ...]) -> None:
    """Bring the environment up to what is pinned, with these extras at least; silent when nothing is to be done.

    What an earlier call installed stays asked for: `run.py` after `test.py` does not count as a change.
    """
    stamp = _read_stamp()
    wanted = sorted({*extras, *stamp.get("extras", ())})
    pins = _digest(ROOT / "pyproject.toml", ROOT / "constraints.txt")
    here = {"root": str(ROOT), "pins": pins, "extras": wanted}
    if all(stamp.get(key) == value for key, value in here.items()) and _is_environment():
        if stamp.get("catalogues") == _catalogue_times():
            return
        _run([str(python_path()), str(ROOT / "scripts" / "catalogue.py"), "compile"])
    else:
        _make_environment()
        _install(wanted)
    STAMP.write_text(json.dumps({**here, "catalogues": _catalogue_times()}, indent=1), encoding="utf-8")


def _read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    # A copied or moved environment is a broken one: its programs name the old place.
    return stamp if isinstance(stamp, dict) and stamp.get("root") == str(ROOT) else {}


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _catalogue_times() -> dict[str, int]:
    """Times of the `.po` files, with 0 for one that has no `.mo` yet."""
    return {
        path.relative_to(LOCALES).as_posix(): path.stat().st_mtime_ns if path.with_suffix(".mo").exists() else 0
        for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
    }


def _is_environment() -> bool:
    """Whether it is an environment of its own: without pyvenv.cfg its python installs into whatever it was copied
    from or links to."""
    return python_path().exists() and (ENVIRONMENT / "pyvenv.cfg").is_file()


def _make_environment() -> None:
    if _is_environment():
        if not _read_stamp() and not _works():
            raise CannotPrepare(f"{ENVIRONMENT} does not work (copied from elsewhere?): delete it and start again.")
        return
    _say(f"making {ENVIRONMENT.name}")
    if ENVIRONMENT.is_symlink():
        ENVIRONMENT.unlink()
    # --clear: what lies there without pyvenv.cfg is no environment, and nothing in it can be relied on.
    _run([str(_suitable_python()), "-m", "venv", "--clear", str(ENVIRONMENT)])


def _works() -> bool:
    check = "import pip, sys; sys.exit(sys.version_info[:2] not in {})"
    versions = [(OLDEST[0], minor) for minor in range(OLDEST[1], NEWEST[1] + 1)]
    return subprocess.run([str(python_path()), "-c", check.format(versions)], capture_output=True).returncode == 0


def _suitable_python() -> Path | str:
    """Return this interpreter if its version is supported, else one that is found by name."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    import shutil

    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    this = sys.version.split()[0]
    raise CannotPrepare(f"agentdesk needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {this}, no other was found.")


def _install(extras: list[str]) -> None:
    _say("installing what constraints.txt pins (once; needs the network)")
    target = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    command = [str(python_path()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*command, "-c", str(ROOT / "constraints.txt"), "-e", target])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode:
        raise CannotPrepare(f"this failed with code {done.returncode}: {' '.join(command)}")


def _say(text: str) -> None:
    # Standard error: what the command itself prints may be read by a program.
    sys.stderr.write(f"agentdesk: {text}\n")
    sys.stderr.flush()
