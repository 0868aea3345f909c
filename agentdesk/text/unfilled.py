"""What a template left open in a text: variables, blanks by name, a salutation without anybody (standard §5.1).

What it finds is never sent, so each form is narrow; a blank that the customer is asked to fill in is none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

_HAN = "\u3400-\u9fff"
_SNAKE = r"[A-Za-z]{2,20}_[A-Za-z0-9_]{1,20}"
_VARIABLE = (
    rf"[{{｛][ \t]{{0,3}}(?:[?？]?[A-Za-z][A-Za-z0-9_]{{1,39}}|[{_HAN}][{_HAN}A-Za-z0-9]{{0,11}}"
    r"|[?？][^{}｛｝\n]{1,40}?)"
    r"(?::[a-z]{1,12})?(?:[|｜][^{}｛｝\n]{0,40})?[ \t]{0,3}[}｝]"
    rf"|[$%]{_SNAKE}%?|[<＜]{_SNAKE}[>＞]|[\[【]{_SNAKE}[\]】]|[（(]待(?:填|填写|填寫|补充|補充)[）)]"
)
_DEAR = "尊敬的|敬爱的|敬愛的|亲爱的|親愛的"
_PERSON = "(?:先生|女士|小姐|太太)(?![/／、或])"
_NOBODY = re.compile(
    rf"^[ \t]{{0,4}}(?:{_DEAR}|Dear|(?:Dear|Hello|Hi)[ \t]{{1,3}}M(?:rs?|s|iss)\b\.?)[ \t]{{0,3}}(?=[，,：:！!\n]|\Z)"
    rf"|^[ \t]{{1,8}}{_PERSON}",
    re.MULTILINE,
)
_WHO = "姓名|名字|称呼|稱呼|客服姓名|name|agent"
_WHAT = (
    "订单号|订单编号|訂單編號|訂單號碼|工单号|工號|工号|案件編號|快递单号|物流单号|物流單號|时间|時間|日期|金额|金額|产品|產品|产品名"
    "|產品名稱|地址|电话|電話|部门|部門|原因|进度|進度|门店|門市|补偿|補償"
    "|order(?: no| number)?|date|time|amount|product|reason|department"
)
_WHOSE = "(?:客户|客戶|顾客|顧客|您的|你的|填写|填寫|请填写|請填寫)?"
_BLANK = (
    rf"[\[<〈〔]{_WHOSE}(?:{_WHO}|{_WHAT})[\]>〉〕]|【{_WHOSE}(?:{_WHO})】"
    # At the beginning of a line 【时间】 is a heading, within a sentence a blank.
    rf"|(?<=[{_HAN}，,])【{_WHOSE}(?:{_WHAT})】|《[ \t]{{0,4}}》|【[ \t]{{0,4}}】"
)
_CROSS = "(?:[xX×Ｘｘ]{2,6}|[oOＯ]{2,6}|[○〇]{2,6}|某某)"
_UNITS = (
    "先生|女士|小姐|太太|老师|老師|经理|經理|主管|师傅|師傅|同事|同仁|客户|客戶|小时|小時|分钟|分鐘|天|元|号|號|月|日|年|点|點|折|公司|部门"
    "|部門|银行|銀行|品牌|产品|產品|门店|門市|小区|社區|路|订单|訂單|快递|快遞"
)
_LEADS = (
    "客服|工号|工號|我是|我叫|尊敬的|亲爱的|親愛的|订单号|訂單編號|单号|單號|预计|預計|金额|金額"
    "|地址是|原因是|因为|因為"
)
_LINE = r"(?<![A-Za-z0-9_＿])[_＿]{3,40}(?![A-Za-z0-9_＿])"

_BEGINS = re.compile("[{｛$%<＜\\[【〔〈《（(_＿xX×ＸｘoOＯ○〇某尊敬亲親]")
"""What all of these begin with: looked for first, since a text without any costs next to nothing then."""
_MAY_BE_OPEN = re.compile(rf"[{{｛$%<＜\[【〔〈《（(_＿xX×ＸｘoOＯ○〇某]|{_DEAR}|Dear|Hello|Hi|[ \t]{_PERSON}")
_OPEN = re.compile(rf"{_VARIABLE}|(?:{_DEAR})[ \t\u3000]{{1,8}}{_PERSON}")
_GAP = re.compile(
    rf"{_BLANK}|{_LINE}|(?<![A-Za-z0-9○〇一二三四五六七八九零]){_CROSS}(?={_UNITS})"
    rf"|(?<![A-Za-z0-9○〇])(?P<led>{_CROSS})(?![A-Za-z0-9○〇])"
)
_LED = re.compile(rf"(?:{_LEADS})[ \t]?[：:]?[ \t]?$")
_ASKS = re.compile(r"填[写寫好上入在表妥]|请填|請填|补全|補全|格式|\bfill (?:in|out)|\bformat\b", re.IGNORECASE)
"""Words with which a customer is asked to fill in what stands open on purpose."""
_RUNS = frozenset("_＿xX×ＸｘoOＯ○〇某")
"""What is one thing however long it runs: it begins with its first character alone."""
_NEAR = 120
"""Characters to either side within which somebody may be asked to fill it in."""


def may_be_open(sentence: str) -> bool:
    """Whether a sentence holds what everything begins with that is to be filled in."""
    return _MAY_BE_OPEN.search(sentence) is not None


def find_unfilled(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands that somebody had to fill in: `{eta}`, `{?快递单号}`, 【姓名】, XX元, ____, 尊敬的，"""
    for nobody in _NOBODY.finditer(text):
        yield nobody.span()
    done = 0
    asked: list[int] | None = None  # where the customer is asked to fill something in; most texts hold no blank
    for begin in _BEGINS.finditer(text):
        char, start = begin.group(), begin.start()
        if start < done or (char in _RUNS and text[start - 1 : start] == char):
            continue
        found = _OPEN.match(text, start)
        if found is None and (found := _gap(text, start)):
            asked = [one.start() for one in _ASKS.finditer(text)] if asked is None else asked
            found = None if _asks_for(text, found, asked) else found
        if found:
            done = found.end()
            yield found.span()


def _gap(text: str, start: int) -> re.Match[str] | None:
    """What may be a blank at this place."""
    found = _GAP.match(text, start)
    led = found is None or not found["led"] or _LED.search(text, max(0, start - 12), start)
    return found if led else None


def _asks_for(text: str, blank: re.Match[str], asked: list[int]) -> bool:
    """Whether the customer is asked to fill a blank in: near it, in the same line."""
    start, end = blank.span()
    at = bisect_left(asked, start)
    before = at > 0 and asked[at - 1] >= start - _NEAR and "\n" not in text[asked[at - 1] : start]
    return before or (at < len(asked) and asked[at] < end + _NEAR and "\n" not in text[end : asked[at]])
