"""ID and card numbers, typed, pasted and imported everywhere, are found nowhere afterwards (MODEL §6)."""

from __future__ import annotations

import inspect
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from textual.screen import Screen

from agentdesk import screens as floor
from agentdesk.desk import article_review, capture, phrase_review, plan, policies, releasing, resolve
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.views import PlanStep, ResolveForm
from agentdesk.text.privacy import find_private
from tests.terminal import desks, leaks
from tests.terminal.tmux import ROOT, agentdesk, run
from tests.terminal.walking import WalkedDesk

pytestmark = [pytest.mark.terminal, pytest.mark.serial]

IDS, CARDS = leaks.identities(3, seed=6), leaks.cards(4, seed=6)
NUMBERS = [*IDS, *CARDS]
TIMER_S = 1.1
"""Seconds of a pause in the middle of a number: longer than a draft waits to be stored."""
HELD = 13
"""Digits typed before the pause: enough to be held out of a draft."""
ERASED = 220
"""Backspaces that empty a field whose numbers were not replaced: a digit left over would be glued to the next one."""
NO_FIELDS = {"QueueScreen", "SyncScreen", "HelpPanel", "ViewsPanel", "CustomerPanel", "HistoryScreen", "StepsPanel",
             "ReleasesScreen", "MacroPanel", "VersionPanel", "WordingsScreen", "ArticleVersionPanel",
             "PreviewPanel", "ReaderScreen", "AlikePanel"}  # fmt: skip
"""Screens without a text field; walked all the same."""

BLOCKED = "我们是全网最好的"
"""What a supervisor may release."""
SITE_PHRASE = "walked.thanks"
ARTICLE = "走过的条目"

COMPLAINT = {
    "channel": "phone",
    "customer_name": "张*",
    "contact": "13800005678",
    "customer_no": "C-5678",
    "request_type": "complaint",
    "sub_type": "after_sales",
    "product_service": "洗衣机",
    "order_no": "O-20240428-31",
    "occurred_at": "2024-04-28",
    "attribution": "product_quality",
    "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复",
    "anomaly": "机身底部漏水",
    "expected_outcome": "尽快上门维修",
    "emotion": "anxious",
}


class Hand:
    """Puts private numbers into the field that has the focus, in every way there is."""

    def __init__(self, desk: WalkedDesk, turn: int = 0) -> None:
        self.desk = desk
        self._turn = turn

    def slowly(self, spelled: str) -> None:
        """Type digit by digit, with a pause in the middle that the draft's timer uses."""
        for place, char in enumerate(spelled):
            if place == HELD:
                time.sleep(TIMER_S)  # time itself is what is tested
            self.desk.send(char)

    def paste(self, text: str) -> None:
        """Paste in bracketed-paste marks, as bytes."""
        self.desk.send(f"{desks.PASTE_START}{text}{desks.PASTE_END}")

    def fill(self, _: str) -> None:
        """Into one field: an ID and a card pasted in every spelling, then each slowly in a spelling by turns."""
        turn = self._turn
        self._turn += 1
        for number in (IDS[turn % len(IDS)], CARDS[turn % len(CARDS)]):
            for spelled in leaks.spellings(number).values():
                self.paste(spelled)
                self.desk.send("。")
        time.sleep(0.6)  # one storing of the draft
        self.desk.erase(ERASED)
        for number in (IDS[turn % len(IDS)], CARDS[turn % len(CARDS)]):
            ways = list(leaks.spellings(number).values())
            self.slowly(ways[turn % len(ways)])
            self.desk.send("。")


def screens() -> set[str]:
    """Every screen and panel there is."""
    found = set()
    for module in pkgutil.iter_modules(floor.__path__):
        for name, one in vars(import_module(f"{floor.__name__}.{module.name}")).items():
            if inspect.isclass(one) and issubclass(one, Screen) and "SCOPE" in one.__dict__:
                found.add(name)
    return found


def requests_in_all_states(home: Path) -> dict[str, str]:
    """Make requests, each waiting for another form; state -> short number."""
    desk = open_desk(home)
    try:
        made = {}
        for state, contact in (("ANALYSING", "13800005671"), ("PLAN_PENDING", "13800005672")):
            row = {**COMPLAINT, "contact": contact, "customer_no": f"C-{contact[-4:]}"}
            made[state] = capture.record(desk, row)
        step = PlanStep("上门检查", "", desk.now() + timedelta(hours=2))
        plan.tell(
            desk,
            made["PLAN_PENDING"].request_id,
            steps=[step],
            finish=desk.now() + timedelta(hours=4),
            verified_how="asked",
            interim="请先关闭水源，我们会安排人员联系您。",
        )
        for row, state in zip(map(json.loads, desks.rows(2).splitlines()), ("RECORDED", "RESOLVED"), strict=True):
            made[state] = capture.record(desk, row)
        form = ResolveForm(solution_text="能效为一级，安装免费。", own_knowledge=True)
        resolve.resolve(desk, made["RESOLVED"].request_id, form)
        releasing.ask(desk, made["RESOLVED"].request_id, BLOCKED, "宣传页原文")
        phrase_review.propose(desk, {"code": SITE_PHRASE, "scenario": "thanks", "body_zh_cn": "谢谢您告诉我们这件事。"})
        article_review.propose(desk, {"title": ARTICLE, "body": "关掉水阀再报修。"})
        propose_a_policy(desk)
        return {state: desks_number(one.number) for state, one in made.items()}
    finally:
        desk.close()


def propose_a_policy(desk: Desk) -> None:
    """Write a version of the policy that stands first, so that a notice can be given of it."""
    one = policies.listing(desk)[0]
    with desk.journal.transaction() as txn:
        value = {"kind": "policy", "source_id": one.source_id, "title": one.shown.title, "at": txn.now()}
        txn.write("article", one.id, root=one.id, patch={"version": value})


def desks_number(number: str) -> str:
    """A number as the queue shows it."""
    _, _, day, count = number.split("-")
    return f"AD-{day[4:]}-{count}"


def walk_first_run(desk: WalkedDesk, hand: Hand) -> None:
    """Into the three fields; what stands there then was replaced at once, and a mask is a name."""
    desk.on_screen("FirstRunScreen")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.on_screen("QueueScreen")


def walk_requests(desk: WalkedDesk, hand: Hand, numbers: dict[str, str]) -> None:
    """A request: the composer, its forms, its panels."""
    desk.open_request(numbers["RECORDED"])
    desk.walk(hand.fill)
    sent = desks.messages(desk.home)
    desk.press("F8")  # blocked: it is an outgoing text
    desk.settled()
    assert desks.messages(desk.home) == sent, "a private number was sent"
    desk.to("EditScreen", "S-F6")
    desk.walk(hand.fill)
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    desk.to("HistoryScreen", "C-l")
    desk.visited["HistoryScreen"] = "HistoryScreen"
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    desk.to("StepsPanel", "C-t")
    desk.visited["StepsPanel"] = "StepsPanel"
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    desk.press("C-F7")
    desk.settled()
    desk.to("AlikePanel", "Enter")
    desk.visited["AlikePanel"] = "AlikePanel"
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    desk.press("Escape")
    desk.settled()
    desk.to("NoteScreen", "C-o")
    desk.walk(hand.fill)
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    by_palette(desk, "申请放行", "AskReleaseScreen")
    desk.walk(hand.fill)  # about a reply that is blocked for its numbers
    desk.press("F8")
    desk.settled()
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    by_palette(desk, "永久抹去", "RedactScreen")
    desk.walk(hand.fill)  # a field without a guard: it must hold what is nowhere to be kept
    desk.press("Escape")
    desk.on_screen("WorkspaceScreen")
    by_palette(desk, "套用服务模板", "CaseTemplatePanel")
    desk.walk(hand.fill)
    desk.leave("CaseTemplatePanel")
    desk.on_screen("WorkspaceScreen")


def walk_beside_a_request(desk: WalkedDesk, hand: Hand, numbers: dict[str, str]) -> None:
    """The phrases and articles beside a request, and the forms that lead it on."""
    desk.open_request(numbers["RECORDED"])
    for key in ("F4", "F5"):
        desk.press(key)
        desk.settled()
        desk.walk(hand.fill)
    ask_for_a_variable(desk, hand)
    look_at_a_macro(desk)
    desk.open_request(numbers["RECORDED"], "ResolveScreen", "F6")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.settled()
    for state, screen, key in (
        ("ANALYSING", "PlanScreen", "C-n"),
        ("PLAN_PENDING", "AnswerScreen", "C-n"),
        ("RESOLVED", "FollowScreen", "F7"),
    ):
        desk.open_request(numbers[state], screen, key)
        desk.walk(hand.fill)
        desk.press("F8")
        desk.settled()


def ask_for_a_variable(desk: WalkedDesk, hand: Hand) -> None:
    """Take the phrase that asks for minutes, and type into the field of its variable."""
    desk.press("F4")
    desk.settled()
    desk.send("大约")
    desk.settled()
    desk.press("Enter")
    desk.until(lambda told: "variable-value" in told["focused"])
    desk.walk(hand.fill)


def look_at_a_macro(desk: WalkedDesk) -> None:
    """Take a phrase that does something, and look at what it does."""
    desk.home_to_queue()
    desk.press("F3")
    desk.on_screen("WorkspaceScreen")
    desk.press("F4")
    desk.settled()
    desk.send("macro")
    desk.wait(">1 宏：")
    desk.press("Enter")
    desk.wait("发送时：")
    desk.to("MacroPanel", "S-F5")
    desk.visited["MacroPanel"] = "MacroPanel"
    desk.press("Enter")  # takes its one action off: a plan that waits would keep every form shut
    desk.on_screen("WorkspaceScreen")


def read_an_article(desk: WalkedDesk) -> None:
    """Open an emergency list whole and tick a step of it."""
    desk.home_to_queue()
    desk.to("KnowledgeScreen", "F5")
    desk.send("应急响应清单")
    desk.settled()
    desk.to("ReaderScreen", "F3")
    desk.visited["ReaderScreen"] = "ReaderScreen"
    desk.press("C-g")
    desk.settled()


def by_palette(desk: WalkedDesk, words: str, screen: str) -> None:
    """To a screen by its name in the palette."""
    desk.press("F9")
    desk.settled()
    desk.send(words)
    desk.settled()
    desk.to(screen, "Enter")


def walk_rules(desk: WalkedDesk, hand: Hand) -> None:
    """The lint rules: list, filter, editor, a text to try, near wordings."""
    desk.home_to_queue()
    by_palette(desk, "用语规则", "RulesScreen")
    for screen, key in (("RuleFilterScreen", "C-t"), ("WordingsScreen", "C-l"), ("TrialScreen", "F7")):
        desk.to(screen, key)
        desk.walk(hand.fill)
        desk.visited.setdefault(screen, screen)
        desk.leave(screen)
        desk.on_screen("RulesScreen")
    desk.to("RuleEditScreen", "C-n")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.settled()
    desk.leave("RuleEditScreen")
    desk.on_screen("RulesScreen")
    desk.walk(hand.fill)


def walk_review(desk: WalkedDesk, hand: Hand) -> None:
    """The phrases of the site: list, versions, a reason, the editor; and the releases that wait."""
    desk.home_to_queue()
    desk.to("PhraseScreen", "F4")
    desk.to("PhraseReviewScreen", "C-l")
    desk.send(SITE_PHRASE)
    desk.settled()
    desk.to("VersionPanel", "C-t")
    desk.visited["VersionPanel"] = "VersionPanel"
    desk.leave("VersionPanel")
    desk.to("ReasonPanel", "C-r")
    desk.walk(hand.fill)
    desk.leave("ReasonPanel")
    desk.on_screen("PhraseReviewScreen")
    desk.walk(hand.fill)
    desk.to("SitePhraseScreen", "C-n")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.settled()
    desk.home_to_queue()
    by_palette(desk, "待放行", "ReleasesScreen")
    desk.visited["ReleasesScreen"] = "ReleasesScreen"
    desk.to("DecideScreen", "Enter")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.settled()


def walk_articles(desk: WalkedDesk, hand: Hand) -> None:
    """Knowledge management: list, a reason, the import, the form with its preview, versions."""
    desk.home_to_queue()
    by_palette(desk, "知识管理", "ArticlesScreen")
    desk.send(ARTICLE)
    desk.settled()
    desk.to("ArticleVersionPanel", "C-t")
    desk.visited["ArticleVersionPanel"] = "ArticleVersionPanel"
    desk.leave("ArticleVersionPanel")
    desk.to("ReasonPanel", "C-r")
    desk.walk(hand.fill)
    desk.leave("ReasonPanel")
    desk.on_screen("ArticlesScreen")
    desk.walk(hand.fill)
    desk.to("ArticleImportScreen", "F7")
    desk.walk(hand.fill)
    desk.leave("ArticleImportScreen")
    desk.on_screen("ArticlesScreen")
    desk.to("ArticleFormScreen", "C-n")
    desk.walk(hand.fill)
    desk.to("PreviewPanel", "C-l")
    desk.visited["PreviewPanel"] = "PreviewPanel"
    desk.leave("PreviewPanel")
    desk.on_screen("ArticleFormScreen")
    desk.press("F8")
    desk.settled()


def walk_policies(desk: WalkedDesk, hand: Hand) -> None:
    """The policies, and the notice of a change."""
    desk.home_to_queue()
    desk.to("PolicyScreen", "C-F5")
    desk.walk(hand.fill)
    desk.home_to_queue()
    desk.to("PolicyScreen", "C-F5")
    desk.to("NoticeScreen", "C-n")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.settled()


def walk_usage(desk: WalkedDesk) -> None:
    """What is searched and used; nothing is typed there."""
    desk.home_to_queue()
    by_palette(desk, "知识使用", "UsageScreen")
    desk.visited["UsageScreen"] = "UsageScreen"


def walk_capture(desk: WalkedDesk, hand: Hand, _: dict[str, str]) -> None:
    """The form of a new request and what opens over it."""
    desk.to("IntakeScreen", "F2")
    desk.wait("* 客户姓名")
    desk.press("C-o")
    desk.until(lambda told: "/priority/" in told["focused"])
    desk.walk(hand.fill)
    for panel, key in (("TemplatePanel", "C-t"), ("HelperPanel", "C-n")):
        desk.to(panel, key)
        desk.walk(hand.fill)
        desk.press("F8")
        desk.settled()
        desk.leave(panel)
        desk.on_screen("IntakeScreen")
    desk.press("F8")
    desk.settled()


def walk_the_rest(desk: WalkedDesk, hand: Hand, _: dict[str, str]) -> None:
    """What a key of the queue opens."""
    for screen, key in (
        ("PhraseScreen", "F4"),
        ("KnowledgeScreen", "F5"),
        ("SyncScreen", "F10"),
        ("PreferencesScreen", "S-F9"),
        ("FilterScreen", "C-t"),
        ("FindPanel", "C-g"),
        ("MarkedPanel", "C-o"),
        ("HelpPanel", "F1"),
    ):
        desk.home_to_queue()
        desk.press(key)
        desk.until(lambda told, screen=screen: told["screen"] == screen)
        desk.walk(hand.fill)
        desk.visited.setdefault(screen, screen)
    read_an_article(desk)
    desk.home_to_queue()
    desk.to("PhraseScreen", "F4")
    desk.to("PersonalPhraseScreen", "C-o")
    desk.walk(hand.fill)
    desk.press("F8")
    desk.settled()
    walk_policies(desk, hand)
    walk_usage(desk)
    desk.home_to_queue()
    desk.to("CommandPalette", "F9")
    hand.fill("palette")
    desk.visited["CommandPalette"] = "CommandPalette"


def walk_what_is_kept(desk: WalkedDesk, hand: Hand, _: dict[str, str]) -> None:
    """Rules, phrases and articles of the site."""
    walk_rules(desk, hand)
    walk_review(desk, hand)
    walk_articles(desk, hand)


WALKS = (walk_capture, walk_requests, walk_beside_a_request, walk_the_rest, walk_what_is_kept)
"""Each at a desk of its own, all side by side: most of a walk is waiting for drafts to be stored."""


def walked(folder: Path, turn: int) -> tuple[dict[str, str], dict[str, bytes]]:
    """Do one of the walks in a folder; returns text field -> screen, and what tmux keeps."""
    home, numbers = folder / "home", {}
    if turn:
        run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", home=home)
        numbers = requests_in_all_states(home)
    with WalkedDesk(f"private{turn}", home, folder / "report.json") as desk:
        hand = Hand(desk, turn)
        if not turn:
            walk_first_run(desk, hand)
            desk.kill9()
            numbers = requests_in_all_states(home)
            desk.again()
        desk.on_screen("QueueScreen")
        desk.wait(numbers["RECORDED"])
        WALKS[turn](desk, hand, numbers)
        desk.kill9()
        buffers = desk._tmux("list-buffers", "-F", "#{buffer_name}", check=False).split()
        kept = {f"tmux {turn} {name}": desk._tmux("show-buffer", "-b", name).encode() for name in buffers}
        return desk.visited, kept


@contextmanager
def centre(data: Path) -> Iterator[str]:
    """A centre as a process of its own; yields where it listens."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        agentdesk("central", "--data", str(data), "--port", "0"), env=env, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://[0-9.:]+[0-9]", process.stdout.readline())
        assert found, "the centre does not say where it listens"
        yield found.group()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def through_the_commands(home: Path, folder: Path) -> None:
    """Files with private numbers through `request add`, `kb import`, `lint`, and words through the searches."""
    folder.mkdir()
    texts = [spelled for number in NUMBERS for spelled in leaks.spellings(number).values()]
    row = json.loads(desks.rows(1))
    wanted = [
        {**row, field: f"{text} {row.get(field) or ''}", "contact": f"137{turn:04d}{place:04d}"}
        for turn, text in enumerate(texts)
        for place, field in enumerate(("customer_name", "product_service", "description"))
    ]
    asked = [{**row, "unregistered": False, "customer_no": text} for text in texts]
    contacts = [{**row, "contact": text} for text in texts]
    for number, rows in enumerate((wanted, asked, contacts)):
        for place, one in enumerate(rows):
            file = folder / f"rows{number}-{place}.jsonl"
            file.write_text(json.dumps(one, ensure_ascii=number == 0), encoding="utf-8")
            if place % 6 == 0 or number:  # a process each: not all of them
                run("request", "add", str(file), home=home, check=False)
        if number:
            break
    articles = folder / "articles.jsonl"
    rows = [
        {"id": f"A-{place}", "title": f"漏水 {text}", "body": f"卡号 {text} 请核对。"}
        for place, text in enumerate(texts)
    ]
    articles.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows), encoding="utf-8")
    run("kb", "import", str(articles), home=home, check=False)
    named = folder / "named.jsonl"
    named.write_text(json.dumps({"id": IDS[0], "title": "标题", "body": "正文"}), encoding="utf-8")
    run("kb", "import", str(named), home=home, check=False)
    with zipfile.ZipFile(folder.parent / "pages.zip", "w") as pages:  # named so by somebody else, outside of the desk
        for place, text in enumerate(texts):
            pages.writestr(f"{place}.html", f"<title>漏水 {text}</title><p>卡号 <b>{text}</b><img src='{text}.png'>")
        pages.writestr(f"{IDS[0]}.html", "<title>标题</title><p>正文")
    report = ("--report", str(home / "report.csv"))
    run("kb", "import", str(folder.parent / "pages.zip"), *report, home=home, check=False)
    assert (home / "report.csv").read_bytes().count(b"private") > len(texts)
    linted = run("lint", "-", home=home, stdin="\n".join(texts)).stdout
    assert linted.count('"privacy"') >= len(texts), "lint says what it found"
    for number in (IDS[0], CARDS[0]):
        run("kb", "search", number, home=home)
        run("request", "show", number, home=home, check=False)
        run("join", "http://127.0.0.1:1", number, home=home, check=False)


def plant(home: Path) -> None:
    """Leak on purpose, in the ways a product does: a draft in the log of writes, a UTF-16 line in a log file."""
    conn = desks.open_for_reading(home)
    conn.execute("INSERT INTO draft VALUES ('planted', ?, 0)", (json.dumps({"text": leaks.grouped(CARDS[1], " ")}),))
    conn.close()
    (home / "planted.log").write_bytes(f"x{IDS[1]}".encode("utf-16-le"))
    (home / "heads.txt").write_text(CARDS[2][: leaks.HEAD].translate(leaks.FULL_WIDTH), encoding="utf-8")


def test_numbers_are_valid_and_found_in_every_spelling() -> None:
    """What is typed here is what the product must know."""
    for number in NUMBERS:
        for kind, spelled in leaks.spellings(number).items():
            assert [one.kind for one in find_private(spelled)] in (["id_card"], ["bank_card"]), kind


def test_private_numbers_land_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into every text field of every screen and through the commands, then to a centre; then every byte is searched."""
    folders = [tmp_path / f"walk{turn}" for turn in range(len(WALKS))]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(len(WALKS)) as pool:
        done = list(pool.map(walked, folders, range(len(WALKS))))
    visited = {field: screen for fields, _ in done for field, screen in fields.items()}
    kept = {name: text for _, texts in done for name, text in texts.items()}
    unseen = screens() - set(visited.values()) - NO_FIELDS
    assert not unseen, f"screens that were not walked: {unseen}"
    fields = [name for name in visited if "/" in name or name == "CommandPalette"]
    home = folders[0] / "home"
    through_the_commands(home, tmp_path / "given")
    for folder in folders:
        told_to_a_centre(folder / "home", folder / "centre")
    places = [folder / part for folder in folders for part in ("home", "centre")]
    searched = [path for place in places for path in place.rglob("*") if path.is_file()]
    found = leaks.search(places, NUMBERS, kept)
    assert not found, "\n".join(sorted({f"{leak.where}: {leak.what}: {leak.beside}" for leak in found}))
    shutil.copytree(home, tmp_path / "planted")
    plant(tmp_path / "planted")
    seen = {leak.where for leak in leaks.search([tmp_path / "planted"], NUMBERS)}
    assert {"planted/planted.log", "planted/heads.txt"} <= seen and any("desk.db" in where for where in seen)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {len(fields)} text fields on {len(set(visited.values()))} screens, {len(NUMBERS)} numbers,"
            f" {len(leaks.needles(NUMBERS))} byte forms, {len(searched)} files, {len(kept)} tmux buffers\n"
        )


def told_to_a_centre(home: Path, data: Path) -> None:
    """Join a centre, send it everything, and export what there is."""
    with centre(data) as url:
        enrolled = run("central", "enrol", "--data", str(data), "--team", "客服一组", "--role", "supervisor", home=home)
        code = enrolled.stdout.strip().splitlines()[-1]
        run("join", url, code, home=home)
        for _ in range(2):
            report = json.loads(run("sync", "--once", "--json", home=home).stdout)
            assert not report["error"]
        assert not report["parked"], "the centre was sent what it must refuse"
    run("export", "requests", "--format", "jsonl", "--output", str(home / "export.jsonl"), home=home, check=False)
