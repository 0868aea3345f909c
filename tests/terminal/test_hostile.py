"""Hostile text through fields, commands and sync: every screen renders, the terminal gets only Textual's own.

The program runs on a pseudo terminal of the test's own; all bytes that it writes are judged. A copy of the package
whose cleaning is off shows that the judge sees what it must.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agentdesk.__main__ import main
from tests.sync.centres import CentreProcess
from tests.sync.desks import DeskFile
from tests.sync.forked import Forked
from tests.terminal import desks, rawpty
from tests.terminal.desks import Change, changed_package
from tests.terminal.rawpty import PtyProgram
from tests.terminal.tmux import ROOT, run

pytestmark = [pytest.mark.terminal, pytest.mark.serial]

TITLE = "\x1b]0;PWNED\x07"
TORN = re.compile(rb"\x1b(\[[0-9;]*)?\Z")
"""The beginning of a sequence that only sets colour or cursor, at the very end of what was read."""
HOSTILE = {
    "closing markup": "客户[/b]",
    "action": "[@click=app.quit]x[/]",
    "link": "[link=file:///etc/passwd]点[/link] [bold red on white]红[/]",
    "title": TITLE,
    "title ended by ST": "\x1b]2;PWNED\x1b\\",
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "hyperlink": "\x1b]8;;http://x.invalid\x1b\\点\x1b]8;;\x1b\\",
    "open OSC": "\x1b]0;never ends",
    "colour and cursor": "\x1b[31m红\x1b[5;5H\x1b[2J",
    "reset": "\x1bc\x1b[?1049l\x1b[?25h",
    "device query": "\x1b[6n\x1b[c\x1bP+q544e\x1b\\",
    "C1": "\x9b31m\x9d0;PWNED\x9c\x90x\x9c\x85",
    "C0": "\x00\x07\x08\x0b\x0c\x0e\x7f",
    "bidi": "\u202e倒\u2066序\u2069\u200f\u061c",
    "zero width": "看\u200b不\u2060见\ufeff",
    "lone surrogates": "\ud800单\udfff",
    "accents": "e" + "\u0301" * 200,
    "pictures": "👨\u200d👩\u200d👧🇨🇳①★—",
    "line ends": "一\r\n二\u2028三\x85四",
    "long": "长" * 100_000,
}
"""Name -> text that some customer, colleague or file might hold."""

SHORT = {name: text for name, text in HOSTILE.items() if len(text) < 1_000}
ALL_SHORT = " ".join(SHORT.values())

CLEANING_OFF = Change(
    "text/clean.py",
    "    if text.isascii() and text.isprintable():\n        return text if limit is None else text[:limit]\n",
    "    if text:\n        return text if limit is None else text[:limit]\n",
)
"""Mutant: whatever comes from outside stays as it came."""

PANELS = ("\x1bOP", "\x1b[21~", "\x1b[20~", "\x1bOS", "\x1b[15~")
"""Help, sync, palette, phrases, knowledge: F1 F10 F9 F4 F5 as a terminal sends them."""
F2, F3, F4, F5, F6, F7, F8 = (
    "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~",
)  # fmt: skip
TAB, ESCAPE, ENTER, DOWN = "\t", "\x1b", "\r", "\x1b[B"
HEAD = "agentdesk"


def started(home: Path, package: Path = ROOT, size: tuple[int, int] = (140, 40)) -> PtyProgram:
    """The desk on a terminal of our own."""
    command = None if package == ROOT else desks.program()
    return PtyProgram(command, {"AGENTDESK_HOME": str(home), "PYTHONPATH": str(package)}, size)


def pasted(text: str) -> bytes:
    """A paste in its marks; what is no text in UTF-8 comes as a terminal would send it: replaced."""
    return (desks.PASTE_START + text + desks.PASTE_END).encode("utf-8", "replace")


def typed(text: str) -> bytes:
    """What a keyboard or an input method can commit: no escapes, which would be other keys."""
    return "".join(char for char in text if char >= " " and char != "\x7f").encode("utf-8", "replace")


def press(desk: PtyProgram, *keys: str) -> str:
    """Press keys one after the other, each after the screen of the last; the program lives and shows something."""
    screen = ""
    for key in keys:
        desk.send(key.encode())
        screen = desk.settled()
        assert desk.alive(), f"{key!r} ended the program\n{screen}"
        assert screen.strip(), f"{key!r} left an empty screen"
    return screen


def look_at_every_screen(desk: PtyProgram, requests: int) -> None:
    """Open every panel, then every request with its facts, phrases, articles and forms."""
    for key in PANELS:
        press(desk, key, "漏水" if key == F5 else DOWN, ESCAPE)
        press(desk, ESCAPE)
    for place in range(requests):
        press(desk, "\x1b[H", *[DOWN] * place, F3)
        desk.wait("下一步")
        press(desk, F3, F3, F4, DOWN, ESCAPE, F5, DOWN, ESCAPE)
        press(desk, F6, ESCAPE, "\x0e", ESCAPE, F7, ESCAPE, ESCAPE)
        press(desk, ESCAPE)


def no_fault(home: Path) -> None:
    """Nothing unforeseen was logged."""
    log = home / "agentdesk.log"
    assert not log.exists() or "Traceback" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")


def hostile_row(text: str, number: int) -> dict[str, Any]:
    """A request, every text of which holds the text; for a desk that writes past its own cleaning."""
    return {
        "reporter": {
            "customer_name": f"王{text[:24]}",
            "contact_kind": "mobile",
            "contact": f"139{number:08d}",
            "unregistered": True,
        },
        "type": {"request_type": "consult", "sub_type": "product"},
        "product_service": {"product_service": f"空调{text[:100]}"},
        "place": {"place": f"家{text[:100]}"},
        "description": f"想了解空调的能效等级{text}",
        "anomaly": f"漏水{text}",
        "emotion": {"emotion": "calm"},
    }


def from_a_second_desk(folder: Path, home: Path, texts: list[str]) -> int:
    """A desk that cleans nothing writes to a centre, the desk of `home` pulls; returns the requests pulled."""
    centre = CentreProcess(folder / "centre").start()
    try:
        other = DeskFile(folder, "other")
        other.join(centre.url, centre.code(role="supervisor"))
        for number, text in enumerate(texts):
            rid = other.capture(hostile_row(text, number))
            other.note(rid, text)
            with other.journal.transaction() as txn:
                sent = {"body": text, "channel": "online", "phrases": [], "articles": [], "findings": []}
                patch = {"message_sent": {**sent, "confirmed": False, "at": txn.now()}}
                txn.write("entry", txn.new_id(), root=rid, patch=patch)
        pushed = other.sync()
        other.close()
        assert pushed.pushed, pushed
        run("join", centre.url, centre.code(), home=home)
        report = json.loads(run("sync", "--once", "--json", home=home).stdout)
        assert not report["error"], report
    finally:
        centre.stop()
    return len(json.loads(run("request", "list", "--json", home=home).stdout))


def set_up(home: Path) -> Path:
    """A desk with a person."""
    run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", home=home)
    return home


def judged(desk: PtyProgram, home: Path) -> list[str]:
    """What was written that is not Textual's own, nor the copy of a reply that was sent or of an approved wording."""
    content = [path.read_text(encoding="utf-8") for path in (ROOT / "agentdesk/content").rglob("*.*")]
    # The desk is still painting: its last colour or cursor move may have been read by half.
    read = TORN.sub(b"", bytes(desk.raw))
    return sorted(set(rawpty.foreign(read, rawpty.known_texts([*desks.messages(home), *content]))))


# -- the judge --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"closing markup", "action", "link", "long", "accents"}))
def test_the_judge_knows_what_is_not_textuals(name: str) -> None:
    """Each hostile text that reached the terminal raw would be seen; pictures and surrogates are no control."""
    raw = b"\x1b[1;2H\x1b[38;5;1m" + HOSTILE[name].encode("utf-8", "surrogatepass") + b"\x1b[0m"
    harmless = name == "pictures"
    # Colours and cursor moves cannot be told from Textual's own: there the cleaning is what is tested elsewhere.
    assert bool(rawpty.foreign(raw)) is not harmless or name == "colour and cursor"


def test_with_the_cleaning_off_the_judge_sees_the_title(tmp_path: Path) -> None:
    """The control: the same way, one guard removed."""
    package = changed_package(tmp_path / "package", CLEANING_OFF)
    change = Change("present/safe.py", "        tidy = clean_line(text)\n", "        tidy = text\n")
    path = package / "agentdesk" / change.file
    text = path.read_text(encoding="utf-8")
    assert text.count(change.old) == 1
    path.write_text(text.replace(change.old, change.new), encoding="utf-8")
    home = set_up(tmp_path / "home")
    run("request", "add", "-", home=home, stdin=desks.rows(1))
    conn = desks.open_for_reading(home)
    # Past every border of the store. Ended by ST: a BEL is dropped by Textual itself, which then loses its own spans.
    conn.execute("UPDATE queue_row SET title = ?", ("漏水\x1b]0;PWNED\x1b\\",))
    conn.close()
    with started(home) as desk:
        desk.wait("AD-")
        press(desk, DOWN)
        assert judged(desk, home) == []
    with started(home, package) as desk:
        desk.wait("AD-")
        press(desk, DOWN)
        assert any("PWNED" in found for found in judged(desk, home))


# -- the three ways in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_from_a_second_desk(tmp_path: Path, size: tuple[int, int]) -> None:
    """What another desk wrote past all cleaning is shown harmless on every screen."""
    home = set_up(tmp_path / "home")
    texts = [text for name, text in SHORT.items() if name != "lone surrogates"]
    grouped = [" ".join(texts[place : place + 4]) for place in range(0, len(texts), 4)]
    requests = from_a_second_desk(tmp_path, home, [*grouped, "长" * 4_900])
    assert requests == len(grouped) + 1
    with started(home, size=size) as desk:
        desk.wait("AD-")
        look_at_every_screen(desk, requests)
        assert judged(desk, home) == []
    no_fault(home)


def test_through_the_commands(tmp_path: Path) -> None:
    """Names, requests and articles from files: taken cleaned or refused with a sentence, shown harmless."""
    home = tmp_path / "home"
    name = os.fsdecode("张\x1b]0;PWNED\x07[/b]".encode() + b"\xff")
    env = {**os.environ, "AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    words = desks.program("setup", "--name", name, "--work-no", "[@click=app.quit]8", "--team", "\u202e组\x9b31m")
    done = subprocess.run(words, env=env, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    shown = [done.stdout, done.stderr]
    base = json.loads(desks.rows(1))
    for place, text in enumerate([*HOSTILE.values(), ALL_SHORT]):
        row = {
            **base,
            "contact": f"136{place:08d}",
            "description": f"{text} 想了解空调的能效等级",
            "customer_name": f"王{text}",
        }
        shown += command(home, "request", "add", "-", given=json.dumps(row))
    articles = [
        {"id": f"H-{place}", "title": f"漏水{text}", "body": f"漏水处理 {text}"}
        for place, text in enumerate(SHORT.values())
    ]
    shown += command(home, "kb", "import", "-", given="\n".join(json.dumps(one) for one in articles))
    for name, text in HOSTILE.items():
        if name in ("C0", "lone surrogates", "long"):
            continue  # no argument of a program can hold a NUL; the others are in the files
        shown += command(home, "kb", "search", "漏水" + text)
        shown += command(home, "request", "show", text)
    shown += command(home, "request", "list")
    faults = [one for output in shown for one in rawpty.foreign(output) if b"Traceback" not in output]
    assert not [output for output in shown if b"Traceback" in output]
    assert not faults
    requests = len(json.loads(run("request", "list", "--json", home=home).stdout))
    assert requests > len(HOSTILE) // 2
    with started(home) as desk:
        desk.wait("AD-")
        look_at_every_screen(desk, 6)
        assert judged(desk, home) == []
    no_fault(home)


def command(home: Path, *words: str, given: str = "") -> list[bytes]:
    """Run a command; return what it wrote."""
    program = Forked(main, words, {**os.environ, "AGENTDESK_HOME": str(home)}, given.encode())
    with closing(program):
        code, wrote = program.wait(), program.wrote()
    assert code in (0, 1, 2), wrote[1]
    return [*wrote]


def test_through_the_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Typed and pasted into the fields of every screen, from the first run on."""
    home = tmp_path / "home"
    with started(home) as desk:
        desk.wait("欢迎")
        for field in ("张敏", "8021", "客服一组"):
            into_this_field(desk)
            press(desk, "\x7f" * 80, field, TAB)
        press(desk, F8)
        desk.wait("F9")
        press(desk, F2)
        desk.wait("查找客户")
        for _ in range(26):  # every field of the form, whatever it is
            into_this_field(desk)
            press(desk, TAB)
        press(desk, F8, ESCAPE, ESCAPE)
        run_rows = len(desks.descriptions(home))
        for key in PANELS:
            press(desk, key)
            into_this_field(desk)
            press(desk, ESCAPE, ESCAPE)
        written = len(desk.raw)
        assert judged(desk, home) == []
    no_fault(home)
    run("request", "add", "-", home=home, stdin=desks.rows(1))
    with started(home) as desk:
        desk.wait("AD-")
        press(desk, F3)
        desk.wait("下一步")
        into_this_field(desk)
        press(desk, F8, ESCAPE)
        for key in (F4, F5, F6):
            press(desk, key)
            for _ in range(12):
                into_this_field(desk)
                press(desk, TAB)
            press(desk, F8, ESCAPE, ESCAPE)
        written += len(desk.raw)
        assert judged(desk, home) == []
    no_fault(home)
    with capsys.disabled():
        sys.stdout.write(f"\n  {written} bytes judged, {run_rows} requests recorded from hostile fields\n")


def into_this_field(desk: PtyProgram) -> None:
    """Type and paste everything into whatever has the focus."""
    desk.send(pasted(ALL_SHORT))
    desk.send(typed(ALL_SHORT))
    desk.send(pasted(HOSTILE["long"]))
    for text in SHORT.values():
        desk.send(pasted(text))
    desk.settled()
    assert desk.alive(), desk.screen()


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A terminal that sends broken UTF-8 ends nothing: the next key works."""
    home = set_up(tmp_path / "home")
    with started(home) as desk:
        desk.wait("F9")
        press(desk, F2)
        desk.wait("查找客户")
        desk.send(b"\xed\xa0\x80\xff\xfe\xc3")
        desk.send(desks.PASTE_START.encode() + b"\xed\xb0\x80\x80" + desks.PASTE_END.encode())
        desk.settled()
        press(desk, ESCAPE)
        desk.send(b"zq")
        press(desk, ESCAPE)
        desk.wait("F9")
        assert judged(desk, home) == []
