"""What a template left open in a text: variables, blanks by name, a salutation without anybody (standard §5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VARIABLE = (
    r"[{｛][ \t]{0,3}(?:\??[a-z][a-z0-9_]{1,39}|[?？][^{}｛｝\n]{1,40}?)"
    r"(?::[a-z]{1,12})?(?:\|[^{}｛｝\n]{0,40})?[ \t]{0,3}[}｝]"
)
_BLANK = (
    r"[\[【<〈](?:客户|顾客|您的|你的)?(?:姓名|名字|称呼|订单号|订单编号|工单号|时间|日期|金额|产品|产品名|地址|電話|电话"
    r"|姓名|稱呼|訂單編號|時間|金額|產品|name|order(?: no)?|date|time|amount|product)[\]】>〉]"
)
_CROSSES = r"(?<![A-Za-z0-9])[xX×]{2,6}(?=先生|女士|小姐|小时|小時|分钟|分鐘|天|元|号|號|月|日)"
_NOBODY = r"(?:^|(?<=\n))[ \t]{0,4}(?:尊敬的|亲爱的|親愛的|Dear)[ \t]{0,3}(?=[，,：:！!\n]|$)"
_OPEN = re.compile("|".join((_VARIABLE, _BLANK, _CROSSES, _NOBODY)))
_SIGNS = re.compile("[{｛\\[【<〈xX×尊亲親D]")
"""One of these stands in each of them: most texts hold none, and are not looked at closer."""


def find_unfilled(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands that somebody had to fill in: `{eta}`, `{?快递单号}`, 【姓名】, XX元, 尊敬的，"""
    if _SIGNS.search(text):
        for found in _OPEN.finditer(text):
            yield found.span()
