"""Resolving: the resolution record and its message (T3 or T12), with the verdict and closing where they are known."""

from __future__ import annotations

from collections.abc import Sequence

from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation, Moved, ResolveForm, ResolveOptions


def options(desk: Desk, request_id: str) -> ResolveOptions:
    """What the form must ask. Raises Refusal flow.illegal where neither T3 nor T12 can follow."""
    raise NotImplementedError


def prefill(desk: Desk, request_id: str, composer: str = "", phrases: Sequence[str] = (),
            articles: Sequence[Citation] = ()) -> ResolveForm:
    """The form as it opens: the composer's text as solution, outcome solved, what was cited so far."""
    raise NotImplementedError


def resolve(desk: Desk, request_id: str, form: ResolveForm, *, confirmed: bool = False) -> Moved:
    """One key: message + resolution version + T3 or T12, and as far as the form says verdict (T13), survey,
    exemption from the call-back (simple P3 enquiry confirmed in the same contact) and T17, in one transaction.

    Raises Refusal: lint.blocked, lint.confirm, resolve.missing (missing), flow.guard, flow.illegal, flow.later (T14),
    text.too_long, role.denied.
    """
    raise NotImplementedError
