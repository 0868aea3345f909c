"""A zip of a help centre, read without trust: nothing is unpacked to the disk, names are labels, sizes have limits."""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from agentdesk.desk.article_references import MARKDOWN, PAGES, stem_of
from agentdesk.desk.zips import BROKEN
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean_line

MAX_MEMBERS: Final = 100_000
MAX_DIRECTORY: Final = 30 * 1024 * 1024
"""Bytes of the list of members: it is read whole before anything else can be asked."""
MAX_PAGE: Final = 5 * 1024 * 1024
MAX_UNPACKED: Final = 500 * 1024 * 1024
"""Bytes of all articles together."""
MAX_RATIO: Final = 300
RATIO_FROM: Final = 1024 * 1024
MAX_FILE: Final = 50 * 1024 * 1024
"""Bytes of a file whose checksum is still taken."""
_WORKBOOK = "[Content_Types].xml"
_END = b"PK\x05\x06"
_UTF8, _ENCRYPTED = 0x800, 0x1


class Archive:
    """The members of an open zip, under their names as paths inside it."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        """Look at the list of members. Raises Refusal archive.hostile, archive.encrypted."""
        members = [one for one in packed.infolist() if not one.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise Refusal("archive.hostile")
        self._packed = packed
        self._members = _without_root({_label(one): one for one in members})
        self._unread = MAX_UNPACKED
        self._digests: dict[str, str] = {}
        self.names = sorted(name for name in self._members if _is_article(name))
        self.pages = frozenset(stem_of(name) for name in self.names if name.lower().endswith(PAGES))
        _refuse_hostile([self._members[name] for name in self.names])

    def read(self, name: str) -> bytes:
        """A member. Raises Refusal archive.member, sheet.too_large."""
        if self._members[name].file_size > MAX_PAGE:
            raise Refusal("sheet.too_large", limit=f"{MAX_PAGE // 1024 // 1024} MB")
        try:
            with self._packed.open(self._members[name]) as opened:
                return opened.read(MAX_PAGE)
        except BROKEN as error:
            raise Refusal("archive.member") from error

    def digest(self, name: str) -> str:
        """SHA-256 of a member in hex, "" where it is not there, damaged or too large; each is read once."""
        if name not in self._digests:
            self._digests[name] = self._digest(name)
        return self._digests[name]

    def _digest(self, name: str) -> str:
        member = self._members.get(name)
        if member is None or member.file_size > min(MAX_FILE, self._unread) or member.flag_bits & _ENCRYPTED:
            return ""
        self._unread -= member.file_size
        try:
            with self._packed.open(member) as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()  # type: ignore[arg-type]
        except BROKEN:
            return ""


@contextlib.contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[Archive]:
    """Open a zip. Raises Refusal archive.broken, archive.hostile, archive.encrypted; OSError."""
    with _file(source) as file:
        try:
            if _directory_size(file) > MAX_DIRECTORY:
                raise Refusal("archive.hostile")
            packed = zipfile.ZipFile(file)
        except BROKEN as error:
            raise Refusal("archive.broken") from error
        with packed:
            yield Archive(packed)


def is_archive(source: Path | IO[bytes], name: str) -> bool:
    """Whether it is a zip of files, and no workbook, which is a zip too; by its bytes before its name."""
    with _file(source) as file:
        head = file.read(4)
        file.seek(0)
        if not head.startswith((b"PK\x03\x04", _END)):
            return False
        try:
            if _directory_size(file) > MAX_DIRECTORY:
                return True
            with zipfile.ZipFile(file) as packed:
                return _WORKBOOK not in packed.NameToInfo
        except BROKEN:
            return name.lower().endswith(".zip")
        finally:
            file.seek(0)


@contextlib.contextmanager
def _file(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield source


def _directory_size(file: IO[bytes]) -> int:
    """What the end of the archive says of its list of members; a size that does not fit there is beyond any limit."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 0x10000 - 22))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _label(member: zipfile.ZipInfo) -> str:
    """The name as a path inside: no root, no way up, in the code page in which a Chinese Windows writes it."""
    name = member.filename if member.flag_bits & _UTF8 else _recoded(member.filename)
    parts = [clean_line(part, 200) for part in name.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _recoded(name: str) -> str:
    with contextlib.suppress(UnicodeEncodeError):
        raw = name.encode("cp437")
        for codec in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeDecodeError):
                return raw.decode(codec)
    return name


def _without_root(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The same without the one folder in which all lie: so the folder itself and its zip give the same ids."""
    roots = {name.partition("/")[0] if "/" in name else "" for name in members if not _is_hidden(name)}
    if len(roots) != 1 or "" in roots:
        return members
    return {name.partition("/")[2] or name: member for name, member in members.items()}


def _is_article(name: str) -> bool:
    return name.lower().endswith((*PAGES, *MARKDOWN)) and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _refuse_hostile(members: list[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise Refusal("archive.encrypted")
    bombs = any(one.file_size > max(RATIO_FROM, MAX_RATIO * one.compress_size) for one in members)
    if bombs or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise Refusal("archive.hostile")
