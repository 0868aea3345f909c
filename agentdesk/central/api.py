"""The centre over HTTP: join, hello, push, pull, wait (SYNC 2.4, 2.8, 2.9, 2.16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from agentdesk.central.feed import Asked
from agentdesk.central.messages import (
    PROBLEMS,
    Epoch,
    Hello,
    HelloTold,
    Join,
    JoinTold,
    Redact,
    RedactTold,
    Scope,
    Wait,
    WaitTold,
)
from agentdesk.central.packing import MAX_PUSH_BYTES, pack, read_packed
from agentdesk.central.problems import Problem
from agentdesk.central.service import Service

M = TypeVar("M", bound=BaseModel)
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
MAX_MESSAGE_BYTES = 64 * 1024
WAIT_S = 25.0
_PUSH_BODY = {"requestBody": {"content": {JSON: {"schema": {"type": "object"}}}, "required": True}}


def make_app(data_dir: Path, *, wait_s: float = WAIT_S) -> FastAPI:
    """Return the application on a prepared data folder; `wait_s` is how long a wait may last, in seconds."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = Service(data_dir)
        await service.start()
        try:
            yield
        finally:
            await service.close()

    app = FastAPI(title="agentdesk centre", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_exception_handler(Problem, _problem_told)
    app.add_exception_handler(RequestValidationError, _message_told)
    _add_routes(app, wait_s)
    return app


def _add_routes(app: FastAPI, wait_s: float) -> None:
    @app.post("/v1/join", response_model=JoinTold, responses=PROBLEMS)
    async def join(request: Request) -> Response:
        """Use an enrolment code: who the desk is from now on, with its token."""
        asked = await _message(request, Join)
        address = request.client.host if request.client else ""
        return _packed(request, _dumped(await _service(request).join(asked, address, str(request.base_url))))

    @app.post("/v1/hello", response_model=HelloTold, responses=PROBLEMS)
    async def hello(request: Request) -> Response:
        """Greet: protocol, the centre's time, and every scope of this desk."""
        caller = await _service(request).caller(_token(request))
        asked = await _message(request, Hello)
        return _packed(request, _dumped(await _service(request).hello(caller, asked, str(request.base_url))))

    @app.post("/v1/scopes/{scope}/push", responses=PROBLEMS, openapi_extra=_PUSH_BODY)
    async def push(
        request: Request, scope: Scope, seen: Annotated[int | None, Query(ge=0, le=2**53)] = None
    ) -> Response:
        """Take changes: one answer each, once their outcome is known (SYNC 2.4).

        409 `redacted` where a redaction of the team came after `seen`, up to which the desk has pulled (SYNC 2.14).
        """
        author = await _service(request).author(_token(request), scope)
        encoding = request.headers.get("content-encoding", "")
        body = await read_packed(request.stream(), encoding, MAX_PUSH_BYTES)
        return _packed(request, await _service(request).push(author, scope, body, seen))

    @app.get("/v1/scopes/{scope}/pull", responses=PROBLEMS)
    async def pull(
        request: Request,
        scope: Scope,
        after: Annotated[int, Query(ge=0, le=2**53)] = 0,
        epoch: Annotated[Epoch, Query()] = "",
        chain: Annotated[Epoch, Query()] = "",
        acked: Annotated[int, Query(ge=0, le=2**53)] = 0,
        limit: Annotated[int, Query(ge=1, le=2_000)] = 500,
    ) -> Response:
        """Return the rows behind `after`, of one moment (SYNC 2.8)."""
        author = await _service(request).author(_token(request), scope)
        asked = Asked(epoch, after, chain, acked, limit)
        return _packed(request, await _service(request).pull(author, scope, asked))

    @app.post("/v1/scopes/{scope}/redact", response_model=RedactTold, responses=PROBLEMS)
    async def redact(request: Request, scope: Scope) -> Response:
        """Take a value out of everything under a root, for everybody and for good (SYNC 2.14)."""
        author = await _service(request).author(_token(request), scope)
        asked = await _message(request, Redact)
        return _packed(request, _dumped(await _service(request).redact(author, scope, asked)))

    @app.post("/v1/wait", response_model=WaitTold, responses=PROBLEMS)
    async def wait(request: Request) -> Response:
        """Answer when one of the scopes moves, or with nothing when the time is over."""
        caller = await _service(request).caller(_token(request))
        asked = await _message(request, Wait)
        moved = await _service(request).wait(caller, asked.scopes, wait_s)
        return _packed(request, _dumped(WaitTold(moved=moved)))


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token or len(token) > 200:
        raise Problem(401, "unknown_token")
    return token


async def _message(request: Request, model: type[M]) -> M:
    """Read a small message; `Problem` 400 for what is no JSON object of that shape."""
    encoding = request.headers.get("content-encoding", "")
    body = await read_packed(request.stream(), encoding, MAX_MESSAGE_BYTES)
    try:
        return model.model_validate_json(body)
    except ValueError as error:
        raise Problem(400, "message") from error


def _dumped(message: BaseModel) -> bytes:
    return message.model_dump_json().encode("utf-8")


def _packed(request: Request, body: bytes) -> Response:
    packed, encoding = pack(body, request.headers.get("accept-encoding", ""))
    headers = {"content-encoding": encoding} if encoding else {}
    return Response(packed, media_type=JSON, headers=headers)


async def _problem_told(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    headers = {"retry-after": str(error.retry_after)} if error.retry_after is not None else {}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(error.body(), error.status, headers, PROBLEM_JSON)


async def _message_told(_: Request, error: Exception) -> JSONResponse:
    """Say which parameter was wrong, without repeating what stood in it."""
    assert isinstance(error, RequestValidationError)
    places: list[Any] = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
    return JSONResponse(Problem(400, "message", places=places).body(), 400, media_type=PROBLEM_JSON)
