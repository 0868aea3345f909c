"""The centre over a real port: who may speak, sizes, encodings, waiting, joining (SYNC 2.9, 2.16, 2.17)."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import zstandard

from agentdesk.central import enrol
from agentdesk.central.joining import Attempts
from agentdesk.central.problems import Problem
from agentdesk.domain.refusal import Refusal
from agentdesk.sync.token import load_token, token_path
from tests.sync.centres import ROOT, CentreProcess
from tests.sync.desks import DeskFile

MakeDesk = Callable[[str], DeskFile]


def speak(centre: CentreProcess, desk: DeskFile) -> httpx.Client:
    """Return a client that speaks with the desk's token."""
    token = load_token(token_path(desk.store))
    return httpx.Client(base_url=centre.url, headers={"authorization": f"Bearer {token}"}, trust_env=False)


def push_to(http: httpx.Client, scope: str, body: bytes, encoding: str = "gzip") -> httpx.Response:
    return http.post(f"/v1/scopes/{scope}/push", content=body, headers={"content-encoding": encoding})


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    return response.status_code, told["code"]


@pytest.fixture
def desk(centre: CentreProcess, make_desk: MakeDesk) -> DeskFile:
    """A desk that has joined."""
    made = make_desk("a")
    made.join(centre.url, centre.code())
    return made


def test_nobody_speaks_without_a_token_or_with_a_revoked_one(centre: CentreProcess, desk: DeskFile) -> None:
    with httpx.Client(base_url=centre.url, trust_env=False) as http:
        assert problem(http.get("/v1/scopes/site/pull")) == (401, "unknown_token")
        assert problem(http.get("/v1/scopes/site/pull", headers={"authorization": "Bearer x"})) == (
            401,
            "unknown_token",
        )
    assert desk.sync().error == ""
    with centre.database() as conn:
        conn.execute("UPDATE device SET revoked_at=1")
    conn.close()
    rid = desk.capture()
    report = desk.sync()
    assert (report.error, report.pushed) == ("unknown_token", 0)
    assert desk.journal.waiting() > 0 and rid, "what was written stays"


def test_a_scope_that_is_not_ones_own_is_closed(centre: CentreProcess, desk: DeskFile) -> None:
    enrol(centre.data, "other", "rep")
    with speak(centre, desk) as http:
        assert problem(http.get("/v1/scopes/team:other/pull")) == (403, "scope")
        assert problem(push_to(http, "team:other", gzip.compress(b"{}"))) == (403, "scope")
        assert problem(http.get("/v1/scopes/log:team:other/pull")) == (403, "scope")
        assert problem(http.get("/v1/scopes/SITE%00/pull")) == (400, "message")


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (gzip.compress(b"0" * (300 << 20), 1), "gzip", (413, "too_large")),
        (zstandard.compress(b"0" * (300 << 20)), "zstd", (413, "too_large")),
        (b"0" * (2 << 20), "identity", (413, "too_large")),
        (gzip.compress(b'{"changes":[]}')[:-4], "gzip", (400, "encoding")),
        (gzip.compress(b"{}") + b"more", "gzip", (400, "encoding")),
        (b"no gzip", "gzip", (400, "encoding")),
        (b"no zstd", "zstd", (400, "encoding")),
        (zstandard.compress(b'{"changes":[{"adj":0'), "zstd", (400, "not_canonical")),
        (b"{}", "br", (415, "encoding")),
        (gzip.compress(b'{"changes": [], "epoch": ""}'), "gzip", (400, "not_canonical")),
    ],
    ids=["gzip bomb", "zstd bomb", "large", "torn", "trailing", "not gzip", "not zstd", "torn json", "other", "spaces"],
)
def test_a_body_that_cannot_be_read_changes_nothing(
    centre: CentreProcess, desk: DeskFile, body: bytes, encoding: str, expected: tuple[int, str]
) -> None:
    identity = desk.journal.identity
    assert identity is not None
    with speak(centre, desk) as http:
        assert problem(push_to(http, f"team:{identity.team_slug}", body, encoding)) == expected
    assert centre.log(f"team:{identity.team_slug}") == []


def test_answers_come_packed_as_the_asker_likes(centre: CentreProcess, desk: DeskFile) -> None:
    with speak(centre, desk) as http:
        for accepted, encoding in (("gzip", "gzip"), ("zstd, gzip", "zstd"), ("identity", None)):
            response = http.get("/v1/scopes/site/pull", headers={"accept-encoding": accepted})
            assert response.headers.get("content-encoding") == encoding
            assert response.json()["head"] == 3


def test_a_wait_ends_when_a_command_beside_the_server_writes(centre: CentreProcess, desk: DeskFile) -> None:
    told: list[dict[str, Any]] = []
    with speak(centre, desk) as http:
        head = http.get("/v1/scopes/site/pull").json()["head"]
        asking = {"scopes": {"site": head, "team:elsewhere": 0, "kb:main": 0}}
        waiter = threading.Thread(target=lambda: told.append(http.post("/v1/wait", json=asking, timeout=40).json()))
        waiter.start()
        enrol(centre.data, "a third team", "rep")
        waiter.join(20)
    assert told == [{"moved": {"site": head + 1}}]


def test_a_wait_on_a_head_that_is_past_ends_at_once(centre: CentreProcess, desk: DeskFile) -> None:
    with speak(centre, desk) as http:
        assert http.post("/v1/wait", json={"scopes": {"site": 0}}, timeout=5).json() == {"moved": {"site": 3}}


def test_hello_tells_where_a_desk_stands_and_wants_a_protocol(centre: CentreProcess, desk: DeskFile) -> None:
    desk.capture()
    desk.sync()
    identity = desk.journal.identity
    assert identity is not None
    team = f"team:{identity.team_slug}"
    with speak(centre, desk) as http:
        greeting: dict[str, Any] = {"proto": [1, 2], "app": "x", "registry_v": 1, "now": 1, "scopes": {}, "newer": 1}
        told = http.post("/v1/hello", json=greeting).json()
        assert set(told["scopes"]) == {"site", "kb:main", team}
        assert told["scopes"][team] | {"epoch": ""} == {
            "base_url": centre.url + "/", "epoch": "", "head": 5, "have": 5, "rights": ["rep"], "state": "ready",
            "redacted": 0,
        }  # fmt: skip
        assert problem(http.post("/v1/hello", json=greeting | {"proto": [9]})) == (426, "upgrade_required")
        assert problem(http.post("/v1/hello", json={"proto": "x"})) == (400, "message")


def test_an_enrolment_code_works_once_and_from_one_machine(centre: CentreProcess, make_desk: MakeDesk) -> None:
    code = centre.code()
    first, second = make_desk("first"), make_desk("second")
    first.join(centre.url, f" {code.lower()} ")
    first.sync()
    with pytest.raises(Refusal, match=r"join\.code"):
        second.join(centre.url, code)
    identity = second.journal.identity
    assert identity is not None and not identity.joined and load_token(token_path(second.store)) is None


def test_a_lost_answer_to_join_does_not_cost_the_code(centre: CentreProcess, make_desk: MakeDesk) -> None:
    code, desk = centre.code(), make_desk("a")
    identity = desk.journal.identity
    assert identity is not None
    asked = {"code": code, "machine": "here", "name": "a", "work_no": "1", "now": 0, "since": None}
    with httpx.Client(base_url=centre.url, trust_env=False) as http:
        lost, again = (http.post("/v1/join", json=asked).json() for _ in range(2))
        assert lost["device"] == again["device"] and lost["token"] != again["token"]
        greeting = {"proto": [1], "registry_v": 1, "now": 1}
        old = http.post("/v1/hello", json=greeting, headers={"authorization": f"Bearer {lost['token']}"})
        assert problem(old) == (401, "unknown_token")
        assert problem(http.post("/v1/join", json=asked | {"machine": "there"})) == (403, "code")
        new = http.post("/v1/hello", json=greeting, headers={"authorization": f"Bearer {again['token']}"})
        assert new.status_code == 200
        assert problem(http.post("/v1/join", json=asked)) == (403, "code"), "heard of again: the code is dead"


def test_guessing_codes_is_slowed_down(centre: CentreProcess) -> None:
    asked = {"code": "AAAA-AAAA-AAAA", "machine": "m", "name": "n", "work_no": "1", "now": 0}
    with httpx.Client(base_url=centre.url, trust_env=False) as http:
        answers = [problem(http.post("/v1/join", json=asked)) for _ in range(11)]
    assert answers == [(403, "code")] * 10 + [(429, "too_many")]


def test_the_window_of_failures_passes() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(10):
        attempts.check("here")
        attempts.failed("here")
    with pytest.raises(Problem, match="too_many"):
        attempts.check("here")
    attempts.check("elsewhere")
    now[0] = 61.0
    attempts.check("here")


def test_a_joined_desk_has_letters_name_and_role_from_the_centre(centre: CentreProcess, desk: DeskFile) -> None:
    desk.sync()
    identity = desk.journal.identity
    assert identity is not None
    assert 2 <= len(identity.letters) <= 4 and identity.letters[0] != "H" and not set(identity.letters) & set("IO01")
    assert (identity.roles, identity.team_name, identity.centre_url) == (("rep",), "客服一组", centre.url)
    raw = desk.store.raw()
    assert [row[0] for row in raw.execute("SELECT id FROM person")] == [identity.person_id]
    assert token_path(desk.store).stat().st_mode & 0o777 == 0o600
    token = load_token(token_path(desk.store))
    assert token is not None
    for path in desk.store.path.parent.glob("desk.db*"):
        assert token.encode() not in path.read_bytes()
    for path in centre.data.iterdir():
        assert token.encode() not in path.read_bytes()


def test_a_second_centre_on_the_folder_is_refused_with_the_holder(centre: CentreProcess) -> None:
    assert centre.process is not None
    command = [sys.executable, "-m", "tests.sync.serve_centre", str(centre.data)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert second.returncode == 1
    assert "central.held" in second.stderr and f"pid={centre.process.pid}" in second.stderr


def test_enrolling_refuses_an_unknown_role_and_an_empty_team(centre: CentreProcess) -> None:
    wrong = (("t", "chief", "central.role"), (" ", "rep", "central.team"), ("x" * 99, "rep", "central.team"))
    for team, role, code in wrong:
        with pytest.raises(Refusal) as refused:
            enrol(centre.data, team, role)
        assert refused.value.code == code


def test_a_team_is_found_by_slug_or_name_and_made_once(centre: CentreProcess) -> None:
    for team in ("客服一组", "客服一组", "t-7abca23f", "east"):
        enrol(centre.data, team, "rep")
    conn = centre.database()
    assert conn.execute("SELECT slug, display_name FROM team ORDER BY slug").fetchall() == [
        ("east", "east"),
        ("t-7abca23f", "客服一组"),
    ]
    assert conn.execute("SELECT count(*) FROM log WHERE scope='site'").fetchone() == (2,)
    conn.close()
