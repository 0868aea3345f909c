"""The metrics of §6.6: rates stay between 0 and 1, nothing is no data, tallies add up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain import usage
from agentdesk.domain.usage import ArticleFigures, Citing, Search, Share, Tally, Use

NOW = datetime(2026, 1, 28, 10, 30, tzinfo=UTC)
DAY = timedelta(days=1)

WORDS = st.sampled_from(["退款", "退 款", "ＡＢ", "ab", "發票", "发票", " ", ""])
ARTICLES = st.sampled_from(["", "a", "b"])
SEARCHES = st.lists(
    st.builds(Search, WORDS, st.integers(0, 3), ARTICLES, ARTICLES, st.sampled_from([None, True, False])), max_size=30
)
TIMES = st.lists(st.integers(-400, 0).map(lambda hours: NOW + timedelta(hours=12 * hours)), max_size=12)


def between(share: Share) -> bool:
    return 0 <= share.part <= share.of and (share.rate is None if not share.of else 0 <= share.rate <= 1)


def counted(found: Tally) -> dict[str, Any]:
    terms = {key: (one.searches, one.unhit, one.missed, one.solved) for key, one in found.terms.items()}
    return {"terms": terms, "articles": dict(found.articles)}


@given(SEARCHES, SEARCHES)
def test_tallies_add_up(one: list[Search], other: list[Search]) -> None:
    assert counted(usage.tally(one) + usage.tally(other)) == counted(usage.tally(one + other))


@given(SEARCHES, st.integers(1, 4))
def test_what_is_written_down_adds_up_to_it_again(searches: list[Search], part: int) -> None:
    found = usage.tally(searches)
    parts = json.loads(json.dumps(list(usage.packed(found, part))))
    assert counted(sum(map(usage.unpacked, parts), Tally())) == counted(found)


@given(SEARCHES)
def test_every_rate_is_a_share(searches: list[Search]) -> None:
    found = usage.tally(searches)
    assert between(found.zero_hits) and between(found.answers)
    assert all(between(use.answers) for use in found.articles.values())
    assert found.searches == sum(1 for one in searches if one.words.strip())
    assert sum(one.searches for one in usage.top(found)) == found.searches
    assert all(one.in_vain <= one.searches for one in usage.in_vain(found))


@given(st.lists(st.builds(Citing, ARTICLES, st.booleans(), st.booleans()), max_size=20))
def test_resolution_rates_are_shares(citing: list[Citing]) -> None:
    found = usage.resolution_rates(citing)
    assert all(between(share) and share.of for share in found.values())
    assert sum(share.of for share in found.values()) == len(citing)


@given(TIMES, st.none() | st.integers(0, 200), st.integers(1, 120), st.sampled_from([7, 30, 90]))
def test_timeliness_and_freshness_are_shares(times: list[datetime], ended: int | None, period: int, days: int) -> None:
    end = None if ended is None else NOW - ended * DAY
    share = usage.timeliness(times, end, period * DAY, NOW - days * DAY, NOW)
    assert between(share) and share.of <= len(times)
    weeks = usage.weeks(times, NOW, days)
    assert len(weeks) == days // 7
    assert between(usage.freshness(weeks))
    assert sum(week.updates for week in weeks) == sum(1 for at in times if at >= weeks[-1].start)
    assert all(one.start == other.start + 7 * DAY for one, other in pairwise(weeks)), "no day belongs to two"


def test_nothing_is_no_data() -> None:
    found = usage.tally([])
    assert found.zero_hits.rate is None and found.answers.rate is None and found.searches == 0
    assert usage.timeliness([], None, 30 * DAY, NOW - 30 * DAY, NOW).rate is None
    assert usage.resolution_rates([]) == {}


def test_a_term_is_the_same_in_both_scripts_and_any_width() -> None:
    found = usage.tally([Search("發票", 0), Search("发票 ", 2, solved=False), Search("ＡＢ", 1, "a", "a", True)])
    (first, second) = usage.top(found)
    assert (first.words, first.searches, first.unhit, first.missed) == ("發票", 2, 1, 1)
    assert second.solved == 1 and found.articles["a"] == Use(opened=1, inserted=1, helped=1)
    assert [one.words for one in usage.in_vain(found)] == ["發票"]
    assert found.zero_hits == Share(1, 3) and found.answers == Share(1, 2)


@pytest.mark.parametrize(
    ("updates", "ended", "wanted"),
    [
        ([-100, -75], None, Share(1, 1)),  # due at -70, done at -75; the next one is due at -45, before the window
        ([-35], None, Share(0, 1)),  # due at -5, nothing done
        ([-35, -4], None, Share(0, 1)),  # done a day late; the next one is due after today
        ([-35, -6], None, Share(1, 1)),
        ([-35], -10, Share(0, 0)),  # retired before it was due
        ([-3], None, Share(0, 0)),
    ],
)
def test_timeliness(updates: list[int], ended: int | None, wanted: Share) -> None:
    days = 90 if min(updates) == -100 else 30
    at = [NOW + day * DAY for day in updates]
    end = None if ended is None else NOW + ended * DAY
    found = usage.timeliness(at, end, 30 * DAY, NOW - days * DAY, NOW if days == 30 else NOW - 50 * DAY)
    assert found == wanted


def test_weeks_are_counted_back_from_now() -> None:
    weeks = usage.weeks([NOW, NOW - 6 * DAY, NOW - 8 * DAY, NOW + DAY], NOW, 30)
    assert [week.updates for week in weeks] == [2, 1, 0, 0]
    assert weeks[0].start == datetime(2026, 1, 22, tzinfo=UTC)
    edge = usage.weeks([weeks[0].start, weeks[0].start - timedelta.resolution], NOW, 14)
    assert [week.updates for week in edge] == [1, 1]
    assert usage.freshness(weeks) == Share(2, 4)


def test_what_is_weak() -> None:
    def one(title: str, **more: Any) -> ArticleFigures:
        figures = ArticleFigures(title, title, **{"use": Use(), "resolution": Share(), **more})
        return usage.judged(figures, least=3, percent=50)

    good = one("good", use=Use(opened=5, helped=3, unhelpful=2), resolution=Share(3, 3))
    seldom = one("seldom", use=Use(opened=9, helped=1, unhelpful=3))
    unresolved = one("unresolved", resolution=Share(1, 3))
    few = one("few", use=Use(opened=2, unhelpful=1), resolution=Share(0, 2))
    late = one("late", overdue=True, flagged=True)
    assert (good.weak, few.weak) == ((), ())
    assert seldom.weak == (usage.UNHELPFUL, usage.SELDOM) and unresolved.weak == (usage.UNRESOLVED,)
    assert [found.id for found in usage.weakest([good, unresolved, few, late, seldom])] == [
        "seldom",
        "late",
        "unresolved",
    ]


HOSTILE = "退款\x1b]0;x\x07\x1b[31m\u202e红\r\n二"


def test_words_of_another_desk_are_one_line_without_codes() -> None:
    mine = usage.search_of({"words": HOSTILE, "hits": []}, {}).words
    (theirs,) = usage.unpacked({"terms": [[HOSTILE, 1, 1, 0, 0]]}).terms.values()
    assert mine == theirs.words and not any(ord(char) < 32 or char == "\u202e" for char in mine)
