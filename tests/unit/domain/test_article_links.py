"""Links between articles: what is one, what it shows, what leads nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain.article_links import (
    IN_FORCE,
    ArticleLink,
    Target,
    label,
    links,
)


def test_a_link_has_an_id_and_may_say_what_is_shown() -> None:
    text = "先看 [[wash/leak]],再看 [[ f-12 | 换滤网 ]]。"
    assert links(text) == [ArticleLink("wash/leak", "", 3, 16), ArticleLink("f-12", "换滤网", 20, 36)]
    assert [text[one.start : one.end] for one in links(text)] == ["[[wash/leak]]", "[[ f-12 | 换滤网 ]]"]


def test_what_stands_in_code_or_is_not_whole_is_no_link() -> None:
    assert links("`[[a]]`\n```\nif [[ -f x ]]; then\n```\n[[]] [[ ]] [[a\nb]] [a] [[a]") == []
    assert [one.id for one in links("[[[a]]] [[b|]]")] == ["a", "b"]


def test_a_link_shows_its_words_then_the_title_then_the_id() -> None:
    bare, worded = links("[[a]] [[a|这里]]")
    known = Target("x", "漏水", IN_FORCE)
    assert (label(bare, known), label(worded, known), label(bare, None)) == ("漏水", "这里", "a")


@given(st.text(alphabet="[]|`a\n 中", max_size=200))
def test_links_stand_where_they_say_and_never_overlap(text: str) -> None:
    end = 0
    for one in links(text):
        assert end <= one.start < one.end and text[one.start : one.start + 2] == "[["
        assert text[one.end - 2 : one.end] == "]]" and one.id in text[one.start : one.end]
        end = one.end


def test_a_hostile_text_is_read_once() -> None:
    for bad in ("[[" * 40_000, "[[a|" * 20_000, "`" * 50_000, "```[[" * 10_000):
        assert links(bad) == []
