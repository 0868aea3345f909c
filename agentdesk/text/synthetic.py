"""A made-up lexicon of any size for measuring lint: random terms, with exceptions like those of real rules."""

from __future__ import annotations

import random

from agentdesk.text.lexicon import Allow, Rule

_CHARS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比"
    "或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总"
    "次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
    "必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权"
    "收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信"
    "马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连"
    "断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存"
    "候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)


def synthetic_rules(count: int, seed: int = 1, terms: int = 1) -> list[Rule]:
    """`count` rules of `terms` random terms each (2–8 characters), a quarter with exceptions."""
    chance = random.Random(seed)
    rules = []
    for number in range(count):
        words = tuple("".join(chance.choices(_CHARS, k=chance.randint(2, 8))) for _ in range(terms))
        allow = (Allow(around=(words[0] + "金",), before=("不", "无法"), within=4),) if number % 4 == 0 else ()
        rules.append(
            Rule(
                id=f"SYN-{number:05}",
                category="evasion",
                severity=("hint", "warn", "block")[number % 3],
                why="-",
                patterns=words,
                plain=("好的",),
                allow=allow,
            )
        )
    return rules


def synthetic_reply(length: int, seed: int = 1) -> str:
    """A reply of `length` random characters in sentences of about 25, with commas, as people write."""
    chance = random.Random(seed)
    text = chance.choices(_CHARS, k=length)
    for place in range(12, length, 13):
        text[place] = chance.choice("，，。")
    return "".join(text)
