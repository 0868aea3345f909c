"""The centre as the desk calls it: one long-lived HTTP client; packed both ways; answers checked for their outline.

Importing httpx costs a quarter of a second: import this module in the thread that exchanges, after the first paint.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import zstandard

from agentdesk import faults
from agentdesk.domain.refusal import Refusal
from agentdesk.sync.faces import CentreSaidNo, Unreachable

MAX_ANSWER_BYTES = 16 << 20
"""More than any pull of the protocol: a row is at most 256 KiB, a pull 1 MiB and one transaction."""

WAIT_S = 25.0
REDACT_S = 300.0
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def checked_url(url: str, *, allow_plain: bool = False) -> str:
    """Return the centre's address without a slash at the end.

    Raises Refusal `join.url` for what is no http address, `join.insecure` for plain HTTP to another machine.
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port, httpx.URL(url.strip())
    except (ValueError, httpx.InvalidURL) as error:
        raise Refusal("join.url", url=url[:200]) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise Refusal("join.url", url=url[:200])
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_plain:
        raise Refusal("join.insecure", url=url[:200])
    return url.strip().rstrip("/")


class Client:
    """Speaks to one centre. Raises CentreSaidNo for problems, Unreachable where no whole answer came. Thread-safe."""

    def __init__(self, url: str, token: str | None = None, *, timeout: httpx.Timeout = _TIMEOUT) -> None:
        """Make ready; nothing is sent yet."""
        headers = {"user-agent": "agentdesk"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=False)
        self._encoding = "gzip"

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def join(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Use an enrolment code."""
        told = self._post("/v1/join", _json(message))
        texts = dict.fromkeys(("token", "device", "letters", "person"), str)
        _outline(_outline(told, **texts, now=int, team=dict, roles=list, scopes=dict)["team"], slug=str, name=str)
        return told

    def hello(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Greet; from then on bodies are packed as both sides like best."""
        told = _outline(self._post("/v1/hello", _json(message)), now=int, scopes=dict)
        for standing in told["scopes"].values():
            _outline(standing, epoch=str, have=int)
        if "zstd" in told.get("encodings", ()):
            self._encoding = "zstd"
        return told

    def push(self, scope: str, body: bytes, *, seen: int | None = None) -> dict[str, Any]:
        """Send changes, bytes as they are; `seen` says how far the team's log was pulled: no redaction is missed."""
        path = f"/v1/scopes/{scope}/push" + ("" if seen is None else f"?seen={seen}")
        return _outline(self._post(path, body, sent="push.sent"), answers=list)

    def redact(self, scope: str, message: Mapping[str, Any]) -> dict[str, Any]:
        """Order a redaction; the centre answers when its file is clean, which takes a while for a large one."""
        told = self._post(f"/v1/scopes/{scope}/redact", _json(message), read_s=REDACT_S)
        return _outline(told, places=int, changes=int, fields=list)

    def pull(self, scope: str, *, epoch: str, after: int, chain: str, acked: int, limit: int) -> dict[str, Any]:
        """Ask for the rows behind `after`."""
        asked: dict[str, str | int] = {
            "epoch": epoch, "after": after, "chain": chain, "acked": acked, "limit": limit
        }  # fmt: skip
        told = self._answer(self._http.build_request("GET", f"/v1/scopes/{scope}/pull", params=asked))
        return _outline(told, rows=list, chain=str, receipt=str, have=int, more=bool)

    def wait(self, after: Mapping[str, int]) -> dict[str, int]:
        """Return the scopes that moved with their heads, or nothing after half a minute."""
        told = _outline(self._post("/v1/wait", _json({"scopes": dict(after)}), read_s=WAIT_S + 10), moved=dict)
        moved: dict[str, int] = told["moved"]
        return moved

    def _post(self, path: str, body: bytes, *, sent: str | None = None, read_s: float | None = None) -> dict[str, Any]:
        packed = zstandard.compress(body, 3) if self._encoding == "zstd" else gzip.compress(body, 3, mtime=0)
        headers = {
            "content-type": "application/json",
            "content-encoding": self._encoding,
            "content-length": str(len(packed)),
        }
        content = _with_point(packed, sent) if sent else packed
        timeout = httpx.Timeout(30.0, connect=5.0, read=read_s) if read_s else httpx.USE_CLIENT_DEFAULT
        return self._answer(self._http.build_request("POST", path, content=content, headers=headers, timeout=timeout))

    def _answer(self, request: httpx.Request) -> dict[str, Any]:
        try:
            response = self._http.send(request, stream=True)
            try:
                body = _bounded(response)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, RuntimeError) as error:
            # RuntimeError: the client was closed under the request, by whoever ended the loop.
            raise Unreachable from error
        told = _object(body)
        if response.status_code == 200 and told is not None:
            return told
        if told is None and response.status_code < 500:
            raise Unreachable("garbled")
        code = str((told or {}).get("code", "server"))
        raise CentreSaidNo(response.status_code, code, told or {}, _retry_after(response))


def _outline(told: Any, **members: type) -> dict[str, Any]:
    """Return what was told if it has these members; Unreachable `garbled` else: whoever answered is no centre."""
    if not isinstance(told, dict) or not all(isinstance(told.get(name), kind) for name, kind in members.items()):
        raise Unreachable("garbled")
    return told


def _json(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _with_point(body: bytes, point: str) -> Iterator[bytes]:
    """Send the body, then pass a point at which a test may stop the process: sent, and no answer yet."""
    yield body
    faults.at(point)


def _bounded(response: httpx.Response) -> bytes:
    """Read and unpack an answer, stopping where it grows beyond anything the protocol holds."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise Unreachable("garbled")
        parts.append(part)
    return b"".join(parts)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None
