"""Bodies on the wire: gzip always, zstd where both can; the size is checked while inflating, not after (SYNC 2.16)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import zstandard

from agentdesk.central.problems import Problem

MAX_PUSH_BYTES = 1 << 20
_SLACK = 1 << 16
"""What packing may add to bytes that do not shrink."""

ENCODINGS = ("zstd", "gzip")
"""What this centre reads and writes, best first; told at hello."""


async def read_packed(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """Collect a request's body and inflate it; `Problem` 413 beyond `limit` bytes, 400 for a torn or unknown one."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit + _SLACK:
            raise Problem(413, "too_large", limit=limit)
        parts.append(chunk)
    return inflate(b"".join(parts), encoding, limit)


def inflate(data: bytes, encoding: str, limit: int) -> bytes:
    """Inflate whole bytes, stopping as soon as they pass `limit`."""
    if encoding in ("", "identity"):
        inflated = data
    elif encoding == "gzip":
        inflated = _gunzip(data, limit)
    elif encoding == "zstd":
        inflated = _unzstd(data, limit)
    else:
        raise Problem(415, "encoding", encodings=list(ENCODINGS))
    if len(inflated) > limit:
        raise Problem(413, "too_large", limit=limit)
    return inflated


def pack(data: bytes, accepted: str) -> tuple[bytes, str]:
    """Return the bytes of an answer and its content encoding ("" for none) by what the asker accepts."""
    names = {part.split(";")[0].strip() for part in accepted.split(",")}
    if "zstd" in names:
        return zstandard.compress(data, 3), "zstd"
    if "gzip" in names:
        return gzip.compress(data, compresslevel=3, mtime=0), "gzip"
    return data, ""


def _gunzip(data: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        inflated = inflater.decompress(data, limit + 1)
    except zlib.error as error:
        raise Problem(400, "encoding") from error
    if len(inflated) <= limit and (not inflater.eof or inflater.unused_data):
        raise Problem(400, "encoding")
    return inflated


def _unzstd(data: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 23).stream_reader(data) as reader:
            return reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise Problem(400, "encoding") from error
