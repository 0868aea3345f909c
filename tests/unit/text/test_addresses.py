"""Addresses down to the house, in texts of the mainland and of Taiwan; what only names a street or a shop is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.addresses import find_addresses
from agentdesk.text.lint import Context, Linter
from agentdesk.text.privacy import shown

PLACES = ["上海市浦东新区", "广东省深圳市南山区", "江苏省昆山市玉山镇", "台北市大安區", "高雄市", ""]
STREETS = ["张杨路", "人民大道", "中关村大街", "忠孝東路四段", "中山二路", "解放西街", "槐树胡同"]
HOUSES = ["8号", "1725弄8号", "４５号", "四十五号", "205巷7弄11號", "360-1号", "85号院6号楼", "附12号"]
FLATS = ["", "602室", "3栋2单元501室", "12层3号", "5樓之3", "二单元 1203"]


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in find_addresses(text)]


@given(st.sampled_from(PLACES), st.sampled_from(STREETS), st.sampled_from(HOUSES), st.sampled_from(FLATS))
def test_house_and_flat_are_found_with_all_that_belongs_to_them(place: str, street: str, house: str, flat: str) -> None:
    address = place + street + house
    hits = found(f"请把货送到{address}{flat}，谢谢")
    assert hits and address in hits[0]
    assert flat[:3] in "".join(hits)


def test_a_part_of_a_house_of_taiwan_belongs_to_it() -> None:
    assert found("我住台北市中正區羅斯福路88號之2，謝謝") == ["台北市中正區羅斯福路88號之2"]


@pytest.mark.parametrize("text", ["翠苑五区23幢3单元602室", "12栋2单元501室", "3单元602", "1725弄8号", "A座2310"])
def test_a_flat_needs_no_street(text: str) -> None:
    assert found(f"我住{text}，麻烦您")


@pytest.mark.parametrize(
    "text",
    [
        "我们在上海市浦东新区有门店", "解放路店几点关门", "请填写省市区、街道和门牌号", "5月1号到7号放假",
        "一路顺风", "订单号20240428号", "路由器5号口没灯", "2室1厅",
        "线路12号检修", "这条路3号封", "人民路12号上午封路", "1号楼的电梯坏了",
        "三栋别墅", "弄坏了3号配件", "5路公交车", "高速公路2号出口", "第3单元格", "二楼", "地铁2号线", "道路12号开工",
    ],
)  # fmt: skip
def test_no_house_is_no_address(text: str) -> None:
    assert found(text) == []


@given(st.text(alphabet="路街道巷弄号號栋幢单元室楼市区县镇一二1９ 段之-甲座在我", max_size=400))
def test_spans_are_in_order_inside_the_text_and_do_not_overlap(text: str) -> None:
    done = 0
    for start, end in find_addresses(text):
        assert done <= start < end <= len(text)
        done = end


@pytest.mark.parametrize("piece", ["路", "路1", "人民路1号", "1栋", "人民路1号1室", "一", "A座1", "弄1号"])
def test_hostile_length_comes_back(piece: str) -> None:
    assert isinstance(found(piece * (100_000 // len(piece))), list)


def test_lint_hints_at_it_without_the_number(linter: Linter) -> None:
    (hit,) = linter.check("您的货会送到上海市浦东新区张杨路1725弄8号602室", Context())
    assert (hit.rule, hit.severity, hit.kind) == ("PV-08", "hint", "address")
    assert hit.text == "上海市浦东新区张杨路*弄*号*室"
    assert shown("徐汇区漕溪北路四十五号", "address") == "徐汇区漕溪北路*号"


def test_lint_hints_at_a_landline(linter: Linter) -> None:
    (hit,) = linter.check("请拨打021-65432198", Context())
    assert (hit.rule, hit.severity, hit.text) == ("PV-07", "hint", "021****98")
