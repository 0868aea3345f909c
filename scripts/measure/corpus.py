"""A made corpus of articles, and the key presses of somebody who searches in it.

Questions and answers about household goods from templates, filled with words whose frequency falls off as in real text
(Zipf), so that a few pairs of characters stand in most articles and most pairs in few. Ratios of it are to be trusted
more than its milliseconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from agentdesk.store import starter
from agentdesk.store.projections.search import Item

_GOODS = (
    "洗衣机 空调 冰箱 电视 电饭煲 微波炉 热水器 油烟机 手环 耳机 音箱 路由器 打印机 书桌 净水器 吸尘器 风扇 平板"
).split()
_FAULTS = (
    "漏水 不制冷 跳闸 不同步 噪音大 打不开 连不上网 有异味 不加热 显示异常 充不进电 自动关机 按键失灵 不出水 掉线"
    " 不启动 指示灯闪烁 门关不严 排水慢 遥控失灵"
).split()
_ASKS = (
    "{good}{fault}怎么办？|{brand}{good}{fault}是什么原因？|{good}的{word}怎么设置？|{brand}{good}能不能{word}{word2}？|"
    "{good}{word}多少钱？|买了{brand}{good}{days}天就{fault}可以退货吗？|{good}保修期内{word}怎么申请？|{word}{word2}说明"
).split("|")
_LINES = (
    "请先断开电源，检查{word}和{word2}是否正常。|如果{good}仍然{fault}，请记录{word}并联系售后。|{brand}的{word}在{word2}菜单里设置。|"
    "自收货之日起七天内出现{fault}，可以选择退货、换货或维修。|{word}由专人在{days}个工作日内答复，期间会同步{word2}。|"
    "常见原因是{word}松动、{word2}老化或者{word3}堵塞。|把{word}调到{word2}，等待{days}分钟后再试。|"
    "客户需要提供订单编号、{word}和{word2}的照片。|{good}的{word}与{word2}不配套时也会{fault}。|{word3}期间{word}不受影响。"
).split("|")


def corpus(count: int, seed: int = 1) -> Iterator[Item]:
    """Yield `count` made articles, the same ones for the same seed; titles are questions, bodies 80–300 characters."""
    chance = random.Random(seed)
    words = _words(chance)
    weights = [1 / (rank + 8) for rank in range(len(words))]
    brands = ["".join(chance.sample("海美格松云禾星辰蓝山远方小晨安宁和悦", 2)) for _ in range(40)]
    pool = chance.choices(words, weights, k=200_000)
    for number in range(count):

        def fill(template: str) -> str:
            return template.format(
                good=chance.choice(_GOODS),
                fault=chance.choice(_FAULTS),
                brand=chance.choice(brands),
                days=chance.randint(1, 60),
                word=chance.choice(pool),
                word2=chance.choice(pool),
                word3=chance.choice(pool),
            )

        body = "\n".join(fill(chance.choice(_LINES)) for _ in range(chance.randint(3, 10)))
        yield Item("article", f"made-{number}", fill(chance.choice(_ASKS)), body)


def _words(chance: random.Random) -> list[str]:
    """Make 30,000 two-character words over the characters of the shipped articles, commoner characters first."""
    letters = "".join(article.body for article in starter.articles())
    han = [char for char in letters if "\u4e00" <= char <= "\u9fff"]
    return list(dict.fromkeys("".join(chance.choices(han, k=2)) for _ in range(60_000)))[:30_000]


def key_presses(items: list[Item], titles: int, seed: int = 2) -> list[str]:
    """Return every prefix of some titles, as an input method gives them: one or two characters more each time."""
    chance = random.Random(seed)
    typed: list[str] = []
    for item in chance.sample(items, min(titles, len(items))):
        end = 0
        while end < len(item.title):
            end = min(len(item.title), end + chance.choice((1, 2, 2)))
            typed.append(item.title[:end])
    return typed
