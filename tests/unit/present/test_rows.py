"""Records as lines: exact widths in both languages, reasons as sentences, findings that keep what matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.desk.views import ClockView, Reason
from agentdesk.domain import vocabulary
from agentdesk.present import labels, rows
from agentdesk.present.findings import finding_line, worst_of
from agentdesk.present.i18n import LANGUAGES, known, use

NOW = 1_800_000_000_000


@dataclass(frozen=True)
class Row:
    """A queue row as the store hands it over."""

    short_number: str = "AD-0128-0007"
    customer: str = "张*"
    title: str = "洗衣机漏水,售后未回应"
    request_type: str | None = "complaint"
    priority: str | None = "P1"
    state: str = "PLAN_PENDING"
    next_due_at: int | None = NOW + 2_460_000
    warn_at: int | None = NOW + 1
    pending: bool = False
    conflict: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A finding as text.lint makes it."""

    start: int = 0
    end: int = 3
    rule: str = "FP-01"
    category: str = "evasion"
    severity: str = "warn"
    text: str = "不知道"
    replacement: str = "我帮您查询一下"
    template: str = ""
    why: str = ""
    missing: tuple[str, ...] = ()
    adds: bool = False


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """Leave the default language behind."""
    use("zh_CN")
    yield
    use("zh_CN")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cells", [40, 76, 77, 100, 138])
@pytest.mark.parametrize(
    "row",
    [
        Row(),
        Row(customer="欧阳**很长的名字", title="👨\u200d👩\u200d👧[/b]\x1b[31m" * 40),
        Row(request_type=None, priority=None),
        Row(state="NEWER_STATE", next_due_at=None, warn_at=None),
        Row(pending=True, conflict=True),
        Row(pending=True, tags=("物流", "政策", "需要上门检测的很长标签")),
        Row(next_due_at=NOW - 1),
    ],
)
def test_queue_lines_are_exactly_as_wide_as_asked(row: Row, cells: int, language: str) -> None:
    use(language)
    assert rows.queue_line(row, cells, NOW).cell_length == cells
    assert rows.queue_heading(cells).cell_length <= cells


def test_columns_stand_under_their_headings() -> None:
    heading, shown = rows.queue_heading(78).plain, rows.queue_line(Row(), 78, NOW).plain
    before = labels.plain(heading[: heading.index("状态")])
    assert rows.width(before) == rows.width(shown[: shown.index("方案待确认")])


def test_tags_stand_before_the_end_of_a_wide_line_only() -> None:
    tagged = Row(tags=("物流", "政策"))
    assert rows.queue_line(tagged, 138, NOW).plain.endswith("  #物流 #政策")
    assert "#" not in rows.queue_line(tagged, 78, NOW).plain


def test_a_conflict_goes_before_unsent_work() -> None:
    assert rows.queue_line(Row(pending=True), 78, NOW).plain.endswith("待发")
    assert rows.queue_line(Row(pending=True, conflict=True), 78, NOW).plain.endswith("冲突")


def test_a_reason_names_the_words_that_matched() -> None:
    reasons = (Reason("PR-01", "safety", ("漏水",)), Reason("PR-04", "ignored"))
    assert rows.reasons_text(reasons, ("PM-1",)) == "安全隐患(漏水) + 此前联系未获答复 + 客户情绪激动"


def test_clocks_say_how_they_stand() -> None:
    start = datetime(2026, 1, 28, tzinfo=UTC)
    due = start + timedelta(hours=2)
    running = ClockView("CK-08", "r", "e", "running", start, due, due, due, None, None)
    now = int(start.timestamp() * 1000)
    assert (
        rows.clock_line(running, now, 40).plain.startswith("CK-08 处理时限")
        and "剩 02:00" in rows.clock_line(running, now, 40).plain
    )
    assert rows.clock_line(running, now, 40).cell_length == 40
    assert "暂停" in rows.clock_line(replace(running, paused_at=start), now, 40).plain
    assert "已超时" in rows.clock_line(replace(running, state="breached", stopped_at=due), now, 60).plain


def test_findings_keep_severity_category_and_key_at_any_width() -> None:
    finding = Finding(
        severity="block", category="overpromise", rule="RL-01", replacement="产品符合行业标准，具体参数可参考说明书"
    )
    wide, narrow = finding_line(finding, 100, count=2), finding_line(finding, 46, place=2, count=2)
    assert wide.plain == "不可发送 违规承诺 1/2  不得承诺绝对无故障  ^R 产品符合行业标准，具体参数可参考说明书"
    assert (
        narrow.cell_length <= 46 and narrow.plain.startswith("不可发送 违规承诺 2/2") and "^R 产品符合" in narrow.plain
    )
    for cells in range(30, 120):
        assert finding_line(finding, cells).cell_length <= cells


def test_a_finding_without_a_catalogue_reason_gives_the_lexicons() -> None:
    assert "站内自定义" in finding_line(Finding(category="house_rule", why="站内自定义"), 80).plain


def test_the_worst_of_several() -> None:
    assert worst_of([Finding(severity="hint"), Finding(severity="block"), Finding()]) == "block" and worst_of([]) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_the_slice_shows_has_its_word(language: str) -> None:
    use(language)
    kinds = {
        "state": vocabulary.STATES,
        "request_type": vocabulary.REQUEST_TYPES,
        "sub_type": vocabulary.SUB_TYPES,
        "emotion": vocabulary.EMOTIONS,
        "priority": vocabulary.PRIORITIES,
        "category": vocabulary.CATEGORIES,
        "attribution": vocabulary.ATTRIBUTIONS,
        "channel": vocabulary.CHANNELS,
        "outcome": vocabulary.OUTCOMES,
        "cause_class": vocabulary.CAUSE_CLASSES,
        "verdict": vocabulary.VERDICTS,
        "step": vocabulary.STEPS,
        "stage": vocabulary.STAGES,
        "role": vocabulary.ROLES,
        "told": vocabulary.TOLD_KINDS,
        "scenario": vocabulary.SCENARIOS,
        "agreed_how": vocabulary.AGREED_HOW,
        "verified_how": vocabulary.VERIFIED_HOW,
    }
    missing = [f"{kind}.{code}" for kind, codes in kinds.items() for code in codes if not known(f"{kind}.{code}")]
    assert missing == []


def test_an_unknown_code_is_shown_as_itself_and_harmless() -> None:
    assert labels.label("state", "NEW\x1b[31m[/b]") == "NEW[/b]" and labels.label("state", None) == ""
    assert labels.request_type("complaint", "after_sales") == "售后投诉" and labels.request_type("consult") == "咨询"


def test_what_is_missing_is_said_whole_before_the_words_for_it() -> None:
    parts = Finding(
        rule="TX-03", category="empathy", severity="hint", replacement="",
        template="接下来我们会{action}。全程由我跟进。", missing=("action", "follow"), adds=True,
    )  # fmt: skip
    assert finding_line(parts, 80).plain == ("提示 共情  还缺：我们怎么做、由我跟进  ^R 接下来我们会……。全程由我跟进。")
    assert finding_line(parts, 44).plain == "提示 共情  还缺：我们怎么做、由我跟进  ^R .."
    own = Finding(severity="hint", replacement="", missing=("签名\x1b[31m",), adds=True)
    assert finding_line(own, 80).plain == "提示 推诿  还缺：签名", "a part of the site's own, made harmless"
