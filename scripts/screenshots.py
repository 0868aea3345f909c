"""Make the pictures of docs/screens from the real app on a throw-away store.

    python scripts/screenshots.py [--png DIR] [SCENE…]         the pictures of docs/screens, or those that begin so
    python scripts/screenshots.py --look DIR [SCENE…]          every scene, size, theme and language, as PNG only

Every scene is kept at 80 by 24, the main ones also wide, light, in other languages and in high contrast. Keys are
pressed by Pilot and the clock stands at one instant, so that pictures change only when a screen does. `--png` writes
copies for looking at by rsvg-convert.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import html
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that a clone works before it is installed

os.environ["TZ"] = "Asia/Shanghai"  # pictures do not depend on where they are taken
os.environ["COLORTERM"] = "truecolor"
os.environ.pop("NO_COLOR", None)
if hasattr(time, "tzset"):
    time.tzset()

from rich.cells import cell_len  # noqa: E402
from textual.events import Paste  # noqa: E402
from textual.widgets import Input, TextArea  # noqa: E402
from textual.worker import WorkerCancelled  # noqa: E402

from agentdesk import preferences  # noqa: E402
from agentdesk.app.main import AgentDesk  # noqa: E402
from agentdesk.app.run import open_session  # noqa: E402
from agentdesk.desk import capture, setup  # noqa: E402
from agentdesk.desk.context import Desk, open_desk  # noqa: E402
from agentdesk.preferences import Preferences  # noqa: E402
from agentdesk.store.identity import save_identity  # noqa: E402

TARGET = ROOT / "docs" / "screens"
NOW = datetime(2026, 1, 28, 14, 32, tzinfo=timezone(timedelta(hours=8)))

REQUESTS: tuple[tuple[int, dict[str, Any]], ...] = (
    (
        24,
        {
            "channel": "phone", "customer_name": "张女士", "contact": "13800005678", "customer_no": "C-5678",
            "request_type": "complaint", "sub_type": "after_sales", "product_service": "洗衣机",
            "order_no": "O-20240428-31", "occurred_at": "2024-04-28", "attribution": "product_quality",
            "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复", "anomaly": "机身底部漏水",
            "expected_outcome": "尽快上门维修", "emotion": "anxious",
        },
    ),
    (
        61,
        {
            "channel": "online", "customer_name": "王先生", "contact": "13900000002", "unregistered": True,
            "request_type": "consult", "sub_type": "product", "product_service": "空调",
            "description": "想了解空调的能效等级和安装费用", "emotion": "calm",
        },
    ),
    (
        34,
        {
            "channel": "phone", "customer_name": "李女士", "contact": "13700000003", "customer_no": "C-1203",
            "request_type": "after_sales", "sub_type": "logistics", "product_service": "电饭煲", "no_order": True,
            "occurred_at": "2026-01-26", "description": "快递三天没有更新，想知道什么时候能送到",
            "anomaly": "物流信息停在中转站", "expected_outcome": "本周内送到", "emotion": "dissatisfied",
        },
    ),
    (
        12,
        {
            "channel": "app_message", "customer_name": "陈先生", "contact": "13600000004", "customer_no": "C-0077",
            "request_type": "consult", "sub_type": "usage", "product_service": "手环",
            "description": "手环和手机一直同步不上，问问怎么设置", "emotion": "calm",
        },
    ),
)  # fmt: skip
"""Minutes before NOW, and the form as it was filled in."""


class Still:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """The instant it stands at."""
        return self.at

    def mono(self) -> float:
        """The same as monotonic seconds."""
        return self.at.timestamp()


@dataclass(frozen=True)
class Scene:
    """One picture: what is pressed before it is taken, size in cells, theme, language."""

    title: str
    play: Callable[[Any], Awaitable[None]]
    size: tuple[int, int] = (80, 24)
    theme: str = "dark"
    language: str = "zh_CN"

    @property
    def name(self) -> str:
        """The file's name without its ending; what is usual is left out."""
        unusual = ["" if self.theme == "dark" else self.theme, "" if self.language == "zh_CN" else self.language]
        return "-".join([self.title, "x".join(map(str, self.size)), *(part for part in unusual if part)])


class Player:
    """Presses keys and waits until the desk has answered."""

    def __init__(self, app: AgentDesk, pilot: Any) -> None:
        self.app = app
        self.pilot = pilot

    async def settle(self) -> None:
        """Wait until no worker runs and everything is painted."""
        for _ in range(3):
            await self.pilot.pause()
            with contextlib.suppress(WorkerCancelled):  # another question of its group took its place
                await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one at a time, each answered before the next."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text as an input method commits it: at once."""
        self.app.post_message(Paste(text))
        await self.settle()


async def _queue(player: Player) -> None:
    await player.settle()


async def _intake(player: Player) -> None:
    await player.press("f2")
    await player.type("C-5678")
    await player.press("enter", "1")


async def _workspace(player: Player) -> None:
    await player.press("f3")
    await player.type("您好，这个我不知道，")


async def _phrases(player: Player) -> None:
    await player.press("f3", "f4")


async def _knowledge(player: Player) -> None:
    await player.press("f3", "f5")


async def _resolve(player: Player) -> None:
    await player.press("down", "down", "down", "f3")
    await player.type("一级能效全年更省电，标准安装免费，加长管按米计费。")
    await player.press("f6")


async def _closed(player: Player) -> None:
    """The request of `_resolve`, resolved and closed, opened again from the list of those that have ended."""
    await _resolve(player)
    await player.press("1", "2", "f8", "ctrl+l", "5", "f3")


async def _release(player: Player) -> None:
    """The question about a blocked reply, as the supervisor reads it."""
    await player.press("f3")
    await player.type("这款是全网最好的，您放心使用。")
    cast(Any, player.app.screen).action_ask_release()
    await player.settle()
    await player.type("公司宣传页的原文，客户要求照抄")
    await player.press("f8")
    player.app.action_releases()
    await player.settle()
    await player.press("enter")


async def _reader(player: Player) -> None:
    """The article that fits best, read step by step."""
    await player.press("f5")
    await player.type("漏水")
    await player.press("f3", "ctrl+n")


async def _usage(player: Player) -> None:
    """Searches of a day, one of them in vain."""
    for words in ("漏水", "漏水", "空调清洗", "可视门铃误报"):
        await player.press("f5")
        await player.type(words)
        await player.press("ctrl+t" if words == "漏水" else "ctrl+l", "escape", "escape")
    player.app.action_usage()
    await player.settle()


async def _articles(player: Player) -> None:
    player.app.action_articles()
    await player.settle()


async def _help(player: Player) -> None:
    await player.press("f1")


async def _card(player: Player) -> None:
    await _intake(player)
    await player.press("ctrl+l")


async def _find(player: Player) -> None:
    await player.press("ctrl+g")
    await player.type("洗衣机")


def _after(*keys: str) -> Callable[[Player], Awaitable[None]]:
    """A screen that keys alone bring up."""

    async def play(player: Player) -> None:
        await player.press(*keys)

    return play


async def _preferences(player: Player) -> None:
    await player.press("shift+f9", "tab", "tab", "tab", "down", "down")


SIZES = ((80, 24), (100, 30), (140, 40))

PLAYS: dict[str, Callable[[Player], Awaitable[None]]] = {
    "queue": _queue,
    "intake": _intake,
    "workspace": _workspace,
    "phrases": _phrases,
    "knowledge": _knowledge,
    "reader": _reader,
    "usage": _usage,
    "articles": _articles,
    "policies": _after("ctrl+f5"),
    "resolve": _resolve,
    "closed": _closed,
    "release": _release,
    "plan": _after("f3", "ctrl+n"),
    "views": _after("ctrl+l"),
    "filter": _after("ctrl+t"),
    "find": _find,
    "card": _card,
    "templates": _after("f2", "ctrl+t"),
    "edit": _after("f3", "shift+f6"),
    "history": _after("f3", "ctrl+l"),
    "steps": _after("f3", "ctrl+t"),
    "note": _after("f3", "ctrl+o"),
    "jump": _after("f2", "shift+f1"),
    "preferences": _preferences,
    "sync": _after("f10"),
    "confirm": _after("f3", "shift+f7"),
    "palette": _after("f3", "f9"),
    "help": _help,
}

MAIN = ("queue", "intake", "workspace")
THEMES, LANGUAGES = ("dark", "light", "contrast"), ("zh_CN", "zh_TW", "en")

EVERY = tuple(
    Scene(title, play, size, theme, language)
    for title, play in PLAYS.items()
    for size in SIZES
    for theme in THEMES
    for language in LANGUAGES
)
"""What may be looked at."""


def kept(scene: Scene) -> bool:
    """Whether a picture is kept in docs/screens: all 567 would be 15 MB, and nobody would look at them."""
    unusual = [scene.size != SIZES[0], scene.theme != "dark", scene.language != "zh_CN"]
    return not any(unusual) or (scene.title in MAIN and sum(unusual) == 1)


def fill(desk: Desk, clock: Still) -> None:
    """Set the desk up and take the requests, each at its time."""
    clock.at = NOW - timedelta(hours=2)
    me = setup.first_run(desk, name="张敏", work_no="8021", team="客服一组", language="zh_CN")
    # The letters of the numbers are drawn by lot for each desk; fixed here, so that pictures can be compared.
    desk.journal.identity = replace(me, letters="HKFZ")
    save_identity(desk.store.raw(), desk.journal.identity)
    for minutes, values in REQUESTS:
        clock.at = NOW - timedelta(minutes=minutes)
        draft = capture.begin(desk, values["channel"])
        clock.at += timedelta(seconds=9)
        draft = capture.answered(desk, draft)
        clock.at += timedelta(seconds=150)
        capture.record(desk, values, draft=draft)
    clock.at = NOW


async def picture(scene: Scene, home: Path) -> str:
    """Play one scene on a store of its own; return the SVG."""
    clock = Still()
    desk = open_desk(home, now=clock.now, mono=clock.mono)
    try:
        fill(desk, clock)
        chosen = Preferences(language=scene.language, theme=f"agentdesk-{scene.theme}")
        app = AgentDesk(open_session(desk, chosen), preferences.paths({preferences.HOME_VARIABLE: str(home)}), chosen)
        async with app.run_test(size=scene.size) as pilot:
            player = Player(app, pilot)
            await player.settle()
            await scene.play(player)
            for field in app.screen.query("Input, TextArea"):
                cast(Input | TextArea, field).cursor_blink = False  # a picture must not depend on the instant
                getattr(field, "_line_cache", {}).clear()  # lines are cached as they were between two blinks
                field.refresh()
            await player.settle()
            svg = app.export_screenshot(title="agentdesk")
            if app.session.sync is not None:
                app.session.sync.stop()
        return svg
    finally:
        desk.close()


CELL = 12.2
"""Width of a cell in the exported picture."""

TEXT = re.compile(r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>([^<]*)</text>')


def in_cells(svg: str, *, each: bool = False) -> str:
    """Take out the fonts that the export would load from elsewhere, and hold every text in its cells.

    The export takes every character for one cell, so that a browser squeezes Chinese into half its room. Runs of narrow
    and of wide characters stand at places of their own, whatever the reader's font; `each` does so for each character.
    """
    svg = re.sub(r"@font-face\s*\{[^}]*\}|font-variant-east-asian: full-width;", "", svg)
    svg = svg.replace("Fira Code, monospace", "monospace").replace("Fira Code", "monospace")

    def placed(found: re.Match[str]) -> str:
        style, left, top, more, text = found.groups()
        told, at = "", float(left)
        units = html.unescape(text).replace("\xa0", " ")
        for wide, run in ((wide, "".join(run)) for wide, run in groupby(units, lambda one: cell_len(one))):
            for part in run if each else [run]:
                cells = wide * len(part)
                shown, lead = part.strip(), len(part) - len(part.lstrip())
                if shown:
                    inner = html.escape(shown, quote=False).replace(" ", "&#160;")
                    told += f'<text class="{style}" x="{at + lead * CELL:g}" y="{top}" '
                    told += f'textLength="{wide * len(shown) * CELL:g}"{more}>{inner}</text>'
                at += cells * CELL
        return told

    return re.sub(r"[ \t]+\n", "\n", re.sub(TEXT, placed, svg))


def png(svg: str, target: Path) -> None:
    """Write a picture for looking at; needs rsvg-convert and Noto Sans Mono CJK."""
    drawn = in_cells(svg, each=True).replace("monospace", "Noto Sans Mono CJK SC")
    subprocess.run(["rsvg-convert", "-o", str(target)], input=drawn.encode(), check=True)


def gallery(names: list[str]) -> str:
    """The page that shows the pictures in a folder's listing."""
    shown = (f"## {name}\n\n![{name}]({name}.svg)\n" for name in names)
    return "# Screens\n\nMade by `scripts/screenshots.py`; not to be edited.\n\n" + "\n".join(shown)


def main(words: list[str]) -> int:
    """Write the pictures whose name begins with one of the words, or all."""
    parser = argparse.ArgumentParser(description="pictures of the screens")
    parser.add_argument("--png", type=Path, metavar="DIR", help="copies of the kept pictures for looking at")
    parser.add_argument("--look", type=Path, metavar="DIR", help="pictures for looking at, none is kept")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args(words)
    copies = asked.look or asked.png
    scenes = [scene for scene in EVERY if asked.look or kept(scene)]
    for folder in filter(None, (TARGET, copies)):
        folder.mkdir(parents=True, exist_ok=True)
    for scene in scenes:
        if asked.names and not scene.name.startswith(tuple(asked.names)):
            continue
        with tempfile.TemporaryDirectory() as home:
            svg = asyncio.run(picture(scene, Path(home)))
        if copies is not None:
            png(svg, copies / f"{scene.name}.png")
        if asked.look is None:
            (TARGET / f"{scene.name}.svg").write_text(in_cells(svg), encoding="utf-8", newline="\n")
        sys.stdout.write(f"{scene.name}\n")
    if asked.look is None and not asked.names:
        names = [scene.name for scene in scenes]
        (TARGET / "README.md").write_text(gallery(names), encoding="utf-8", newline="\n")
        for stale in set(TARGET.glob("*.svg")) - {TARGET / f"{name}.svg" for name in names}:
            stale.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
