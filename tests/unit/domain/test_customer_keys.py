"""What is typed while somebody speaks, and the keys by which the customer is found."""

from __future__ import annotations

import pytest

from agentdesk.domain.customer_keys import keys, wanted

REPORTER = {"customer_name": "張敏", "contact": "+86 139-0000-0002", "customer_no": "Ｃ-5678"}


@pytest.mark.parametrize(
    "typed", ["张敏", "張敏", "zm", "ZM", "zhangmin", "zhang min", "13900000002", "c-5678", "C-5678"]
)
def test_the_customer_is_met_exactly(typed: str) -> None:
    assert set(wanted(typed)) & keys(REPORTER)


@pytest.mark.parametrize("typed", ["张", "z", "zhangm", "1390000", "c-5"])
def test_the_customer_is_met_by_a_beginning(typed: str) -> None:
    assert any(kind == have and key.startswith(start) for kind, start in wanted(typed) for have, key in keys(REPORTER))


@pytest.mark.parametrize("typed", ["李", "lm", "minzhang", "8000"])
def test_others_are_not_met(typed: str) -> None:
    assert not any(
        kind == have and key.startswith(start) for kind, start in wanted(typed) for have, key in keys(REPORTER)
    )


def test_a_foreign_name_is_found_by_each_of_its_words() -> None:
    assert {("name", "ann lee"), ("name", "lee")} <= keys({"customer_name": "Ann Lee"})


def test_nothing_typed_means_nothing() -> None:
    assert wanted("  ") == [] and keys({}) == set()
