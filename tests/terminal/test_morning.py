"""A morning at the desk: fifteen requests over all seven channels by keys, in a real terminal, in both scripts.

In between a second caller rings, customers are found by phone, number and initials, a duplicate is linked and another
one not made, templates are taken, a record is put right afterwards. The keys of each action are counted and printed.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from zhconv_rs import zhconv

from agentdesk.domain.vocabulary import ATTRIBUTIONS, CHANNELS, EMOTIONS, REQUEST_TYPES, SUB_TYPES
from agentdesk.present.i18n import open_catalogue
from agentdesk.present.keys import spoken
from tests.terminal.sitting import NARROW, Sitting
from tests.terminal.tmux import on, run, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]


@dataclass(frozen=True)
class Row:
    """One request as its form is filled; codes are those of the vocabulary."""

    channel: str
    name: str
    contact: str
    request_type: str
    sub_type: str
    product: str
    description: str
    emotion: str = "calm"
    occurred: str = ""
    anomaly: str = ""
    expected: str = ""
    order: str = ""
    attribution: str = ""


ENQUIRY, COMPLAINT, AFTER_SALES, SUGGESTION = "consult", "complaint", "after_sales", "suggestion"
ROWS = {
    "phone-1": Row("phone", "王小明", "13800001001", ENQUIRY, "product", "空调", "想了解一级能效空调的安装费用"),
    "online-1": Row("online", "李静", "13800001002", ENQUIRY, "usage", "洗衣机", "想问洗衣机怎么设置预约洗涤"),
    "email-1": Row("email", "陈伟", "chenwei@example.com", SUGGESTION, "policy", "", "建议积分到期前发提醒短信"),
    "interrupted": Row(
        "phone", "赵敏", "13800001004", COMPLAINT, "after_sales", "电饭煲", "电饭煲维修两次以后还是不能加热",
        "dissatisfied", "2026-11-20", "通电后没有反应", "换一台新的", "", "product_quality",
    ),
    "second-caller": Row("phone", "孙丽", "13800001005", ENQUIRY, "purchase", "冰箱", "想问冰箱分期付款怎么办理"),
    "app-1": Row("app_message", "周强", "13800001006", ENQUIRY, "usage", "手环", "手环的闹钟在哪里设置"),
    "social-1": Row("social", "吴芳", "13800001007", ENQUIRY, "product", "电视", "想问电视支持投屏的手机型号"),
    "bot-1": Row(
        "bot", "郑洁", "13800001008", ENQUIRY, "logistics", "净水器", "净水器滤芯何时发货呢", order="O-2026-1108"
    ),
    "walk-in": Row("walk_in", "冯涛", "13800001009", SUGGESTION, "product", "", "建议门店增加一个自助取号的机器"),
    "linked": Row(
        "phone", "赵敏", "13800001004", COMPLAINT, "after_sales", "电饭煲", "又来电询问电饭煲换新什么时候有结果",
        "anxious", "2026-11-20", "没有人回电话", "今天给答复", "", "service_attitude",
    ),
    "template-1": Row("online", "卫东", "13800001011", ENQUIRY, "refund", "音箱", "", order="O-2026-1111"),
    "template-2": Row(
        "app_message", "蒋雪", "13800001012", ENQUIRY, "logistics", "书桌", "",
        anomaly="三天没有更新", order="O-2026-1112",
    ),
    "known-phone": Row("online", "王小明", "13800001001", ENQUIRY, "usage", "风扇", "想问风扇的遥控器怎么配对"),
    "known-number": Row("email", "韩梅", "13800001013", ENQUIRY, "warranty", "冰箱", "想查询冰箱的保修期到什么时候"),
    "known-initials": Row("social", "李静", "13800001002", ENQUIRY, "product", "电视", "想问电视挂架是不是随机附送"),
}  # fmt: skip
"""Fifteen requests; the names and numbers are invented."""

TEMPLATES = {"template-1": "退款", "template-2": "包裹"}
"""Words by which a template is found."""

REGISTERED = {
    "channel": "email", "customer_name": "韩梅", "contact": "13800001013", "customer_no": "C-2013",
    "request_type": "consult", "sub_type": "product", "product_service": "空调", "emotion": "calm",
    "description": "想了解空调的制冷面积",
}  # fmt: skip


def script(language: str, text: str) -> str:
    """A text as it is written by somebody who works in this language."""
    return zhconv(text, "zh-tw", False) if language == "zh_TW" else text


class Morning(Sitting):
    """A sitting that types ahead, as quick hands do, and counts the keys of each action."""

    def __init__(self, home: Path, language: str) -> None:
        super().__init__(f"morning-{language}", home, NARROW)
        catalogue = open_catalogue(language)
        self.words = lambda key: spoken(catalogue(key))
        self.language = language
        self.counts: dict[str, list[int]] = defaultdict(list)

    def said(self, text: str) -> str:
        """A text in the script of this desk."""
        return script(self.language, text)

    def press(self, *names: str) -> None:
        """Press keys without waiting for the screen."""
        for name in names:
            self.keys.append(name)
            self._tmux("send-keys", name)

    def write(self, text: str) -> None:
        """Type text without waiting for the screen."""
        self.send(self.said(text))

    def sees(self, *keys: str, **texts: str) -> None:
        """Wait until the texts of these catalogue keys, and these texts, stand on the screen."""
        self.wait(*(self.words(key) for key in keys), *(self.said(text) for text in texts.values()))

    @contextmanager
    def action(self, name: str) -> Iterator[None]:
        """Count the keys pressed inside under this name."""
        before = len(self.keys)
        self.mark(name)
        yield
        self.counts[name].append(len(self.keys) - before)
        self._write(f"{self.settled()}\n")


def digit(codes: tuple[str, ...], code: str) -> str:
    """The digit that chooses a code in a row of choices."""
    return str((codes.index(code) + 1) % 10)


def open_form(desk: Morning, row: Row) -> None:
    """A new form, its channel chosen; the focus is on the name."""
    desk.press("F2")
    desk.sees("intake.title", "field.lookup.hint")
    desk.press("Tab", digit(CHANNELS, row.channel))


def new_customer(desk: Morning, row: Row) -> None:
    """Name and contact of somebody who is not known, without a number; the focus is on the request's type."""
    desk.write(row.name)
    desk.press("Tab")
    desk.write(row.contact)
    desk.press("Tab", "Tab", "Space", "C-g")


def known_customer(desk: Morning, row: Row, found_by: str) -> None:
    """Look a customer up and take them."""
    desk.press("BTab", "BTab")
    desk.send(found_by)
    desk.wait(">", desk.said(row.name))
    desk.press("Enter")
    desk.wait(desk.said(row.name), row.contact)


def matter(desk: Morning, row: Row) -> None:
    """Type, sub-type, product, description, emotion."""
    desk.press(digit(REQUEST_TYPES, row.request_type), digit(SUB_TYPES, row.sub_type))
    details(desk, row)


def details(desk: Morning, row: Row) -> None:
    """From the product on: what is empty, gap after gap."""
    if row.description:
        if row.product:  # a suggestion needs none: its first gap is the description
            desk.write(row.product)
            desk.press("Tab")
        desk.write(row.description)
        desk.press("Tab")
    else:
        desk.write(row.product)
        desk.press("C-g")
    desk.press(digit(EMOTIONS, row.emotion))
    for text in (row.occurred, row.anomaly, row.expected, row.order):
        if text:
            desk.write(text)
            desk.press("C-g")
    if row.attribution:
        desk.press(digit(ATTRIBUTIONS, row.attribution))
    desk.sees("intake.ready")


def record(desk: Morning) -> None:
    """Record; the workspace opens."""
    desk.press("F8")
    desk.sees("next.title")


def capture(desk: Morning, name: str, found_by: str = "") -> None:
    """One request from the key to the workspace."""
    row = ROWS[name]
    with desk.action("capture, known customer" if found_by else "capture, new customer"):
        open_form(desk, row)
        known_customer(desk, row, found_by) if found_by else new_customer(desk, row)
        matter(desk, row)
        record(desk)


def capture_by_template(desk: Morning, name: str) -> None:
    """One request whose matter comes from a template."""
    row = ROWS[name]
    with desk.action("capture, new customer, template"):
        open_form(desk, row)
        new_customer(desk, row)
        desk.press("C-t")
        desk.sees("template.search")
        desk.write(TEMPLATES[name])
        desk.wait(">1")
        desk.press("Enter")
        desk.wait(gone=desk.words("template.search"))
        desk.write("微信支付")  # the caret stands behind what the template asks for
        desk.press("BTab")
        details(desk, row)
        record(desk)


def interrupted(desk: Morning) -> None:
    """A second caller rings while the first one's description is being typed: park, capture, go on."""
    first, second = ROWS["interrupted"], ROWS["second-caller"]
    with desk.action("capture, interrupted"):
        open_form(desk, first)
        new_customer(desk, first)
        desk.press(digit(REQUEST_TYPES, first.request_type), digit(SUB_TYPES, first.sub_type))
        desk.write(first.product)
        desk.press("Tab")
        desk.write(first.description[:9])
        desk.wait(desk.said(first.description[:9]))
    with desk.action("second caller: park and capture"):
        desk.press("F2")
        desk.wait(gone=desk.said(first.name))
        desk.press("Tab", digit(CHANNELS, second.channel))
        new_customer(desk, second)
        matter(desk, second)
        record(desk)
    with desk.action("go on with the parked one"):
        desk.press("S-F2")
        desk.wait(desk.said(first.name), desk.said(first.description[:9]))
        desk.write(first.description[9:])  # the caret stands where the typing broke off
        desk.wait(desk.said(first.description[-6:]))
        desk.press("Tab", digit(EMOTIONS, first.emotion))
        for text in (first.occurred, first.anomaly, first.expected):
            desk.write(text)
            desk.press("C-g")
        desk.press(digit(ATTRIBUTIONS, first.attribution))
        desk.sees("intake.ready")
        record(desk)


def duplicate(desk: Morning, choice: str) -> None:
    """The same customer with the same matter: the desk asks; `choice` is the digit of the answer."""
    row = ROWS["linked"]
    with desk.action("capture, duplicate"):
        open_form(desk, row)
        known_customer(desk, row, row.contact)
        matter(desk, row)
        desk.press("F8")
        desk.sees("duplicate.ask")
        desk.press(choice)


def put_right(desk: Morning) -> None:
    """Change the record that has just been made, and read in its history what was changed."""
    with desk.action("edit after recording"):
        desk.press("S-F6")
        desk.sees("edit.title")
        desk.press("C-End")
        desk.write("，客户补充：晚上七点以后方便")
        desk.press("F8")
        desk.wait(desk.words("next.title"), gone=desk.words("edit.title"))
    with desk.action("history"):
        desk.press("C-l")
        desk.sees("history.title", added="晚上七点以后")
        desk.press("Escape")
        desk.sees("next.title")


def greet(desk: Morning) -> None:
    """The first phrase that fits, sent."""
    with desk.action("greeting sent"):
        desk.press("F4")
        desk.sees("phrases.search")
        desk.press("Enter")
        desk.wait("8021")
        desk.press("F8")
        desk.sees("reply.sent")


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_fifteen_requests_of_a_morning(language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything typed is there, once, as it was typed; nothing is left behind."""
    home = tmp_path / "home"
    words = ("--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", language)
    run("setup", *words, home=home)
    run("request", "add", "-", home=home, stdin=script(language, json.dumps(REGISTERED, ensure_ascii=False)))
    with Morning(home, language) as desk:
        desk.sees("key.intake")
        capture(desk, "phone-1")
        greet(desk)
        capture(desk, "online-1")
        greet(desk)
        capture(desk, "email-1")
        interrupted(desk)
        for name in ("app-1", "social-1", "bot-1", "walk-in"):
            capture(desk, name)
        put_right(desk)
        duplicate(desk, "2")
        desk.sees("next.title")
        capture_by_template(desk, "template-1")
        capture_by_template(desk, "template-2")
        capture(desk, "known-phone", "13800001001")
        capture(desk, "known-number", "C-2013")
        capture(desk, "known-initials", "lj")
        duplicate(desk, "3")
        desk.wait(until=lambda screen: on(desk.words("next.title"), screen))
        desk.press("S-F2")  # what was not recorded stands aside, and is thrown away after a question
        desk.sees("intake.title")
        desk.press("S-F8")
        desk.sees("intake.discard.ask")
        desk.press("1")
        desk.quit()
        counts = dict(desk.counts)
        said = desk.said
    with capsys.disabled():
        sys.stdout.write(f"\n  {language}\n")
        for action, keys in counts.items():
            sys.stdout.write(f"  {action:34} {len(keys):>2} x  {min(keys)}-{max(keys)} keys\n")
    judge(home, said)


def judge(home: Path, said: Any) -> None:
    """Compare what is in the store with what was typed."""
    listed = json.loads(run("request", "list", "--json", home=home).stdout)
    assert len(listed) == len(ROWS) + 1
    shown = [json.loads(run("request", "show", row["number"], "--json", home=home).stdout) for row in listed]
    records = [one["record"] for one in shown]
    assert {one["channel"] for one in records} == set(CHANNELS)
    for name, row in ROWS.items():
        same = [
            one
            for one in records
            if one["contact"] == row.contact and one.get("product_service", "") == said(row.product)
            if not row.description or said(row.description) in one["description"]
        ]
        assert len(same) == 1, f"{name}: {len(same)} of {row}"
        one = same[0]
        assert one["channel"] == row.channel and one["request_type"] == row.request_type, name
        assert one["sub_type"] == row.sub_type and one["emotion"] == row.emotion, name
        for field, text in (("anomaly", row.anomaly), ("order_no", row.order), ("attribution", row.attribution)):
            assert not text or one.get(field) == said(text), (name, field, one)
    linked = next(one for one in records if said("又来电询问") in one["description"])
    assert linked["related_request"], "the duplicate was not linked"
    edited = next(one for one in records if said("自助取号") in one["description"])
    assert said("晚上七点以后方便") in edited["description"]
