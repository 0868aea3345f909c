"""What `doctor` found, as a person reads it: a line for each check, and what to do below each that is not well."""

from __future__ import annotations

from collections.abc import Iterable

from agentdesk.desk.context import content
from agentdesk.desk.views import DoctorLine
from agentdesk.present import timefmt
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import fit, plain

LABEL_CELLS = 16
WIDTHS = "width.txt"
"""Two lines that are as wide as each other wherever a Chinese character takes two cells."""


def lines(found: Iterable[DoctorLine]) -> list[str]:
    """Lay the findings out; those that are not well bring their advice along."""
    told: list[str] = []
    for one in found:
        word = t("cli.doctor.ok") if one.ok else t("cli.doctor.bad")
        told.append(f"{fit(word, 8)} {fit(_label(one.code), LABEL_CELLS)} {_value(one)}".rstrip())
        if not one.ok and (advice := _advice(one)):
            told.append(" " * 9 + advice)
    return told


def sample() -> list[str]:
    """Return what shows whether the font is wide enough, with how to judge it."""
    return ["", t("doctor.font"), *(f"  {line}" for line in content(WIDTHS).splitlines())]


def _label(code: str) -> str:
    head, _, rest = code.partition(".")
    return t("doctor.part", name=rest) if head == "part" else t(f"doctor.{code}") if known(f"doctor.{code}") else code


def _value(line: DoctorLine) -> str:
    if line.why:
        return line.why
    if line.code == "online":
        return t("doctor.online.yes")
    if line.code == "offset_ms":
        span = round(abs(int(line.value)) / 60_000) * 60
        return t("sync.clock.off", span=timefmt.span(span)) if span else t("sync.clock.ok")
    if line.code == "index":
        unlisted, waiting = line.value.split()
        return t("doctor.index.counts", unlisted=unlisted, waiting=waiting)
    if line.code == "search":
        missing, surplus, differing, broken = line.value.split()
        counts = t("doctor.search.counts", missing=missing, surplus=surplus, differing=differing, broken=broken)
        return t("doctor.word.ok") if line.ok else counts
    if line.code == "colour" and line.value == "no":
        return t("doctor.colour.none")
    if line.value in ("yes", "no", "ok"):
        return t(f"doctor.word.{line.value}")
    return plain(line.value)


def _advice(line: DoctorLine) -> str:
    key = f"doctor.advice.{line.code.partition('.')[0]}"
    return t(key) if known(key) else ""
