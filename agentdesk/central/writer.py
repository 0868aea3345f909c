"""The one writing thread: waiting jobs of a scope share a transaction, one lock and one flush (SYNC 2.16)."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentdesk import faults
from agentdesk.central import redaction
from agentdesk.central.database import connect
from agentdesk.central.ledger import ScopeLog
from agentdesk.central.problems import Problem

MAX_WAITING = 512
"""Jobs that may wait; more are told to come back."""

MAX_GROUP = 32
"""Jobs that share a transaction: bounds what a crash or a full disk can undo at once, and the memory held."""

Job = Callable[[ScopeLog], Any]


@dataclass(slots=True)
class _Waiting:
    job: Job
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """Give it jobs with `submit`; each runs in its own savepoint and is answered only after the commit."""

    def __init__(self, path: Path, now_ms: Callable[[], int], moved: Callable[[str, int], None]) -> None:
        """Work on the file at `path`; `moved(scope, head)` is told after each commit that moved a head."""
        self._path = path
        self._now_ms = now_ms
        self._moved = moved
        self._queues: OrderedDict[str, deque[_Waiting]] = OrderedDict()
        self._waiting = 0
        self._closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="centre-writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def submit(self, scope: str, job: Job) -> Future[Any]:
        """Queue a job for the lock of `scope`; `Problem` 503 `busy` where too many wait."""
        waiting = _Waiting(job)
        with self._wake:
            if self._closed or self._waiting >= MAX_WAITING:
                raise Problem(503, "busy", retry_after=2)
            self._queues.setdefault(scope, deque()).append(waiting)
            self._waiting += 1
            self._wake.notify()
        return waiting.future

    def close(self) -> None:
        """Finish what was queued, then stop."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        conn = connect(self._path)
        with contextlib.closing(conn):
            redaction.finish(conn)  # what a stop in between left
            while group := self._next_group():
                self._commit_group(conn, *group)

    def _next_group(self) -> tuple[str, list[_Waiting]] | None:
        """Wait for work; return the jobs of the scope that waits longest, None when closed and empty."""
        with self._wake:
            while not self._queues:
                if self._closed:
                    return None
                self._wake.wait()
            scope, queue = self._queues.popitem(last=False)
            group = [queue.popleft() for _ in range(min(MAX_GROUP, len(queue)))]
            if queue:
                self._queues[scope] = queue
            self._waiting -= len(group)
            # From here on nobody can call a job back; who left before is not run at all.
            return scope, [waiting for waiting in group if waiting.future.set_running_or_notify_cancel()]

    def _commit_group(self, conn: sqlite3.Connection, scope: str, group: list[_Waiting]) -> None:
        """Run the jobs in one transaction; nobody is answered before it is committed, or known to be undone."""
        done: list[tuple[_Waiting, Any, BaseException | None]] = []
        try:
            conn.execute("BEGIN IMMEDIATE")
            log = ScopeLog(conn, scope, self._now_ms())
            before = log.head
            for place, waiting in enumerate(group):
                if place:
                    faults.at("group.mid")
                done.append((waiting, *_run_part(log, waiting.job)))
            conn.execute("COMMIT")
        except BaseException as error:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            for waiting in group:
                waiting.future.set_exception(_told(error))
            return
        faults.at("committed")
        redaction.finish(conn)
        if log.head != before:
            self._moved(scope, log.head)
        for waiting, result, failure in done:
            if failure is None:
                waiting.future.set_result(result)
            else:
                waiting.future.set_exception(failure)


def _run_part(log: ScopeLog, job: Job) -> tuple[Any, BaseException | None]:
    """Run one job behind its savepoint. A failure of the file ends the whole group, all else only this job."""
    try:
        with log.part():
            return job(log), None
    except sqlite3.OperationalError:
        raise
    except Exception as error:
        return None, error


def _told(error: BaseException) -> BaseException:
    """Turn a failure of the file into what the desks are told: busy, or no room; others stay as they are."""
    if not isinstance(error, sqlite3.OperationalError):
        return error
    code = "busy" if "locked" in str(error) or "busy" in str(error) else "storage"
    problem = Problem(503, code, retry_after=1 if code == "busy" else 30)
    problem.__cause__ = error
    return problem
