"""The log file: its owner's, bounded, masked, silent where it cannot be written, and without what customers said."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from agentdesk.app import logbook
from agentdesk.desk import capture, follow_up, plan, reply, resolve, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.views import CallbackForm, PlanStep, ResolveForm

log = logging.getLogger("agentdesk.test")
CARD = "6222021234567890128"

TYPED = {
    "customer_name": "欧阳锦书",
    "contact": "13800005678",
    "customer_no": "C-5678",
    "product_service": "滚筒洗衣机",
    "order_no": "O-20240428-31",
    "place": "梧桐路七号",
    "description": "洗衣机用了三天就漏水，联系售后没人答复",
    "anomaly": "机身底部有水渍",
    "expected_outcome": "盼望今天上门",
}
CODES = {
    "channel": "phone",
    "request_type": "complaint",
    "sub_type": "after_sales",
    "occurred_at": "2024-04-28",
    "attribution": "product_quality",
    "emotion": "anxious",
}
REPLY, NOTE, CAME_IN = "请先关闭进水阀", "已和仓库核对过型号", "那我在家等师傅"
SOLUTION, ACTION, COMMENT = "师傅已经更换密封圈", "更换了密封圈", "服务很周到"


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Path]]:
    """Opens a log file; every one is closed again."""
    handlers: list[logging.Handler] = []

    def make(path: Path) -> Path:
        handlers.append(logbook.open_logbook(path))
        return path

    yield make
    for handler in handlers:
        logbook.close_logbook(handler)


def read(path: Path) -> str:
    """All files of the log."""
    return "".join(one.read_text(encoding="utf-8") for one in sorted(path.parent.glob(f"{path.name}*")))


def test_only_its_owner_reads_it_and_it_stays_small(
    opened: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "MAX_BYTES", 2_000)
    path = opened(tmp_path / "log" / "agentdesk.log")
    for number in range(300):
        log.info("line %d of a long day", number)
    files = list(path.parent.iterdir())
    assert len(files) == logbook.KEPT + 1
    assert all(one.stat().st_size <= 2_000 for one in files)
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    assert "line 299 of" in path.read_text(encoding="utf-8")


def test_private_numbers_are_masked_in_messages_and_tracebacks(opened: Callable[[Path], Path], tmp_path: Path) -> None:
    path = opened(tmp_path / "agentdesk.log")
    log.info("card %s", CARD)
    try:
        raise ValueError(f"no such card {CARD[:4]} {CARD[4:10]} {CARD[10:]}")
    except ValueError:
        log.exception("failed")
    told = read(path)
    assert told.count("[CARD]") == 2 and CARD[-8:] not in told


def test_a_full_disk_or_a_missing_folder_is_silent(
    opened: Callable[[Path], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for path in (Path("/dev/full"), tmp_path / "file" / "log" / "agentdesk.log"):
        opened(path)
        log.error("cannot be written")
    assert capfd.readouterr() == ("", "")


def test_a_whole_request_leaves_no_word_of_the_customer(
    opened: Callable[[Path], Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = opened(tmp_path / "log" / "agentdesk.log")
    with caplog.at_level(logging.INFO):
        desk = open_desk(tmp_path / "desk")
        setup.first_run(desk, "张敏", "8021", "客服一组")
        a_whole_request(desk)
        a_fault_of_the_store(desk)
        desk.close()
    told = read(path)
    assert "a fault" in told
    for said in (*TYPED.values(), REPLY, NOTE, CAME_IN, SOLUTION, ACTION, COMMENT):
        assert said not in told, said


def a_whole_request(desk: Desk) -> None:
    """From the first word to the call-back."""
    values: dict[str, Any] = {**CODES, **TYPED}
    draft = capture.begin(desk, "phone")
    capture.save_draft(desk, draft, values)
    request = capture.record(desk, values, draft=draft).request_id
    reply.send(desk, request, REPLY, confirmed=True)
    reply.note(desk, request, NOTE)
    reply.receive(desk, request, CAME_IN)
    plan.tell(
        desk,
        request,
        steps=[PlanStep(ACTION)],
        finish=desk.now() + timedelta(hours=1),
        verified_how="asked",
        message=REPLY,
        interim=REPLY,
        confirmed=True,
    )
    plan.agree(desk, request)
    form = ResolveForm(solution_text=SOLUTION, cause_class="product_defect", actions=(ACTION,), verdict="satisfied")
    resolve.resolve(desk, request, form, confirmed=True)
    follow_up.callback(desk, request, CallbackForm(reached=True, comment=COMMENT))


def a_fault_of_the_store(desk: Desk) -> None:
    """The database says no to a statement that carries what was typed."""
    try:
        with desk.store.write() as conn:
            conn.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": TYPED["description"]})
    except Exception as error:
        log.error("a fault", exc_info=error)
