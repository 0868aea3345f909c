"""Which trouble of the machine an error is, and which place its sentence names."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.present import i18n, troubles


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = i18n.language()
    i18n.use("en")
    yield
    i18n.use(before)


def os_error(number: int, file: Path | None = None) -> OSError:
    return OSError(number, os.strerror(number), str(file)) if file else OSError(number, os.strerror(number))


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code  # type: ignore[misc]  # as the module sets it
    return error


def test_a_file_elsewhere_is_named_and_not_the_desk_s_own_folder(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "stick" / "table.csv"
    assert troubles.sentence(os_error(errno.ENOSPC, file), home) == i18n.t("refusal.disk.full", place=file.parent)
    for number, why in ((errno.EACCES, "EACCES"), (errno.EROFS, "EROFS"), (errno.ENOENT, "ENOENT")):
        expected = i18n.t("refusal.file", file=file, why=i18n.t(f"why_file.{why}"))
        assert troubles.sentence(os_error(number, file), home) == expected


def test_a_file_of_the_desk_names_its_folder(tmp_path: Path) -> None:
    for number, key in ((errno.ENOSPC, "full"), (errno.EROFS, "readonly"), (errno.EACCES, "readonly")):
        expected = i18n.t(f"refusal.disk.{key}", place=tmp_path)
        assert troubles.sentence(os_error(number, tmp_path / "desk.lock"), tmp_path) == expected
        assert troubles.sentence(os_error(number), tmp_path) == expected


def test_what_cannot_be_written_out_speaks_of_the_output(tmp_path: Path) -> None:
    error = os_error(errno.ENOSPC)
    error.filename = troubles.OUTPUT
    assert troubles.sentence(error, tmp_path) == i18n.t("refusal.output", why=i18n.t("why_file.ENOSPC"))


def test_a_vague_error_asks_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vague = sqlite_error(sqlite3.SQLITE_IOERR | (3 << 8))
    assert troubles.in_use(vague, tmp_path) is None, "nothing is wrong with the folder"
    assert list(tmp_path.iterdir()) == []

    def fails(*_: object, **__: object) -> None:
        raise os_error(errno.EROFS)

    monkeypatch.setattr(tempfile, "TemporaryFile", fails)
    assert troubles.in_use(vague, tmp_path) == i18n.t("fault.readonly")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB])
def test_a_damaged_file_is_told_to_whoever_works_with_it(code: int, tmp_path: Path) -> None:
    assert troubles.in_use(sqlite_error(code), tmp_path) == i18n.t("fault.broken")
