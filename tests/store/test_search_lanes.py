"""Pinyin, like sounds, near words and filters in the index; bonuses and why; what is kept is what a new index holds."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentdesk.store.projections import search as index
from agentdesk.store.projections.search import Hit, Item, Weights
from agentdesk.text.fold import fold
from agentdesk.text.search_query import Wish

NOW = 1_800_000_000
DAY = 86_400
FAR = "洗衣机底部漏水怎么办"


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    """An empty index in memory."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    assert index.create(made)
    yield made
    made.close()


def titles(hits: Sequence[Hit]) -> list[str]:
    """What was found."""
    return [hit.title for hit in hits]


def ways(hit: Hit) -> set[str]:
    """By which lanes it was found."""
    return {way.lane for way in hit.why.ways}


def marked(hit: Hit) -> list[str]:
    """What of its title is underlined."""
    return [hit.title[start:end] for start, end in hit.title_spans]


def fill(conn: sqlite3.Connection, *made: str) -> None:
    """Index titles alone."""
    index.put(conn, [Item("article", title, title) for title in made])


@pytest.mark.parametrize(
    ("typed", "title", "shown"),
    [
        ("loushui", FAR, "漏水"), ("xiyiji", FAR, "洗衣机"), ("xyj", FAR, "洗衣机"), ("xi yi ji", FAR, "洗衣机"),
        ("xiyijid", FAR, "洗衣机底"), ("chongzhi", "怎样重置密码", "重置"), ("zhongliang", "重量超标", "重量"),
        ("yinhang", "解绑银行卡", "银行"), ("zhangzhe", "長者模式", "長者"), ("XIYIJI", FAR, "洗衣机"),
    ],
)  # fmt: skip
def test_titles_are_found_by_pinyin(conn: sqlite3.Connection, typed: str, title: str, shown: str) -> None:
    fill(conn, title, "空调不制冷", "发票怎么开")
    hits = index.search(conn, typed)
    assert titles(hits) == [title] and ways(hits[0]) == {"pinyin"} and marked(hits[0]) == [shown]


@pytest.mark.parametrize(
    "typed",
    [
        "xiyiji loushui",
        "loushui xiyiji",
        "xi yi ji lou shui",
        "xiyijiloushui",
        "xyj ls",
        "xiyiji lous",
        "XIYIJI  LOUSHUI",
    ],
)
def test_pinyin_may_stand_apart_in_the_title(conn: sqlite3.Connection, typed: str) -> None:
    fill(conn, FAR, "洗衣机脱水", "净水器漏水", "西医记录", "楼睡")
    hits = index.search(conn, typed)
    assert titles(hits) == [FAR] and marked(hits[0]) == ["洗衣机", "漏水"]
    assert ways(hits[0]) == {"pinyin"}


def test_what_stands_together_needs_no_gap(conn: sqlite3.Connection) -> None:
    fill(conn, FAR, "洗衣机漏水")
    assert titles(index.search(conn, "xiyijiloushui")) == ["洗衣机漏水"]


def test_a_like_sound_comes_before_a_like_look(conn: sqlite3.Connection) -> None:
    fill(conn, FAR, "洗衣机脱水时抖得厉害", "冰箱不制冷", "空调滴水", "热水器漏水")
    hits = index.search(conn, "洗衣机楼水")
    assert titles(hits)[:2] == [FAR, "洗衣机脱水时抖得厉害"]
    assert "sound" in ways(hits[0]) and "near" in ways(hits[1])


def test_pinyin_prefers_the_beginning_and_the_whole(conn: sqlite3.Connection) -> None:
    fill(conn, "关于退款的长长说明", "退款到账时间说明", "退款")
    assert titles(index.search(conn, "tuikuan")) == ["退款", "退款到账时间说明", "关于退款的长长说明"]


def test_letters_of_a_model_are_no_pinyin(conn: sqlite3.Connection) -> None:
    fill(conn, "气息检测", "型号QX35的参数")
    assert titles(index.search(conn, "qx35")) == ["型号QX35的参数"]


def test_a_known_word_comes_before_what_reads_like_it(conn: sqlite3.Connection) -> None:
    fill(conn, "暗盘盘点", "APP 登录失败")
    assert titles(index.search(conn, "app"))[0] == "APP 登录失败"


def test_a_wrong_homophone_is_forgiven_and_told(conn: sqlite3.Connection) -> None:
    fill(conn, "洗衣机漏水", "空调漏电", "快递包裹")
    hits = index.search(conn, "洗依鸡")
    assert titles(hits) == ["洗衣机漏水"] and "sound" in ways(hits[0]) and marked(hits[0]) == ["洗衣机"]


def test_another_character_is_forgiven(conn: sqlite3.Connection) -> None:
    fill(conn, "洗衣机漏水", "空调漏电")
    hits = index.search(conn, "洗大机")
    assert titles(hits) == ["洗衣机漏水"] and ways(hits[0]) == {"near"} and marked(hits[0]) == ["洗衣机"]


def test_a_slip_in_a_word_is_forgiven(conn: sqlite3.Connection) -> None:
    index.put(conn, [Item("article", "a", "How to pair", "Turn on bluetooth first."), Item("article", "b", "Refund")])
    hits = index.search(conn, "bleutooth")
    assert titles(hits) == ["How to pair"]
    assert [hits[0].snippet[start:end] for start, end in hits[0].snippet_spans] == ["bluetooth"]


def test_what_is_typed_right_needs_no_forgiving(conn: sqlite3.Connection) -> None:
    fill(conn, "洗衣机漏水", "洗一机", "洗衣机异响", "洗衣机不转", "一机洗")
    assert all(ways(hit) == {"words"} for hit in index.search(conn, "洗衣机") if "洗衣机" in hit.title)


def test_an_update_leaves_no_ghost_in_sounds_and_facets(conn: sqlite3.Connection) -> None:
    index.put(conn, [Item("article", "x", "洗衣机漏水", facets=(("kind", "faq"), ("tag", "旧")))])
    index.put(conn, [Item("article", "x", "空调异响", facets=(("kind", "policy"),))])
    assert index.search(conn, "xiyiji") == [] and index.search(conn, "洗依鸡") == []
    assert titles(index.search(conn, "", wishes=(wish("kind", "policy"),))) == ["空调异响"]
    assert index.search(conn, "", wishes=(wish("tag", "旧"),)) == []
    index.remove(conn, "article", ["x"])
    index.compress(conn)
    for table in ("search_facet", "search_facet_value", "search_sound_terms"):
        assert conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


# -- filters ----------------------------------------------------------------------------------------------------------


def wish(name: str, *values: str) -> Wish:
    """A filter as it comes from what was typed."""
    return Wish(name, "/".join(values), values)


KINDS, TAGS, PRODUCTS = ("faq", "policy", "policy_qa"), ("a", "b", "c"), ("洗衣机", "滚筒洗衣机", "空调")
ITEM = st.tuples(
    st.sampled_from(["退款到账", "洗衣机漏水", "退款洗衣机", "洗依机"]),
    st.sampled_from(KINDS),
    st.frozensets(st.sampled_from(TAGS)),
    st.sampled_from(PRODUCTS),
    st.integers(-2, 2),
)
WISH = st.one_of(
    st.sampled_from(KINDS).map(lambda one: wish("kind", one)),
    st.sampled_from(TAGS).map(lambda one: wish("tag", one)),
    st.sampled_from(["洗衣", "空调", "冰箱"]).map(lambda one: wish("product", one)),
    st.sampled_from(["in_force", "upcoming"]).map(lambda one: wish("state", one)),
    st.just(Wish("kind", "?", ())),
)
Made = tuple[str, str, frozenset[str], str, int]


def meets(one: Made, wishes: Sequence[Wish]) -> bool:
    """What filters mean, said a second time and plainly."""
    _, kind, tags, product, starts = one
    named: dict[str, list[str]] = {}
    for given_ in wishes:
        if given_.name == "tag" and given_.values[0] not in tags:
            return False
        named.setdefault(given_.name, []).extend(given_.values)
    state = "upcoming" if starts > 0 else "in_force"
    return (
        ("kind" not in named or kind in named["kind"])
        and ("product" not in named or any(part in product for part in named["product"]))
        and ("state" not in named or state in named["state"])
    )


@given(
    st.lists(ITEM, max_size=12),
    st.lists(WISH, min_size=1, max_size=3),
    st.sampled_from(["", "退款", "xiyiji", "洗依鸡"]),
)
@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_filters_never_match_too_much(
    conn: sqlite3.Connection, made: list[Made], wishes: list[Wish], words: str
) -> None:
    index.remove(conn, "article", map(str, range(12)))
    index.put(conn, [item(number, one) for number, one in enumerate(made)])
    hits = index.search(conn, words, 50, wishes=wishes, now=NOW)
    fitting = {str(number) for number, one in enumerate(made) if meets(one, wishes)}
    assert {hit.id for hit in hits} <= fitting
    if not words:
        assert {hit.id for hit in hits} == fitting
    elif words == "退款":
        assert {hit.id for hit in hits} >= {one for one in fitting if words in made[int(one)][0]}


def item(number: int, one: Made) -> Item:
    """An article of the property above."""
    title, kind, tags, product, starts = one
    facets = (("kind", kind), ("product", product), *(("tag", tag) for tag in sorted(tags)))
    return Item("article", str(number), title, "", (), "", facets, starts=NOW + starts * DAY)


# -- order and why ----------------------------------------------------------------------------------------------------


def policy(name: str, starts: int, ends: int = 0, at: int = 0) -> Item:
    """One version of a policy."""
    return Item("article", name, "积分规则", "同样的内容", (), "", (("kind", "policy"),), starts, ends, at)


def test_the_policy_in_force_comes_first(conn: sqlite3.Connection) -> None:
    old, new, next_ = policy("old", NOW - 9 * DAY, NOW - DAY), policy("new", NOW - DAY), policy("next", NOW + DAY)
    index.put(conn, [new, old, next_, Item("article", "faq", "积分规则", "同样的内容")])
    hits = index.search(conn, "积分规则", now=NOW)
    assert [hit.id for hit in hits][:2] == ["new", "faq"]
    assert {bonus.code for bonus in hits[0].why.bonuses} == {"title", "in_force"}
    assert {bonus.code for bonus in hits[-1].why.bonuses} == {"title", "not_in_force"}


def test_weights_are_the_sites(conn: sqlite3.Connection) -> None:
    index.put(conn, [policy("used", 1), policy("fresh", 1, at=NOW)])
    index.note_use(conn, "article", "used", 1_000, 0.5)
    assert index.search(conn, "积分", now=NOW, weights=Weights(use=50, fresh=1))[0].id == "used"
    assert index.search(conn, "积分", now=NOW, weights=Weights(use=1, fresh=50))[0].id == "fresh"


def test_use_is_kept_when_a_text_changes_and_when_the_index_is_made_anew(conn: sqlite3.Connection) -> None:
    index.put(conn, [policy("a", 1), policy("b", 1)])
    index.note_use(conn, "article", "a", 9, 1.0)
    conn.execute("UPDATE search_meta SET value = 'of old'")
    assert index.create(conn)
    index.put(conn, [policy("a", 1), policy("b", 1)])
    assert index.search(conn, "积分")[0].id == "a"


def test_a_hit_tells_why(conn: sqlite3.Connection) -> None:
    index.put(
        conn,
        [Item("article", "x", "洗衣机渗水", "", ("滴水",)), *(Item("article", str(at), "空调") for at in range(4))],
    )
    (hit, *_) = index.search(conn, "洗衣机漏水", synonyms=[("漏水", "渗水")])
    by = {way.lane: way.by for way in hit.why.ways}
    assert by["words"] == ("洗衣机",) and by["synonym"] == ("渗水",)
    told = sum(way.score for way in hit.why.ways) + hit.why.top * sum(bonus.share for bonus in hit.why.bonuses)
    assert hit.score == pytest.approx(told, abs=1e-5)


def test_a_search_that_nobody_waits_for_ends(conn: sqlite3.Connection) -> None:
    fill(conn, "洗衣机漏水")
    asked: list[None] = []
    assert index.search(conn, "漏水", given_up=lambda: asked.append(None) or True) == []
    assert len(asked) == 2, "after the first lane, and at the end of the kind"


# -- offsets ----------------------------------------------------------------------------------------------------------

ODD = st.text("洗衣機漏水㎏ﬁＡ\u200b\ufe0f ，aİ", max_size=20)


@given(ODD, ODD, st.sampled_from(["洗衣机", "loushui", "洗依鸡", "kg", "洗大机"]))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_marks_stand_on_the_original_whatever_folds(
    conn: sqlite3.Connection, before: str, after: str, typed: str
) -> None:
    index.put(conn, [Item("article", "x", f"{before}洗衣機漏水㎏{after}")])
    for hit in index.search(conn, typed):
        pieces = [fold(hit.title[start:end]).text for start, end in hit.title_spans]
        assert all(0 <= start < end <= len(hit.title) for start, end in hit.title_spans)
        wanted = {"洗衣机": "洗衣机", "loushui": "漏水", "洗依鸡": "洗衣机", "kg": "kg", "洗大机": "洗衣机"}[typed]
        assert any(wanted in piece for piece in pieces), (hit.title, pieces)


# -- index = rebuild --------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 5), ITEM, st.booleans()), max_size=25))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_that_was_kept_is_one_made_anew(conn: sqlite3.Connection, steps: list[tuple[int, Made, bool]]) -> None:
    index.remove(conn, "article", map(str, range(12)))
    held: dict[int, Made] = {}
    for number, one, removed in steps:
        if removed:
            held.pop(number, None)
            index.remove(conn, "article", [str(number)])
        else:
            held[number] = one
            index.put(conn, [item(number, one)])
    anew = sqlite3.connect(":memory:", isolation_level=None)
    index.create(anew)
    index.put(anew, [item(number, one) for number, one in held.items()])
    assert contents(conn) == contents(anew)
    for words in ("退款", "xyj", "洗依鸡", "洗衣机漏水"):
        assert {hit.id for hit in index.search(conn, words, 50)} == {hit.id for hit in index.search(anew, words, 50)}
    anew.close()


def contents(conn: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """Terms with their counts, items and facets, without the numbers of rows."""
    facets = (
        "SELECT i.id, v.name, v.word FROM search_facet JOIN search_facet_value v USING (value)"
        " JOIN search_item i USING (row)"
    )
    statements = (
        "SELECT term, doc, cnt FROM search_article_terms",
        "SELECT term, doc, cnt FROM search_sound_terms",
        "SELECT id, title, starts, facets FROM search_item WHERE kind = 'article'",
        facets,
        "SELECT docs FROM search_count WHERE kind = 'article'",
    )
    return [sorted(conn.execute(statement).fetchall()) for statement in statements]


def test_random_titles_are_all_found_by_their_own_pinyin(conn: sqlite3.Connection) -> None:
    chance = random.Random(5)
    parts = ["洗衣机", "空调", "漏水", "退款", "重置", "银行", "发票", "会员", "西安", "配送"]
    made = sorted({"".join(chance.sample(parts, 3)) for _ in range(300)})
    fill(conn, *made)
    readings = dict(
        zip(parts, "xiyiji kongtiao loushui tuikuan chongzhi yinhang fapiao huiyuan xian peisong".split(), strict=True)
    )
    for title in made[::7]:
        typed = title
        for part, letters in readings.items():
            typed = typed.replace(part, letters)
        assert titles(index.search(conn, typed, 1)) == [title]
