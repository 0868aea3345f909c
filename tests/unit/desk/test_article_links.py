"""Links between articles at a desk: where they lead, which break and why, as list and as command."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from agentdesk.changes import stamp_time
from agentdesk.desk import article_links, article_review, articles
from agentdesk.desk.context import Desk
from agentdesk.domain.article_links import DRAFT, IN_FORCE, MISSING, RETIRED
from agentdesk.domain.content import article_id
from agentdesk.store import starter
from tests.unit.desk.conftest import Clock
from tests.unit.desk.test_article_review import ROW
from tests.unit.desk.test_cli import Run, ready, run  # noqa: F401


def row(source: str, body: str, **more: Any) -> dict[str, Any]:
    return {"id": source, "title": f"题 {source}", "body": body, **more}


def told(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.source_id, one.link.id, one.target.state) for one in article_links.breaks(desk)]


def test_a_link_leads_to_the_site_s_the_shipped_or_the_written_article(desk: Desk) -> None:
    shipped = starter.articles()[0]
    articles.import_articles(desk, [row("a", "甲")])
    written = article_review.approve(desk, article_review.propose(desk, ROW).entity_id)
    found = article_links.targets(desk, ["a", shipped.code, written.entity_id, "无"])
    assert [(one.id, one.title, one.state) for one in found.values()] == [
        (article_id("a"), "题 a", IN_FORCE),
        (shipped.id, shipped.title, IN_FORCE),
        (written.entity_id, ROW["title"], IN_FORCE),
        ("", "", MISSING),
    ]


def test_breaks_are_listed_with_their_reason_until_they_are_mended(desk: Desk) -> None:
    waits = article_review.propose(desk, ROW).entity_id
    bad = row("a", f"[[b]] [[c|丙]] [[{waits}]] `[[code]]`", steps=["见 [[d]]"])
    articles.import_articles(desk, [bad, row("b", "乙"), row("c", "丙 [[b]]")])
    article_review.retire(desk, article_id("c"), "旧")
    assert told(desk) == [("a", "c", RETIRED), ("a", waits, DRAFT), ("a", "d", MISSING)]
    assert [one.title for one in article_links.rows(desk)] == ["题 a"]
    assert article_links.rows(desk, "没有这些字") == []
    article_review.approve(desk, waits)
    articles.import_articles(desk, [row("c", "丙"), row("d", "丁")])
    assert told(desk) == [] and article_links.rows(desk) == []


def test_a_policy_that_is_only_announced_is_no_good_link_until_it_takes_force(desk: Desk, clock: Clock) -> None:
    articles.import_articles(desk, [row("a", "见 [[p]]"), row("b", "见 [[q]]")])
    later = stamp_time(clock.now() + timedelta(hours=80))
    rule: dict[str, Any] = {"kind": "policy", "audience": "may_quote", "plain_summary": "七天", "effective_from": later}
    articles.import_articles(desk, [row("p", "七天", **rule), row("q", "九天", **{**rule, "effective_from": ""})])
    articles.import_articles(desk, [row("q", "十天", **{**rule, "title": "新"})])
    assert told(desk) == [("a", "p", DRAFT)]
    assert [(one.title, one.state) for one in article_links.targets(desk, ["p", "q"]).values()] == [
        ("题 p", DRAFT),
        ("题 q", IN_FORCE),
    ]
    assert [one.title for one in article_links.rows(desk)] == ["题 a"]
    clock.go(80 * 3_600)
    assert told(desk) == [] and article_links.rows(desk) == []
    assert [one.title for one in article_links.targets(desk, ["p", "q"]).values()] == ["题 p", "新"]


def test_the_command_lists_them_and_says_so_by_its_code(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "kb.jsonl"
    path.write_text(json.dumps(row("a", "见 [[x\u202e|甲]]")), encoding="utf-8")
    assert (ready("kb", "links").code, ready("kb", "links").out) == (0, "")
    ready("kb", "import", str(path))
    ran = ready("kb", "links")
    assert (ran.code, ran.out) == (1, "题 a (a)  Broken link: there is no article x\n")
    (line,) = ready("kb", "links", "--json").lines
    assert line == {"article": "a", "title": "题 a", "link": "x", "shown": "甲", "state": "missing"}
