"""A help centre as folder and as zip: links, images, categories; damaged, huge and hostile archives."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from agentdesk.desk import archives, article_files, articles
from agentdesk.desk.article_references import References
from agentdesk.desk.context import Desk
from agentdesk.domain.article_media import Attachment, attachment, references
from tests.unit.desk.test_articles import TOML, dumped, planned, recorded, told

PNG = b"\x89PNG and so on"
PAGES = {
    "售后/退货/a.html": "<title>怎么退货</title><p>先看 <a href='../b.html#c'>换货</a>、<a href='/other/c'>丙</a>、"
    "<a href='../../gone.html'>没有</a>、<a href='javascript:x()'>脚本</a>、<a href='https://example.com/a b'>外</a>，"
    "表在 <a href='form.pdf'>申请表</a>。<img src='../img/盒 子.png' alt='盒子'><img src='data:image/png;base64,x'>",
    "售后/b.html": "<title>怎么换货</title><p>七天内，见 <a href='退货/a.html'>退货</a>。",
    "other/c.htm": "<html lang=en><title>Returns</title><p>Within seven days.",
    "m.md": TOML,
}


def files(folder: Path) -> Path:
    for name, text in PAGES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "售后/img").mkdir()
    (folder / "售后/img/盒 子.png").write_bytes(PNG)
    return folder


def zipped(path: Path, members: dict[str, bytes], **more: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


def test_a_zip_and_its_folder_are_the_same_articles(desk: Desk, tmp_path: Path) -> None:
    folder = files(tmp_path / "kb")
    packed = tmp_path / "kb.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                out.write(path, Path("export", path.relative_to(folder)))
    plan = planned(desk, packed)
    assert (plan.faults, plan.total) == ([], 4)
    found = {one.values["id"]: one.values for one in plan.ready}
    assert sorted(found) == ["other/c", "oven-2", "售后/b", "售后/退货/a"]
    back = found["售后/退货/a"]
    assert back["body"] == (
        "先看 [[售后/b|换货]]、[[other/c|丙]]、[[gone|没有]]、脚本、[外](https://example.com/a%20b)，"
        "表在 [申请表](售后/退货/form.pdf)。![盒子](售后/img/盒%20子.png)"
    )
    assert [attachment(one) for one in back["attachments"]] == [
        Attachment("售后/退货/form.pdf", "申请表"),
        Attachment("售后/img/盒%20子.png", "盒子", hashlib.sha256(PNG).hexdigest()),
    ]
    assert (back["category"], back["tags"]) == ("after_sales", ["退货"])
    assert (found["other/c"]["tags"], found["other/c"]["title"]) == (["en", "other"], "Returns")
    assert recorded(desk, packed).created == 4
    again = planned(desk, folder)
    assert (again.unchanged, again.ready) == (4, [])


def test_names_of_a_chinese_windows_and_ways_out_are_labels(desk: Desk, tmp_path: Path) -> None:
    packed = tmp_path / "w.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for name in ("../../../etc/甲.html", "C:\\乙\\.\\b.html", "/c.html"):
            out.writestr(name, f"<title>题</title><p>文 {len(name)}")
    raw = packed.read_bytes()
    gbk, utf8 = "甲".encode("gb18030") + b"_", "甲".encode()
    raw = raw.replace(utf8, gbk).replace(struct.pack("<H", 0x800), b"\0\0")
    packed.write_bytes(raw)
    plan = planned(desk, packed)
    assert [one.values["id"] for one in plan.ready] == ["C:/乙/b", "c", "etc/甲_"]
    assert {path.name for path in tmp_path.rglob("*.html")} == set()


def bomb(path: Path) -> Path:
    return zipped(path, {"a.html": b"<p>x</p>", "b.html": b" " * (400 * 1024 * 1024 // 100)}, compresslevel=9)


def encrypted(path: Path) -> Path:
    data = bytearray(zipped(path, {"a.html": b"<p>x"}).read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    path.write_bytes(bytes(data))
    return path


def cut(path: Path) -> Path:
    data = zipped(path, PAGES_BYTES).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def nested(path: Path) -> Path:
    return zipped(path, {"in.zip": zipped(path, PAGES_BYTES).read_bytes()})


def endless_list(path: Path) -> Path:
    data = bytearray(zipped(path, PAGES_BYTES).read_bytes())
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(data))
    return path


PAGES_BYTES = {name: text.encode() for name, text in PAGES.items()}


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "archive.hostile"),
        (encrypted, "archive.encrypted"),
        (cut, "archive.broken"),
        (nested, "articles.none"),
        (endless_list, "archive.hostile"),
    ],
)
def test_an_archive_that_cannot_be_read_is_one_fault(desk: Desk, tmp_path: Path, make: object, code: str) -> None:
    before = dumped(desk)
    plan = planned(desk, make(tmp_path / "a.zip"))  # type: ignore[operator]
    assert told(plan) == [("a.zip", 0, "", code)] and plan.ready == [] and dumped(desk) == before


def test_a_damaged_member_leaves_the_others(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.html", "<title>甲</title><p>AAAA")
        out.writestr("b.html", "<title>乙</title><p>BBBB")
    path.write_bytes(path.read_bytes().replace(b"<p>AAAA", b"<p>AxAA", 1))
    plan = planned(desk, path)
    assert told(plan) == [("a.html", 0, "", "archive.member")]
    assert [one.values["title"] for one in plan.ready] == ["乙"]


def test_a_picture_of_many_pages_is_charged_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 2 * len(PNG))
    with archives.opened(zipped(tmp_path / "a.zip", {"a.html": b"<p>x", "logo.png": PNG})) as packed:
        found = {packed.digest("logo.png") for _ in range(9)}
    assert found == {hashlib.sha256(PNG).hexdigest()}


@pytest.mark.parametrize("at", [36, 900])
@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_stream_leaves_the_others_however_it_is_packed(
    desk: Desk, tmp_path: Path, packing: int, at: int
) -> None:
    path = tmp_path / "a.zip"
    noise = random.Random(7).randbytes(3_000).hex()
    with zipfile.ZipFile(path, "w", packing) as out:
        out.writestr("a.html", f"<title>甲</title><p>{noise}")
        out.writestr("b.html", "<title>乙</title><p>文")
    damaged = bytearray(path.read_bytes())
    damaged[at : at + 40] = b"\xff" * 40
    path.write_bytes(damaged)
    plan = planned(desk, path)
    assert told(plan) == [("a.html", 0, "", "archive.member")]
    assert [one.values["title"] for one in plan.ready] == ["乙"]
    with archives.opened(path) as opened:
        assert opened.digest("a.html") == ""


def test_a_workbook_is_no_archive_whatever_it_is_called(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "book.zip"
    Workbook().save(path)
    assert not archives.is_archive(path, path.name)
    assert archives.is_archive(bomb(tmp_path / "b.zip"), "b.zip")
    assert not archives.is_archive(io.BytesIO(b"PK\x03\x04 and nothing"), "x.xlsx")


def test_hostile_pages_are_articles_or_faults_and_nothing_runs(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "deep.html").write_text("<title>深</title>" + "<div>" * 100_000 + "底", encoding="utf-8")
    (folder / "marks.html").write_text(
        "<title>\u202e反\x1b[31m\0</title><p>\x07[red]甲[/red]\u2066<a href='java\tscript:x'>乙</a>"
        "<img src='x' onerror='y' alt='[i]('><a href='//example.com/[[c]]'>丙</a>=1+1",
        encoding="utf-8",
    )
    (folder / "id.html").write_text("<title>证</title>6222021234567890128", encoding="utf-8")
    (folder / "long.html").write_text("<title>长</title>" + "<p>甲" * 60_000, encoding="utf-8")
    (folder / "empty.html").write_bytes(b"")
    (folder / "noise.html").write_bytes(bytes(range(0x80, 0x100)) * 20)
    plan = planned(desk, folder)
    assert told(plan) == [
        ("empty.html", 1, "body", "missing"),
        ("id.html", 1, "body", "private"),
        ("long.html", 1, "body", "too_long"),
        ("noise.html", 0, "", "sheet.encoding"),
    ]
    deep, marks = (one.values for one in plan.ready)
    assert deep["body"] == "底" and marks["title"] == "反"
    assert marks["body"] == "[red]甲[/red]乙![(i)(](x)[丙](//example.com/%5B%5Bc%5D%5D)=1+1"


def test_a_page_of_which_most_was_left_out_is_said(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<title>题</title><p>文</p><div hidden>{'字' * 400}</div>", encoding="utf-8")
    plan = planned(desk, path)
    assert [one.values["body"] for one in plan.ready] == ["文"]
    assert [(one.file, one.field, one.problem) for one in plan.notices] == [("a.html", "body", "much_left_out")]


def test_nothing_outside_the_folder_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "own.txt").write_text("y", encoding="utf-8")
    found = References("a.html", article_files.Directory(folder, "kb"))
    assert found.link("../secret.txt", "甲") == "甲" and found.link("file:///etc/passwd", "乙") == "乙"
    found.link("link.txt", "丙")
    found.link("own.txt", "丁")
    assert [bool(attachment(one).sha256) for one in found.attachments] == [False, True]


def test_markdown_keeps_its_words_and_lists_what_it_refers_to(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "pic.png").write_bytes(PNG)
    body = "# 题\n\n![图](pic.png) [网](https://example.com) [[别的]]"
    (tmp_path / "a.md").write_text(body, encoding="utf-8")
    (one,) = planned(desk, tmp_path).ready
    assert one.values["body"] == body.partition("\n\n")[2]
    assert one.values["attachments"] == [f"pic.png | 图 | sha256:{hashlib.sha256(PNG).hexdigest()}"]
    assert [(ref.is_image, ref.shown, ref.place) for ref in references(one.values["body"])] == [
        (True, "图", "pic.png"),
        (False, "网", "https://example.com"),
    ]


def test_a_huge_table_with_one_bad_row_names_it_and_a_stop_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'{n},题{n},"=HYPERLINK(""x"")\x00 第{n}条"' for n in range(10_000)]
    rows[4_999] = '4999,,"没有题"'
    path.write_text("id,title,body\n" + "\n".join(rows), encoding="utf-8")
    before = dumped(desk)
    plan = planned(desk, path)
    assert told(plan) == [("a.csv", 5_001, "title", "missing")] and len(plan.ready) == 9_999
    assert plan.ready[0].values["body"] == '=HYPERLINK("x") 第0条'
    assert articles.record(desk, plan.ready, lambda count: count > 300).stopped and dumped(desk) == before
