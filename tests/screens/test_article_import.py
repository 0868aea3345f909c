"""Articles from a file under the fingers: looked at, asked about, imported whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import article_files, article_import, article_review, articles
from agentdesk.desk.article_import import Work
from agentdesk.desk.context import Desk
from agentdesk.domain.content import article_id
from agentdesk.domain.refusal import Refusal
from agentdesk.present import article_faults, columns
from agentdesk.screens.article_import import ArticleImportScreen
from agentdesk.screens.articles import ArticlesScreen
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.fields import LineField
from tests.screens.conftest import Walk

WALK = os.walk
LONG = "先看油箱里有没有油，再拉启动绳三次；仍打不着时换火花塞，并清理空气滤芯。天冷时先把风门关上，热车后再打开。"
GOOD = [
    {"id": "a.snow", "title": "吹雪机打不着火", "body": LONG},
    {"id": "a.blade", "title": "吹雪机刀片卡住", "body": "先断电，再用木棒清理刀片，不可用手。"},
]
NEAR = {"id": "a.twin", "title": "吹雪机点火难", "body": LONG}
WRONG = {"id": "a.wrong", "title": "", "body": "没有标题"}
NUMBER = "11010519491231002X"
PRIVATE = {"id": "a.private", "title": "电话 13912345678 的客户", "body": "证件 11010519491231002X 已核对"}


def written(folder: Path, *rows: dict[str, str], name: str = "articles.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


async def opened(person: Walk) -> ArticleImportScreen:
    await person.app.run_action("articles")
    await person.until(lambda: isinstance(person.screen, ArticlesScreen), "the list")
    await person.quiet()
    await person.key("f7")
    await person.until(lambda: isinstance(person.screen, ArticleImportScreen), "the import")
    screen = person.screen
    assert isinstance(screen, ArticleImportScreen)
    return screen


def titles(desk: Desk) -> list[str]:
    return [row.title for row in article_review.every(desk, "吹雪机")]


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_file_is_looked_at_and_imported_after_a_question(
    walk: Any, desk_at: Any, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at()
    threads, sentence = set(), article_faults.sentence

    def noted(fault: articles.Fault) -> str:
        threads.add(threading.current_thread())
        return sentence(fault)

    monkeypatch.setattr(article_faults, "sentence", noted)
    path = written(tmp_path, *GOOD, NEAR, WRONG, PRIVATE)
    async with walk(desk=desk, size=size) as person:
        await opened(person)
        await person.type(f'"{path}"')
        await person.key("enter")
        await person.sees("将新增 3 条，更新 0 条，不变 0 条", "5 条中有 2 条不会导入", "第 4 行", "需要留意", "a.snow")
        text = person.text()
        assert "13912345678" not in text and "11010519491231002X" not in text
        assert titles(desk) == [], "looking writes nothing"
        assert threads and threading.main_thread() not in threads, "numbers are searched in a worker"
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.sees("导入这 3 条？", "新增 3 条，更新 0 条", "5 条中有 2 条不会导入", "有 1 处需要留意")
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, ArticleImportScreen), "not yet")
        assert titles(desk) == []
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, ArticlesScreen), "done")
        await person.sees("已导入：新增 3，更新 0，未变 0")
        await person.quiet()
    assert sorted(titles(desk)) == sorted(row["title"] for row in (*GOOD, NEAR))


async def test_what_cannot_be_read_is_a_sentence_and_another_path_is_looked_at_anew(
    walk: Any, desk_at: Any, tmp_path: Path
) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        screen = await opened(person)
        await person.key("f8")
        await person.sees("先写出文件的路径")
        for typed, told in ((str(tmp_path / "none.csv"), "没有这个文件或文件夹"), (str(tmp_path), "文件或网页")):
            screen.query_one(LineField).set_text(typed)
            await person.key("f8")
            await person.sees(told)
            await person.quiet()
        folder = tmp_path / NUMBER  # the path is kept nowhere, and names what it names
        folder.mkdir()
        first, second = written(folder, GOOD[0]), written(folder, GOOD[1], name="more.jsonl")
        for path in (first, second):
            screen.query_one(LineField).set_text(str(path))
            await person.key("f8")
            await person.sees("将新增 1 条")
            await person.quiet()
        field = screen.query_one(LineField)
        field.select_all()
        field.action_copy()
        assert person.app.clipboard.endswith("more.jsonl") and NUMBER not in person.app.clipboard
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, ArticlesScreen), "done")
        await person.quiet()
    assert titles(desk) == [GOOD[1]["title"]]


async def test_what_changed_since_it_was_seen_is_shown_again(walk: Any, desk_at: Any, tmp_path: Path) -> None:
    desk = desk_at()
    path = written(tmp_path, GOOD[0])
    async with walk(desk=desk) as person:
        await opened(person)
        await person.type(str(path))
        await person.key("f8")
        await person.sees("将新增 1 条")
        await person.quiet()
        written(tmp_path, *GOOD)
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("f8")
        await person.sees("在检查后有变动", "将新增 2 条")
        assert titles(desk) == []


def test_a_long_one_is_stopped_and_leaves_the_base_as_it_was(desk_at: Any, tmp_path: Path) -> None:
    desk, words = desk_at(), columns.article_words()
    path = str(written(tmp_path, *GOOD))
    work = Work(stop=True)
    assert article_import.look(desk, path, words, work).stopped and work.done == 1
    plan = article_import.look(desk, path, words, Work())

    class Stopped(Work):
        def step(self, done: int) -> bool:
            super().step(done)
            return self.total > 0

    many = [{**GOOD[0], "id": f"a.{at}", "title": f"吹雪机 {at}"} for at in range(articles.BATCH + 1)]
    path = str(written(tmp_path, *many))
    plan = article_import.look(desk, path, words, Work())
    made = article_import.take(desk, path, words, plan, Stopped())
    assert made.done is not None and made.done.stopped and titles(desk) == []
    made = article_import.take(desk, path, words, plan, Work())
    assert made.done is not None and made.done.created == len(many)
    assert article_review.find(desk, article_id("a.0")).stands == "published"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_nobody_waits_for_a_pipe(desk_at: Any, tmp_path: Path) -> None:
    desk = desk_at()
    os.mkfifo(tmp_path / "pipe")
    for typed in (str(tmp_path / "pipe"), "-", "~nobody-here/x"):
        with pytest.raises(Refusal, match=r"articles\.no_file"):
            article_import.look(desk, typed, columns.article_words(), Work())


async def test_what_does_not_stop_is_left_behind(
    walk: Any, desk_at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, hangs, look = written(tmp_path, *GOOD), threading.Event(), article_import.look

    def slow(*given: Any) -> Any:
        hangs.wait()
        return look(*given)

    monkeypatch.setattr(article_import, "look", slow)
    try:
        async with walk(desk=desk_at()) as person:
            screen = await opened(person)
            await person.type(str(path))
            await person.app.run_action("screen.go")
            work = screen._work
            assert work is not None
            await person.app.run_action("back")
            assert work.stop and person.screen is screen
            await person.sees("再按 Esc 离开")
            work.total = 1
            await person.app.run_action("back")
            assert person.screen is screen, "what writes may be through by now"
            work.total = 0
            await person.app.run_action("back")
            await person.until(lambda: isinstance(person.screen, ArticlesScreen), "left")
            hangs.set()
            await person.quiet()
            assert isinstance(person.screen, ArticlesScreen)
    finally:
        hangs.set()


def test_a_wish_to_stop_is_heard_before_anything_is_written(desk_at: Any, tmp_path: Path) -> None:
    desk, words = desk_at(), columns.article_words()
    path = str(written(tmp_path, *GOOD))
    shown = article_import.look(desk, path, words, Work())

    class Late(Work):
        def step(self, done: int) -> bool:
            self.stop = done == len(GOOD)
            return False

    for work in (Work(stop=True), Late()):
        made = article_import.take(desk, path, words, shown, work)
        assert made.done is not None and made.done.stopped and made.plan is shown and titles(desk) == []


def test_what_a_colleague_wrote_since_is_not_overwritten_unseen(desk_at: Any, tmp_path: Path) -> None:
    desk, words = desk_at(), columns.article_words()
    articles.import_articles(desk, GOOD)
    path = str(written(tmp_path, {**GOOD[0], "body": "先加油。"}))
    shown = article_import.look(desk, path, words, Work())
    assert [one.becomes for one in shown.ready] == ["updated"]
    articles.import_articles(desk, [{**GOOD[0], "body": "先看说明书。"}])
    made = article_import.take(desk, path, words, shown, Work())
    assert made.done is None
    made = article_import.take(desk, path, words, made.plan, Work())
    assert made.done is not None and made.done.updated == 1


def test_the_walk_of_a_folder_stops_when_asked_and_at_the_limit(
    desk_at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(3):
        (tmp_path / f"{at}").mkdir()
        (tmp_path / f"{at}" / "a.md").write_text("# 甲", encoding="utf-8")
    looked = article_import.look(desk_at(), str(tmp_path), columns.article_words(), Work(stop=True))
    assert looked.stopped and looked.total == 0
    seen: list[str] = []

    def walked(folder: Path, **more: Any) -> Any:
        for place in WALK(folder, **more):
            seen.append(place[0])
            yield place

    monkeypatch.setattr(os, "walk", walked)
    monkeypatch.setattr(article_files, "MAX_FILES", 1)
    with pytest.raises(Refusal, match=r"articles\.too_many"):
        list(article_files.files([str(tmp_path)]))
    assert seen == [str(tmp_path), str(tmp_path / "0"), str(tmp_path / "1")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_folder_gives_only_its_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "a.md").write_text("# 甲", encoding="utf-8")
    assert [one.name for one in article_files.files([str(tmp_path)])] == ["a.md"]
