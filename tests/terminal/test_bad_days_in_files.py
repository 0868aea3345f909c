"""Bad days of files that come in and go out: damaged tables, no room. Good rows are kept, nothing is half-written."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from agentdesk.present.i18n import LANGUAGES
from tests.terminal import desks, machines
from tests.terminal.baddays import IN_FULL, HomeOf, homes_from, in_each_language, said, start
from tests.terminal.machines import desk_command
from tests.terminal.tmux import PATIENCE, ROOT, run

pytestmark = [pytest.mark.terminal, pytest.mark.serial]

HEAD = "channel,customer_name,contact,unregistered,request_type,sub_type,product_service,description,emotion"
LONG = "想了解空调的能效等级和安装费用，" * 20
ROWS = 300
TAKEN = 400_000
"""Bytes of the small disk that something else has taken."""


def row(number: int, emotion: str = "calm", text: str = "想了解空调的能效等级和安装费用") -> str:
    return f"online,王*,139{number:08d},yes,consult,product,空调,{text},{emotion}"


def table(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join((*lines, "")).encode(encoding))
    return path


def told(command: Sequence[str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; what it said is in the person's language."""
    env = {**os.environ, "AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=3 * PATIENCE
    )


def listed(home: Path) -> int:
    """How many requests the desk knows."""
    return len(run("request", "list", home=home).stdout.splitlines())


def test_a_table_with_a_broken_row(home_of: HomeOf, tmp_path: Path) -> None:
    broken = table(tmp_path / "broken.csv", HEAD, row(101), row(102, emotion="odd"), row(103), row(104, text='"没有收'))

    def check(language: str) -> None:
        home = home_of(language)
        done = told(desk_command("request", "import", str(broken)), home)
        label, reason = said(language, "field.emotion"), said(language, "problem.not_a_value")
        odd = said(language, "import.fault", line=3, field=label, reason=reason)
        quotes = said(language, "problem.quotes")
        assert done.returncode == 1 and odd in done.stderr and quotes in done.stderr and "Traceback" not in done.stderr
        assert done.stdout.strip() == said(language, "import.done", recorded=2, known=0, refused=2, total=4)
        if language == IN_FULL:
            assert listed(home) == 3, "the good rows are kept"

    in_each_language(check)


def test_tables_that_cannot_be_read_at_all(home_of: HomeOf, tmp_path: Path) -> None:
    header = table(tmp_path / "header.csv", HEAD.replace("contact", '"contact'), row(101))
    garbled = tmp_path / "garbled.csv"
    garbled.write_bytes(bytes(range(128, 256)) * 40)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(b"PK\x03\x04 a workbook that was cut off")

    def check(language: str) -> None:
        home = home_of(language)
        for file, key in ((header, "sheet.header"), (garbled, "sheet.encoding"), (cut, "sheet.workbook")):
            ended = start(home, "request", "import", str(file))
            assert ended.lines == [said(language, f"refusal.{key}", line=1)], ended.text
            assert ended.code == 1

    in_each_language(check)


def test_the_disk_fills_while_rows_are_imported(home_of: HomeOf, tmp_path: Path) -> None:
    rows = table(tmp_path / "many.csv", HEAD, *(row(number, text=LONG) for number in range(100, 100 + ROWS)))
    machines.way()

    def check(language: str) -> None:
        home, small = home_of(language), tmp_path / f"small-{language}"
        small.mkdir()
        script = f'{machines.SMALL_DISK} && head -c {TAKEN} /dev/zero > "$0/ballast"'
        imports = desk_command("request", "import", str(rows))
        steps = [imports]
        if language == IN_FULL:
            steps += [["mount", "-o", "remount,size=40m", str(small)], imports, desk_command("request", "list")]
        done = told(machines.with_mounts(script, small, home, then=_steps(*steps)), small)
        broken_off, why = done.stderr.splitlines()
        sentences = {said(language, "import.broken_off", recorded=kept, ready=ROWS): kept for kept in range(1, ROWS)}
        kept = sentences[broken_off]
        assert why == said(language, "refusal.disk.full", place=small)
        if language == IN_FULL:
            then, *listed_rows = done.stdout.splitlines()
            assert then == said(language, "import.done", recorded=ROWS - kept, known=kept, refused=0, total=ROWS)
            assert len(listed_rows) == ROWS + 1, "each row once, beside the request that was there"

    in_each_language(check)


@pytest.fixture(scope="module")
def busy_home(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with sixty requests."""
    home = Path(shutil.copytree(prepared_home, tmp_path_factory.mktemp("busy") / "home"))
    run("request", "add", "-", home=home, stdin=desks.rows(60).split("\n", 1)[1])
    return home


def test_an_export_finds_no_room(busy_home: Path, tmp_path: Path) -> None:
    machines.way()
    homes = homes_from(busy_home, tmp_path)
    forms = dict(zip(LANGUAGES, ("csv", "xlsx", "jsonl"), strict=True))

    def check(language: str) -> None:
        form = forms[language]
        home, small = homes(language), tmp_path / f"stick-{language}"
        small.mkdir()
        file = small / f"requests.{form}"
        script = 'mount -t tmpfs -o size=8k tmpfs "$0" && echo before > "$0/requests.$1"'
        exports = desk_command("export", "requests", "--format", form, "--output", str(file))
        show = ["sh", "-c", 'ls -A "$0" && cat "$0"/requests.*', str(small)]
        free = ["mount", "-o", "remount,size=4m", str(small)]
        size = ["sh", "-c", 'wc -c < "$0"', str(file)]
        steps = _steps(exports, show, free, exports, size)
        done = told(machines.with_mounts(script, small, Path(form), then=steps), home)
        assert done.stderr.splitlines() == [said(language, "refusal.disk.full", place=small)]
        name, content, written = done.stdout.splitlines()
        assert (name, content) == (file.name, "before"), "what stood there stays, and nothing else"
        assert int(written) > 8_192

    in_each_language(check)


def _steps(*commands: Sequence[str]) -> list[str]:
    return [word for command in commands for word in (*command, ";")][:-1]


def test_an_export_to_a_place_that_cannot_be_written_to(home_of: HomeOf, tmp_path: Path) -> None:
    machines.way()

    def check(language: str) -> None:
        home, stick = home_of(language), tmp_path / f"stick-{language}"
        stick.mkdir()
        exports = desk_command("export", "requests", "--format", "csv", "--output", str(stick / "requests.csv"))
        done = told(machines.with_mounts(machines.READ_ONLY, stick, then=exports), home)
        why = said(language, "why_file.EROFS")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines() == [said(language, "refusal.file", file=stick / "requests.csv", why=why)]

        piped = told(
            ["sh", "-c", '"$@" > /dev/full', "sh", *desk_command("export", "requests", "--format", "csv")], home
        )
        full = said(language, "why_file.ENOSPC")
        assert (piped.returncode, piped.stderr) == (1, said(language, "refusal.output", why=full) + "\n")

    in_each_language(check)
