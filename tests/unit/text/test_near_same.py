"""Texts that are almost the same are found, others are not."""

from __future__ import annotations

from agentdesk.text.near_same import COMMON, NearSame

TEXT = "请先检查电压，再预热十分钟。如果还是不行，请联系售后，由师傅上门检查。保修期内不收费，过保收上门费五十元。"


def test_a_changed_clause_or_another_script_is_almost_the_same() -> None:
    known = NearSame()
    known.add("a", TEXT)
    for text in (
        TEXT,
        TEXT.replace("五十", "三十"),
        TEXT.replace("检查电压", "檢查電壓") + "\n谢谢。",
        TEXT.replace("，", " , "),
    ):
        assert known.find_or_add("b", text) == "a", text


def test_half_of_a_text_or_a_short_one_is_another() -> None:
    known = NearSame()
    known.add("a", TEXT)
    assert known.find_or_add("b", TEXT[:30]) == "" and known.find_or_add("c", TEXT + "另外。" + TEXT[::-1]) == ""
    assert known.find_or_add("d", "见正文。") == known.find_or_add("e", "见正文。") == ""


def test_what_stands_in_every_text_tells_nothing() -> None:
    known = NearSame()
    for number in range(COMMON + 5):
        assert (
            known.find_or_add(f"{number}", f"第{number}条说的是另外一件完全不同的事情{number * 7}。" + TEXT[:30]) == ""
        )
    assert known.find_or_add("x", "") == ""
