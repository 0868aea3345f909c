"""A person's own phrases, favourites and the reminder to adapt: kept here, checked before, sent nowhere."""

from __future__ import annotations

import pytest

from agentdesk.desk import own_phrases, phrases, reply
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal

GOOD = "{customer_title}您好，{product}的保修卡请您保留好。"


def refusal(desk: Desk, body: str, **more: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        own_phrases.save(desk, "自用", body, **more)  # type: ignore[arg-type]
    assert own_phrases.personal(desk) == {}
    return refused.value


def title(desk: Desk, phrase_id: str) -> str:
    return next(iter(own_phrases.personal(desk)[phrase_id].value["title"].values()))


def test_favourites_come_first_and_can_be_taken_back(desk: Desk, request_b: str) -> None:
    late = phrases.fitting(desk, request_b, step="K7")[-1]
    assert own_phrases.favour(desk, late.id)
    first, second, *_ = phrases.fitting(desk, request_b)
    assert first.id == late.id and first.favourite and not second.favourite
    assert phrases.search(desk, "您", request_b)[0].id == late.id
    assert not own_phrases.favour(desk, late.id)
    assert not phrases.fitting(desk, request_b)[0].favourite


def test_a_favourite_of_another_channel_stays_away(desk: Desk, request_b: str) -> None:
    call = next(one for one in phrases.search(desk, "closing") if one.code == "closing")
    own_phrases.favour(desk, call.id)
    assert call.id not in {one.id for one in phrases.fitting(desk, request_b, limit=99)}


def test_a_personal_phrase_is_kept_found_filled_changed_and_dropped(desk: Desk, request_b: str) -> None:
    kept = own_phrases.save(desk, "保修卡", GOOD)
    (view,) = [one for one in phrases.search(desk, "保修卡", request_b) if one.personal]
    assert (view.id, view.title, view.text) == (kept, "保修卡", "尊敬的客户您好，空调的保修卡请您保留好。")
    assert kept in {one.id for one in phrases.fitting(desk, request_b, limit=99)}
    own_phrases.save(desk, "保修卡二", GOOD, phrase_id=kept)
    assert title(desk, kept) == "保修卡二" and len(own_phrases.personal(desk)) == 1
    own_phrases.favour(desk, kept)
    own_phrases.drop(desk, kept)
    assert own_phrases.personal(desk) == {} and own_phrases.favourites(desk) == frozenset()


def test_a_phrase_without_a_title_is_called_by_its_beginning(desk: Desk) -> None:
    kept = own_phrases.save(desk, " ", "请您保留好保修卡，以后报修会用到，谢谢您的配合。")
    assert title(desk, kept) == "请您保留好保修卡，以后报修会用到，谢谢您"


def test_a_personal_phrase_may_ask_in_its_own_words(desk: Desk, request_b: str) -> None:
    kept = own_phrases.save(desk, "", "{customer_title|客户}您好，请补充{?要补的材料}，{?day:date|到货日}前发给我。")
    assert title(desk, kept) == "客户您好，请补充……，……前发给我。"
    view = phrases.fill(desk, kept, {}, request_b)
    assert view.open == ("?要补的材料", "?day:date")
    done = phrases.fill(desk, kept, {"?要补的材料": "发票{eta}", "?day:date": "1月29日"}, request_b)
    assert done.text == "尊敬的客户您好，请补充发票（eta），1月29日前发给我。"


def test_nothing_of_it_goes_into_the_journal(desk: Desk, request_b: str) -> None:
    before = desk.store.raw().execute("SELECT count(*) FROM change").fetchone()
    kept = own_phrases.save(desk, "保修卡", GOOD)
    own_phrases.favour(desk, kept)
    own_phrases.next_language(desk, request_b)
    assert desk.store.raw().execute("SELECT count(*) FROM change").fetchone() == before


def test_lint_stands_before_keeping(desk: Desk) -> None:
    blocked = refusal(desk, "请您冷静点")
    assert blocked.code == "phrase.blocked" and blocked.args["findings"][0].rule == "FP-07"
    assert refusal(desk, "请您冷静点", confirmed=True).code == "phrase.blocked"
    assert refusal(desk, "这个我不清楚").code == "phrase.confirm"
    assert own_phrases.save(desk, "自用", "这个我不清楚", confirmed=True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (" ", "text.empty"),
        ("您好{nobody}和{need}", "phrase.variables"),
        ("您好{need", "phrase.braces"),
        ("您好{Need}", "phrase.braces"),
        ("您好{need|}", "phrase.braces"),
        ("您好{?}", "phrase.braces"),
        ("您好｛need｝", "phrase.braces"),
        ("{eta:day}前", "phrase.formats"),
        ("证件11010519491231002X", "phrase.private"),
        ("字" * 1001, "text.too_long"),
    ],
)
def test_what_cannot_be_kept_says_why(desk: Desk, body: str, code: str) -> None:
    assert refusal(desk, body).code == code


def test_uses_are_counted_in_the_open_contact(desk: Desk, request_b: str) -> None:
    thanks = phrases.fitting(desk, request_b, step="K7")[0]
    for number in range(3):
        assert own_phrases.uses(desk, request_b, thanks.version) == number
        reply.send(desk, request_b, thanks.text, phrases=(thanks.version,))
    assert own_phrases.uses(desk, request_b, "another") == 0
