"""The 5W2H helper keeps the order of its prompts, whatever is filled when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain.w2h import PROMPTS, answers, append

LABELS = dict(zip(PROMPTS, ("何时", "何处", "现象", "推测原因", "操作步骤", "影响程度", "出现频率"), strict=True))
TEXT = st.text(alphabet="昨天漏水 a1", min_size=1, max_size=12).filter(lambda text: text.strip())
GIVEN = st.dictionaries(st.sampled_from(PROMPTS), TEXT)


def test_answers_are_appended_in_the_fixed_order() -> None:
    told = append("洗衣机漏水", {"how_often": "每次", "when": "昨晚", "what": "底部漏水"}, LABELS)
    assert told == "洗衣机漏水\n何时：昨晚\n现象：底部漏水\n出现频率：每次"


def test_a_second_round_goes_between_and_replaces() -> None:
    first = append("", {"when": "昨晚", "how_often": "每次"}, LABELS)
    assert append(first, {"what": "漏水", "when": "今早"}, LABELS) == "何时：今早\n现象：漏水\n出现频率：每次"


def test_an_ascii_colon_is_known_too() -> None:
    assert answers("何时:昨晚\n洗衣机", LABELS) == ("洗衣机", {"when": "昨晚"})


@given(GIVEN, GIVEN)
def test_nothing_is_lost_or_doubled(one: dict[str, str], two: dict[str, str]) -> None:
    told = append(append("客户原话", one, LABELS), two, LABELS)
    rest, found = answers(told, LABELS)
    assert rest == "客户原话"
    assert found == {code: " ".join(text.split()) for code, text in {**one, **two}.items()}
    assert append(told, {}, LABELS) == told
