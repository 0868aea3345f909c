"""The two example requests as an agent enters them, and what walks them from capture to closed, by keys alone."""

from __future__ import annotations

from dataclasses import dataclass

from tests.terminal.sitting import Sitting

ME, WORK_NO, TEAM = "张敏", "8021", "客服一组"


@dataclass(frozen=True)
class Done:
    """One request as the screen told it."""

    number: str
    """Short number, as the queue shows it."""
    history: tuple[str, ...] = ()


def first_run(desk: Sitting) -> None:
    """Say who sits here: name, work number, team, language; the queue follows."""
    desk.mark("first run")
    desk.wait("欢迎使用", "姓名", "工号", "班组", "语言")
    desk.type(ME)
    desk.key("Tab")
    desk.type(WORK_NO)
    desk.key("Tab")
    desk.type(TEAM)
    desk.key("Tab")
    desk.key("1")
    desk.wait("[1 简体中文]", ME, WORK_NO, TEAM)
    desk.key("F8")
    desk.queue()
    desk.wait(f"{ME} {WORK_NO}", TEAM, "没有待办需求")


def capture_a(desk: Sitting) -> str:
    """Row A: a complaint by phone about a leaking washing machine; returns its short number."""
    desk.mark("row A: capture")
    desk.key("F2")
    desk.wait("客户等待", "接入渠道")
    desk.key("Tab")
    desk.key("1")
    for text in ("张*", "13800005678", "C-5678"):
        desk.type(text)
        desk.key("Tab")
    desk.wait("已应答")  # on the phone whoever types is already talking
    desk.key("C-g")
    desk.keys_of("2", "4")
    for label, text in (("需求类型", "[2 投诉]"), ("子类", "[4 售后]")):
        desk.holds(label, text)
    desk.type("洗衣机")
    desk.key("Tab")
    desk.type("购买的洗衣机用了三天就漏水，联系售后一直没人答复")
    desk.key("C-g")
    desk.key("2")
    desk.type("2024-04-28")
    desk.key("C-g")
    desk.type("机身底部漏水")
    desk.key("Tab")
    desk.type("尽快上门维修")
    desk.key("Tab")
    desk.type("O-20240428-31")
    for label, text in (("异常细节", "机身底部漏水"), ("客户期望", "尽快上门维修"), ("订单编号", "O-20240428-31")):
        desk.holds(label, text)
    desk.key("C-g")
    desk.key("1")
    for label, text in (("情绪状态", "[2 焦急]"), ("发生时间", "2024-04-28")):
        desk.holds(label, text)
    desk.wait("可记录", "P1 紧急", "紧急事项", "PR-01", "漏水", "没人答复")
    desk.key("F8")
    desk.wait("售后投诉", "P1", "分析中", "临时措施", "输入回复")
    return number_on(desk)


def capture_b(desk: Sitting) -> str:
    """Row B: an enquiry in the chat window about an air conditioner; returns its short number."""
    desk.mark("row B: capture")
    desk.key("F2")
    desk.wait("客户等待", "接入渠道")
    desk.key("Tab")  # from the look-up: this customer is not known
    desk.key("2")
    desk.type("王*")
    desk.key("Tab")
    desk.type("13900000002")
    desk.keys_of("Tab", "Tab", "Space", "C-g")
    desk.keys_of("1", "1")
    desk.type("空调")
    desk.key("Tab")
    desk.type("想了解空调的能效等级和安装费用")
    desk.keys_of("Tab", "1")
    for label, text in (("未注册", "[x]"), ("需求类型", "[1 咨询]"), ("子类", "[1 产品]"), ("情绪状态", "[1 平和]")):
        desk.holds(label, text)
    desk.wait("可记录", "P3 常规", "简单咨询", "PR-12")
    desk.key("F8")
    desk.wait("产品咨询", "P3", "已记录", "输入回复")
    return number_on(desk)


def number_on(desk: Sitting) -> str:
    """The short number on the second line of the workspace."""
    return desk.wait("AD-").splitlines()[1].split()[0]


def greet(desk: Sitting) -> None:
    """Put the first fitting phrase in, a greeting with name and work number, and send it."""
    desk.mark("a greeting with its variables")
    desk.key("F4")
    desk.wait("搜索话术", "问候")
    desk.key("Enter")
    desk.wait(until=lambda _: f"客服{ME}，工号{WORK_NO}" in desk.composer())
    desk.key("F8")
    desk.wait("已发送", "输入回复", f"客服{ME}，工号{WORK_NO}")


def lint(desk: Sitting) -> None:
    """不知道 is underlined, explained and replaced by one key; an absolute promise cannot be sent at all."""
    desk.mark("words that are warned of, and words that are refused")
    desk.type("这个问题不知道")
    desk.wait("需确认", "推诿", "让客户觉得被推开", "^R 我帮您查询一下")
    desk.wait(until=lambda _: "不知道" in desk.underlined())
    desk.key("C-r")
    desk.wait("未发现禁用语", until=lambda _: desk.composer().startswith("这个问题我帮您查询一下"))
    assert [piece for piece in desk.underlined() if piece in desk.composer()] == []
    desk.type("。保证产品100%无故障")
    desk.wait("不可发送", "违规承诺", "不得承诺绝对", "^R 产品符合行业标准")
    desk.wait(until=lambda _: "保证产品100%无故障" in desk.underlined())
    desk.key("F8")
    desk.wait("不能发送", "RL-01", until=lambda _: "这个问题我帮您查询一下。保证产品100%无故障" in desk.composer())
    assert not [row for row in desk.timeline() if "保证产品" in row], "what cannot be sent was sent"
    desk.key("C-r")
    desk.wait("未发现禁用语", until=lambda _: "。产品符合行业标准" in desk.composer())


def cite(desk: Sitting, words: str, title: str, inserted: str) -> None:
    """Search the knowledge for words and cite the first article found."""
    desk.mark(f"knowledge: {words}")
    desk.key("F5")
    desk.wait("搜索知识")
    desk.type(words)
    desk.wait(f">1 {title}")
    desk.key("Enter")
    desk.wait("已引用", title, until=lambda _: inserted in desk.composer())


def plan_a(desk: Sitting) -> None:
    """T5, T7, T8: the interim measure and a plan with steps are told, verified, agreed to, and the work is taken."""
    desk.mark("row A: plan")
    desk.key("C-n")
    desk.wait("制定方案并告知客户", "临时措施", "方案步骤")
    desk.type("请先关闭进水阀并断开电源")
    desk.key("Tab")
    desk.type("安排师傅上门检修")
    desk.key("Enter")  # a new line, never "do it"
    desk.type("检修后回访确认")
    desk.key("Tab")
    desk.type("2h")
    desk.keys_of("Tab", "2")
    desk.holds("核实方式", "[2 订单]")
    desk.type("先关阀断电，再由师傅两小时内上门检修，您看这样可以吗？")
    desk.key("F8")
    desk.wait("方案待确认", "确认客户是否同意方案", "输入回复")
    desk.mark("row A: agreement and acceptance")
    desk.key("C-n")
    desk.wait("客户对方案的意见", "1. 安排师傅上门检修", "2. 检修后回访确认")
    desk.keys_of("1", "1")
    desk.holds("确认方式", "[1 口头]")
    desk.key("F8")
    desk.wait("处理中", "答复并办结", "输入回复")


def resolve_a(desk: Sitting) -> None:
    """T12: what was done and why it happened."""
    desk.mark("row A: resolve")
    desk.key("F6")
    desk.wait("办结：处理结果", "原因分类", "引用知识", "洗衣机底部漏水怎么办")
    desk.holds("解决方案", "先关阀断电")
    desk.key("4")
    desk.holds("原因分类", "[4 产品缺陷]")
    desk.type("师傅上门更换排水泵，试机不再漏水")
    desk.key("F8")
    desk.wait("待确认", "确认客户反馈", "CK-16", "输入回复")


def follow_a(desk: Sitting) -> None:
    """T13 and T17: a complaint is never exempt, so the call-back is made; verdict and survey close the request."""
    desk.mark("row A: call-back, verdict, survey, close")
    desk.key("F7")
    desk.wait("跟进：客户反馈与回访", "得知方式")
    desk.keys_of("1", "1", "1")
    for label, text in (("得知方式", "[1 回访电话]"), ("客户反馈", "[1 满意]"), ("评价邀请", "[1 已发送]")):
        desk.holds(label, text)
    desk.key("F8")
    desk.wait("已完成", "没有待办需求")


def resolve_b(desk: Sitting) -> None:
    """T3, T13, T17 by one form: what was written is sent, the customer is content, the survey is sent."""
    desk.mark("row B: resolve and close")
    desk.key("F6")
    desk.wait("办结：处理结果", "引用知识", "空调的能效等级怎么看")
    desk.keys_of("1", "1")
    for label, text in (("处理结果", "[1 已解决]"), ("客户反馈", "[1 满意]"), ("评价邀请", "[1 已发送]")):
        desk.holds(label, text)
    desk.key("F8")
    desk.queue()
    desk.wait("已完成")
