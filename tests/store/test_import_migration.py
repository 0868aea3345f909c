"""A store made before imports were known takes one after it was opened, and knows its rows again."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentdesk.desk.context import open_desk
from agentdesk.desk.setup import first_run
from agentdesk.store import imported, migrations


def test_an_older_store_remembers_imported_rows_once_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {name: one for name, one in migrations.MIGRATIONS.items() if name < "0011"}
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", older)
        desk = open_desk(tmp_path)
        first_run(desk, "张敏", "8021", "客服一组")
        desk.close()
    desk = open_desk(tmp_path)
    try:
        key = imported.key_of(imported.salt(desk.store), "row")
        assert imported.known(desk.store, [key]) == {}
        with desk.store.plain_write() as conn:
            imported.note(conn, key, "r")
        assert imported.known(desk.store, [key]) == {key: "r"}
    finally:
        desk.close()


def test_migrations_stand_in_the_order_of_their_names() -> None:
    assert list(migrations.MIGRATIONS) == sorted(migrations.MIGRATIONS)
