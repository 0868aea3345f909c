"""The files of an import: named ones, those of a folder or a zip, standard input; each is read when its turn comes."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import IO

from agentdesk.desk import archives, sheets
from agentdesk.desk.article_references import MARKDOWN, PAGES, Folder, stem_of
from agentdesk.domain.refusal import Refusal

MAX_FILES = 20_000
STANDARD_INPUT = "-"

Step = Callable[[int], bool]
"""Told how many rows are done; answers whether to stop."""


class Stopped(Exception):
    """Somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: the name to call it by, where it is, the id of an article that names none; one of a folder or
    one that was asked for by name; what it was found in, and how to read it there."""

    name: str
    path: Path
    stem: str
    found: bool = False
    folder: Folder | None = None
    data: Callable[[], bytes] | None = None

    def read(self) -> bytes:
        """Its bytes. Raises Refusal: sheet.too_large, archive.member; OSError."""
        return self.data() if self.data is not None else sheets.within_limits(self.path)


def files(paths: Sequence[str], given: IO[bytes] | None = None, step: Step = lambda done: False) -> Iterator[File]:
    """The files that paths mean: of a folder its Markdown and pages, by name, links not followed; `given` is for `-`.

    Raises Refusal: articles.none (folder), articles.too_many (limit); Stopped at the wish of `step`; OSError.
    """
    for path in paths:
        if path == STANDARD_INPUT:
            yield File(path, Path(path), path, data=partial(_at_most, given or io.BytesIO()))
        elif Path(path).is_dir():
            yield from Directory(Path(path), path, step).files()
        else:
            only = Path(path)
            yield File(only.name or path, only, only.stem, folder=Directory(only.parent, path, alone=True))


class Directory:
    """A folder of the disk, or the place beside a file that was named `alone`, whose neighbours nobody asked for."""

    def __init__(self, root: Path, name: str, step: Step = lambda done: False, *, alone: bool = False) -> None:
        """Nothing is read yet."""
        self._root, self._name, self._step, self._alone = root, name, step, alone

    @cached_property
    def _found(self) -> list[str]:
        if self._alone:
            return []
        found = islice(_articles(self._root, self._step), MAX_FILES + 1)
        return [path.relative_to(self._root).as_posix() for path in found]

    @cached_property
    def pages(self) -> frozenset[str]:
        """The names of all its pages, without suffix."""
        return frozenset(stem_of(name) for name in self._found if name.lower().endswith(PAGES))

    def digest(self, name: str) -> str:
        """SHA-256 of a file inside in hex, "" where it is not there, a link leads out, or it is too large."""
        path = self._root / name
        try:
            inside = path.resolve().is_relative_to(self._root.resolve())
            if not inside or not path.is_file() or path.stat().st_size > archives.MAX_FILE:
                return ""
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return ""

    def files(self) -> Iterator[File]:
        """Its articles. Raises as `files`."""
        if len(self._found) > MAX_FILES:
            raise Refusal("articles.too_many", limit=MAX_FILES)
        if not self._found:
            raise Refusal("articles.none", folder=self._name)
        for name in self._found:
            yield File(name, self._root / name, stem_of(name), found=True, folder=self)


def _at_most(given: IO[bytes]) -> bytes:
    data = given.read(sheets.MAX_BYTES + 1)
    if len(data) > sheets.MAX_BYTES:
        raise Refusal("sheet.too_large", limit=f"{sheets.MAX_BYTES // 1024 // 1024} MB")
    return data


def _articles(folder: Path, step: Step) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        if step(0):
            raise Stopped
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            article = name.lower().endswith((*MARKDOWN, *PAGES)) and not name.startswith(".")
            if article and not path.is_symlink() and path.is_file():  # a pipe would be waited for
                yield path


def members(file: File) -> Iterator[File] | None:
    """The files in a zip, None where the file is none; they are read while the iterator runs.

    Raises Refusal: archive.broken, archive.hostile, archive.encrypted, articles.none, articles.too_many; OSError.
    """
    if file.found or file.data is not None:  # an archive in an archive is not opened
        return None
    return _members(file, file.path) if archives.is_archive(file.path, file.name) else None


def _members(file: File, source: Path) -> Iterator[File]:
    with archives.opened(source) as packed:
        if not packed.names:
            raise Refusal("articles.none", folder=file.name)
        if len(packed.names) > MAX_FILES:
            raise Refusal("articles.too_many", limit=MAX_FILES)
        for name in packed.names:
            read = partial(packed.read, name)
            yield File(name, Path(name), stem_of(name), found=True, folder=packed, data=read)
