"""Pages as Markdown: what is kept, what is dropped, and that no page takes longer than its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import html_encoding
from agentdesk.text.html_page import Page, page

WHOLE = """<!DOCTYPE html><html lang="zh-CN"><head><title>怎么清洗滤网 - 某某帮助中心</title><style>p{}</style>
<script>if (a<b) document.write("<p>假</p>")</script></head><body>
<header><nav><a href="/">首页</a></nav></header><main><h1>怎么清洗滤网</h1>
<p>先<b>断电</b>，再打开 <code>[[盖子]]</code>。<br>第二行 &amp; &lt;b&gt;<span hidden>藏</span></p><!-- <p>注</p> -->
<h2>做法</h2><ol><li>拧开<li><p>冲洗</p><p>晾干</p><ul><li>阴凉处</li></ul></ol>
<p>见 <a href="../b.html#x">拆 滤网</a>。</p>
<table><tr><th>型号<th>周期</tr><tr><td>A|1</td><td><p>每月</p><p>一次</p></td></tr></table>
<pre>if x:
   y</pre><img src=img/a.png alt="滤网"><blockquote>小心</blockquote></main><footer>版权</footer></body></html>"""
TEXT = """先断电，再打开 `[[盖子]]`。
第二行 & <b>

## 做法

1. 拧开
2. 冲洗
  晾干
  - 阴凉处

见 <拆 滤网=../b.html#x>。

| 型号 | 周期 |
| --- | --- |
| A｜1 | 每月 一次 |

```
if x:
   y
```

<滤网=img/a.png>

> 小心"""


def read(source: str) -> Page:
    def told(place: str, shown: str) -> str:
        return f"<{shown}={place}>"

    return page(source, told, told)


def test_a_page_keeps_its_text_and_nothing_around_it() -> None:
    assert read(WHOLE) == Page("怎么清洗滤网", TEXT, False)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>退货 | 帮助</title>", "<h1>退货</h1>x", "退货"),
        ("<title>退货 | 帮助</title>", "<h1>帮助</h1>x", "退货"),
        ("<title>退货</title>", "x", "退货"),
        ("", "<h1>退<i>货</i></h1>x", "退货"),
        ("", "x", ""),
    ],
)
def test_the_title_is_the_heading_without_the_name_of_the_site(head: str, body: str, title: str) -> None:
    assert read(f"<html><head>{head}</head><body>{body}</body></html>").title == title


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("<nav>甲<p>乙", "甲\n\n乙"),  # nothing but what leads about, and never closed
        ("<article>甲</article><p>乙</p><article>丙</article>", "甲\n\n丙"),
        ("<table><tr><td><div>左</div></td><td>右</td></tr></table>", "左\n\n右"),
        ("<a href=x><p>甲</p><p>乙</p></a>丙", "<甲=x>\n\n<乙=x>\n\n丙"),
        ("a < b <c> d <", "a < b d <"),
        ("<p title='>'>甲<p>&#99999999999;&#x41;&nbsp;&copy", "甲\n\n\ufffdA ©"),
        ("<ul><li>甲</ul>乙<ul><li>丙</ul>", "- 甲\n\n乙\n\n- 丙"),
        ("<script>x", ""),
        ("<dl><dt>词<dd>义</dl>", "- 词\n- 义"),
    ],
)
def test_what_is_not_whole_is_read_as_well_as_it_can_be(source: str, body: str) -> None:
    assert read(source).body == body


@pytest.mark.parametrize(
    "dropped",
    [
        "<svg class='icon'/>",
        "<svg class='icon'>",
        "<a><svg><path d='M0'/></a>",
        "<svg><foreignObject><p>图</p></foreignObject></svg>",
        "<math/>",
        "<iframe src='x'/>",
        "<iframe src='x'>",
        "<textarea>",
        "<button>",
        "<button>打印",
        "<div><button>打印</div>",
        "<script src='a.js'/>",
        "<script>if (a) '<p>'</script>",
        "<p style='visibility:hidden'>藏",
        "<ul hidden><li>藏</ul>",
        "<ul><li hidden>藏<ul><li>藏</ul></ul>",
        "<div hidden><p>藏</p><div>藏</div></div>",
        "<span aria-hidden=true><i/>藏</span>",
        "<template><p>藏</p></template>",
        "<noscript><p>藏</p></noscript>",
    ],
)
@pytest.mark.parametrize(
    "whole",
    [
        "<p>前</p>{}<p>正文</p>",
        "<html><head><meta charset=utf-8><title>题</title><body><main><p>前</p>{}<p>正文</p></main></body></html>",
        "<div><p>前{}</p><div><p>正文</p></div></div>",
    ],
)
def test_what_is_dropped_takes_nothing_along(dropped: str, whole: str) -> None:
    assert read(whole.format(dropped)).body == "前\n\n正文"


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("<?xml version='1.0'?><html><head><title>题</title><script src='a.js'/></head><body><p>文</p></body>", "文"),
        ("<html><head><script src='a.js'/><link rel='x'/><p>文", "文"),
        ("<head><noscript><img src=x></noscript><title>题</title><p>文", "文"),
        ("<title>题<body><p>文", "文"),
        ("<a href=/b/>乙</a>", "<乙=/b/>"),
        ("<a href='x'/>乙", "乙"),
        ("<table><tr><td>甲<td hidden>藏<td>乙<tr><td>丙<td>丁</table>", "| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |"),
        ("<div><button>甲<p>乙</p></div><p>丙", "乙\n\n丙"),
        ("<p>甲<nav><p>藏<p>藏<ul><li>藏</ul></nav>乙", "甲\n\n乙"),
        ("<div hidden><p>藏<p>乙", "藏\n\n乙"),
    ],
)
def test_an_element_ends_where_a_browser_ends_it(source: str, body: str) -> None:
    assert read(source).body == body


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("<p>文<div hidden>{}</div>", True),
        ("<p>文<button>{}</button>", True),
        ("<p>文<script src=a.js>{}", True),
        ("<p>文<script>{}</script>", False),
        ("<p>文<nav>{}</nav><svg>{}</svg>", False),
        ("<p>{}<div hidden>藏</div>", False),
    ],
)
def test_a_page_that_loses_most_of_its_text_says_so(source: str, lost: bool) -> None:
    assert read(source.replace("{}", "字" * 400)).lost is lost


def test_english_is_told_by_the_letters() -> None:
    assert read("<html lang=en><p>Clean the filter").english and read("<p>Clean the filter").english
    assert not read("<html lang=en><p>清洗滤网").english and not read("<html lang=fr><p>Bonjour").english


N = 20_000
HOSTILE = [
    "<div>" * N + "x",
    "<a href=x>" * N,
    "<!--" * N,
    "<a " * N,
    '<a "' * N,
    "<a \"'" * N,
    "&#" + "9" * N + ";",
    "<table><tr><td>x" * N,
    "<table><tr><td>" + "<p>x" * N,
    "<ul><li>x" * N,
    "<nav>" * N + "x",
    "<main>" * N + "x",
    "<script>" * N,
    "<![CDATA[" * N,
    "<pre>" * N + "x",
    "<button>" * N + "x",
    "<iframe>" * N + "x",
    "<svg/>" * N + "x",
    "<nav>" + "".join(f"<x{n}>" for n in range(N)) + "</div>" * N,
    "<div hidden><p><nav><button><svg><li hidden>" * (N // 9),
    "<a b=" * N + "/>",
    "<b>\n" * 5 * N,
    "&nbsp;<i>x</i>" + "<b> " * 5 * N,
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_page_is_read_to_its_end(source: str) -> None:
    """Anything that looks again at what it has read would not come back from these within a test's patience."""
    assert len(read(source).body) <= 25 * len(source)


@given(st.text("<>/!-a=\"' &#;ptdrliuxsc\n中", max_size=300))
def test_any_text_is_a_page(source: str) -> None:
    assert "\0" not in read(source).body


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_a_page_says_in_which_encoding_it_is(codec: str) -> None:
    name = codec.removesuffix("-sig") if codec != "gb18030" else "gb2312"
    source = f'<meta charset="{name}"><p>請先檢查電壓，再預熱'
    assert html_encoding.decoded(source.encode(codec), lambda data: "?") == source


def test_an_encoding_that_is_wrong_or_unknown_is_guessed() -> None:
    for says in ("punycode", "utf-7", "big5", "nothing"):
        data = f"<meta charset={says}>".encode() + "请先检查电压，再预热十分钟。".encode("gb18030") * 9
        assert html_encoding.decoded(data, lambda data: "guessed") == "guessed", says
