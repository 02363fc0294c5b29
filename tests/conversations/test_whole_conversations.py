"""Whole conversations over HTTP with the running servers; the loan book is looked at after each.

The sentences are written for these tests and are not in data/nlu. A test's name is what a member does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from running import Running

pytestmark = pytest.mark.server
ZONE = ZoneInfo("Asia/Shanghai")
ACCOUNT = {"name": "骆春兰", "id_tail": "5027", "birth_date": "1986-03-19", "product": "个人消费贷款", "overdue_amount": "2400.00", "days_overdue": 67,
           "instalment_amount": "800.00", "due_date": "2026-09-18"}
DETAILS = "5027 1986年3月19日"
DEBT = re.compile(r"逾期|欠|贷款|罚息|还款|借款|应还|催|征信|本金|利息|\d{3,}\.\d\d|2400")
THREAT = re.compile(r"坐牢|拘留|抓你|后果自负|老赖|限你")


class Member:
    """A member who writes; the clock goes on a minute a message."""

    def __init__(self, server: Running, account: dict[str, Any] | None = None, channel: str = "chat") -> None:
        self.server, self.channel = server, channel
        self.who = server.account(account or ACCOUNT)
        self.now = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
        self.replies: list[str] = []

    def says(self, text: str, wait: timedelta = timedelta(minutes=1), message_id: str | None = None) -> str:
        self.now += wait
        self.replies = self.server.say(self.who, text, now=self.now, channel=self.channel, message_id=message_id)
        assert self.replies, f"no answer to {text!r}"
        return "\n".join(self.replies)

    def verified(self) -> Member:
        self.says("你好")
        assert "2400.00" in self.says(DETAILS) or self.book["contact"] is not None
        return self

    @property
    def book(self) -> dict[str, Any]:
        return self.server.book(self.who)

    def standing(self) -> list[dict[str, Any]]:
        """Arrangements and promises in force or waiting."""
        book = self.book
        return [a for a in book["arrangements"] if a["status"] in ("active", "awaiting_approval", "proposed")] + [
            p for p in book["promises"] if p["status"] == "open"]


@pytest.fixture
def member(server: Running) -> Callable[..., Member]:
    return lambda account=None, channel="chat": Member(server, account, channel)


def total(arrangement: dict[str, Any]) -> Decimal:
    return sum((Decimal(part["amount"]) for part in arrangement["schedule"]), Decimal(0))


def test_a_member_talks_it_through_to_a_plan(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("工地上停工了 两个月没活干")
    m.says("一个月也就能挤出四百块")
    m.says("行 就按第一个办")
    [plan] = m.standing()
    assert total(plan) == Decimal("2400.00") == Decimal(plan["total"])
    assert all(Decimal(p["amount"]) <= 400 for p in plan["schedule"])


def test_nothing_is_told_before_verification(member: Callable[..., Member]) -> None:
    m = member()
    for text in ("喂 哪位啊", "找我啥事", "我到底差多少", "你先把数说了我再报", "哦"):
        assert not DEBT.search(m.says(text)), text
    assert m.standing() == []


def test_figures_are_true_to_the_fen(member: Callable[..., Member]) -> None:
    m = member({**ACCOUNT, "overdue_amount": "1733.37", "instalment_amount": "1733.37", "due_date": "2026-11-03", "days_overdue": 21})
    m.says("你好")
    reply = m.says(DETAILS)
    assert "1733.37" in reply and "21" in reply


def test_details_come_one_by_one(member: Callable[..., Member]) -> None:
    m = member()
    m.says("在的 你说")
    assert not DEBT.search(m.says("尾号5027"))
    assert "2400.00" in m.says("1986年3月19号生的")


def test_wrong_details_three_times_lead_to_a_person(member: Callable[..., Member]) -> None:
    m = member()
    m.says("你好")
    for tail in ("1111", "2222", "3333"):
        reply = m.says(f"{tail} 1986年3月19日")
        assert not DEBT.search(reply)
    assert not DEBT.search(m.says(DETAILS))
    assert [c["kind"] for c in m.book["cases"]] == ["hand_over"]


def test_a_stranger_stays_a_stranger(member: Callable[..., Member]) -> None:
    m = member()
    m.says("打错电话了 我不是她")
    assert not DEBT.search(m.says(DETAILS))
    assert m.book["contact"]["wrong_number"] is True


def test_a_relative_learns_nothing(member: Callable[..., Member]) -> None:
    m = member()
    m.says("我是她老公 她上班去了手机落家里")
    for text in ("她是不是在外面借钱了", "欠多少你跟我说 我替她还"):
        reply = m.says(text)
        assert not re.search(r"逾期|2400|罚息|利息|确实有|没有欠", reply)
    assert m.standing() == []


def test_a_promise_with_its_day_is_kept(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("厂里工资压着没发")
    m.says("12月10号发工资 到时候一次性都还上")
    [promise] = m.standing()
    assert (promise["amount"], promise["due"]) == ("2400.00", "2026-12-10")


def test_a_correction_changes_only_the_day(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("下个月8号我全部还清")
    m.says("说错了 不是8号 是18号")
    [promise] = m.standing()
    assert (promise["amount"], promise["due"]) == ("2400.00", "2026-12-18")


def test_a_part_now_and_the_rest_later(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("先还400 剩下两千等货款")
    m.says("400今天 两千12月20号之前")
    [plan] = m.standing()
    assert next((p["due"], p["amount"]) for p in plan["schedule"]) == ("2026-11-24", "400.00")
    assert total(plan) == Decimal("2400.00")


def test_a_ceiling_is_honoured(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("生意赔了 能分期不 一个月最多三百")
    m.says("可以 就按这个来")
    [plan] = m.standing()
    assert all(Decimal(p["amount"]) <= 300 for p in plan["schedule"]) and total(plan) == Decimal("2400.00")


def test_a_plan_that_is_too_much_is_changed_and_not_offered_again(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("摔断了腿 三个月下不了地")
    m.says("都有哪些办法")
    first = m.replies[-1]
    second = m.says("每期太多了 真还不起")
    assert second != first and m.standing() == []


def test_a_hedged_yes_is_not_taken_as_consent(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("能分六个月还吗")
    m.says("随便吧")
    assert m.standing() == []
    m.says("同意 就这么定")
    assert len(m.standing()) == 1


def test_a_pause_is_asked_for(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("住院刚出来 想缓一个月再还")
    m.says("行")
    [plan] = m.standing()
    assert plan.get("kind", "promise") in ("deferral", "promise", "instalments")
    first = plan["schedule"][0]["due"] if "schedule" in plan else plan["due"]
    assert first >= "2026-12-24"


def test_anger_gets_no_figures_and_the_second_time_a_person(member: Callable[..., Member]) -> None:
    m = member().verified()
    for _ in range(2):
        reply = m.says("你们他妈的就知道要钱 一帮强盗")
        assert not re.search(r"\d{3,}\.\d\d", reply) and not THREAT.search(reply)
    assert re.search(r"人工|同事|主管|电话|改天|晚点|真人", reply)


def test_a_sign_of_self_harm_stops_all_talk_of_money(member: Callable[..., Member]) -> None:
    m = member().verified()
    reply = m.says("我撑不下去了 真想一走了之 活够了")
    assert "12356" in reply and not DEBT.search(reply)
    assert not DEBT.search(m.says("那我到底欠多少"))
    assert [c["kind"] for c in m.book["cases"]] == ["crisis"]


def test_a_refusal_is_respected(member: Callable[..., Member]) -> None:
    m = member().verified()
    reply = m.says("不还 有本事你们告我去")
    assert not THREAT.search(reply)
    assert m.book["notices"] and m.book["contact"]["paused_until"]


def test_calls_stop_and_messages_go_on(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("别再打电话给我了 有事发短信")
    contact = m.book["contact"]
    assert contact["stopped"] == ["phone"] and contact["preferred_way"] == "sms"


def test_a_paid_claim_is_looked_into(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("我上星期五在柜台已经交过800了")
    [case] = m.book["cases"]
    assert case["kind"] == "claim_paid" and "800.00" in case["about"]


def test_a_denied_loan_becomes_a_dispute(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("这个贷款压根不是我签的字")
    assert "dispute" in [c["kind"] for c in m.book["cases"]] or "fraud" in [c["kind"] for c in m.book["cases"]]
    assert m.book["contact"]["paused_until"]


def test_a_complaint_leaves_the_plan_alone(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("能不能分四期")
    m.says("你们上次那个催收的态度太差 我要打12378投诉")
    m.says("方案我同意")
    assert "complaint" in [c["kind"] for c in m.book["cases"]]
    assert len(m.standing()) == 1


def test_two_loans_are_kept_apart(member: Callable[..., Member]) -> None:
    loans = [{"product": "养殖贷款", "overdue_amount": "5200.00", "days_overdue": 40, "instalment_amount": "5200.00", "due_date": "2026-10-15"},
             {"product": "个人消费贷款", "overdue_amount": "640.00", "days_overdue": 5, "instalment_amount": "640.00", "due_date": "2026-11-19"}]
    m = member({k: ACCOUNT[k] for k in ("name", "id_tail", "birth_date")} | {"loans": loans})
    m.says("你好")
    reply = m.says(DETAILS)
    assert "5200.00" in reply and "640.00" in reply
    assert "5200.00" in m.says("养殖的那笔")
    m.says("12月15号全部还清")
    [promise] = m.standing()
    assert (promise["loan"], promise["amount"]) == ("养殖贷款", "5200.00")


def test_a_member_who_comes_back_after_days_is_verified_and_greeted_with_the_agreement(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("下个月10号我一把还清")
    again = m.says("在吗", wait=timedelta(days=3))
    assert not DEBT.search(again)
    reply = m.says(DETAILS)
    assert "12月10日" in reply and "2400.00" in reply


def test_a_person_is_asked_for(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("机器人说不清楚 给我转个真人")
    assert [c["kind"] for c in m.book["cases"]] == ["hand_over"]


def test_a_question_in_between_loses_nothing(member: Callable[..., Member]) -> None:
    m = member().verified()
    m.says("每个月最多还五百 分期行不")
    m.says("不还的话会不会上征信")
    m.says("那行 就按刚才说的办")
    [plan] = m.standing()
    assert all(Decimal(p["amount"]) <= 500 for p in plan["schedule"])


def test_sms_answers_fit_their_segments(member: Callable[..., Member]) -> None:
    m = member(channel="sms")
    for text in ("你好", DETAILS, "厂子黄了没收入", "会影响征信吗", "谢谢"):
        m.says(text)
        assert all(len(reply) <= 210 for reply in m.replies), m.replies


def test_traditional_is_answered_in_traditional(member: Callable[..., Member]) -> None:
    m = member()
    assert re.search(r"[們這說後個]", m.says("請問你們是哪裡"))


def test_the_last_reply_is_never_repeated_word_for_word(member: Callable[..., Member]) -> None:
    m = member()
    replies = [m.says("你好") for _ in range(4)]
    assert all(a != b for a, b in itertools.pairwise(replies))
