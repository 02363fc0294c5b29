"""Conversations by the guide, decided without Rasa and written into a real loan book."""

from pathlib import Path

import pytest
from talking import ACCOUNT, Talk, adjust, care, close, de_escalate, dispute, inform, open, refused, said, solve, understand

from zhuhuan.guide.turn import Entity


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path)


def sum_(value: str, bound: str = "exact", per: str | None = None) -> Entity:
    return Entity("amount", value, 0, 2, bound, per)


def day(value: str, start: int = 3) -> Entity:
    return Entity("date", value, start, start + 3)


def test_nothing_of_a_debt_is_said_before_verification(talk: Talk) -> None:
    for decide, intent in ((open.greet, "greet"), (open.say_who, "ask_who"), (open.say_purpose, "ask_purpose"), (open.hold, "ask_overdue_details"),
                           (open.hold, "state_reason"), (open.will_not_verify, "deny"), (close.out_of_scope, "out_of_scope")):
        outcome = talk.hear(decide, intent)
        assert not outcome.memory.verified
        assert not any("amount" in say.facts or "product" in say.facts for say in outcome.says)


def test_the_facts_are_told_to_the_fen_once_the_person_is_known(talk: Talk) -> None:
    outcome = talk.verify()
    facts = {k: v for say in outcome.says for k, v in say.facts.items()}
    assert (facts["amount"], facts["days"], facts["product"]) == ("3600.00元", "68", "个人消费贷款")
    assert outcome.memory.question == "reason"


def test_the_two_details_may_come_in_any_order_over_several_messages(talk: Talk) -> None:
    first = talk.hear(open.verification, "provide_verification", "90年2月8号", entities=(Entity("birth_date", "1990-02-08"),))
    assert said(first) == ["utter_need_tail"]
    assert talk.hear(open.verification, "provide_verification", "4410", entities=(Entity("id_tail", "4410"),)).memory.verified


def test_a_missing_part_is_no_failed_attempt(talk: Talk) -> None:
    for _ in range(5):
        talk.hear(open.verification, "provide_verification", "4410", entities=(Entity("id_tail", "4410"),))
    assert talk.memory.failures == 0


def test_what_was_wrong_is_not_told_and_a_slip_is_put_right(talk: Talk) -> None:
    wrong = talk.hear(open.verification, "provide_verification", "4410 90年2月18号", entities=(Entity("id_tail", "4410"), Entity("birth_date", "1990-02-18")))
    assert said(wrong) == ["utter_mismatch"]
    assert talk.hear(open.hold, "propose_terms", "2月8号", entities=(day("2027-02-08"),)).memory.verified


def test_three_failures_lead_to_a_person_and_even_right_details_open_nothing(talk: Talk) -> None:
    for tail in ("1111", "2222", "3333"):
        last = talk.hear(open.verification, "provide_verification", tail, entities=(Entity("id_tail", tail), Entity("birth_date", "1990-02-08")))
    assert said(last) == ["utter_locked"]
    assert not talk.verify().memory.verified
    assert [case["kind"] for case in talk.book["cases"]] == ["hand_over"]


def test_a_stranger_with_the_right_details_stays_a_stranger(talk: Talk) -> None:
    talk.hear(open.wrong_person, "wrong_person", "打错了")
    outcome = talk.verify()
    assert not outcome.memory.verified
    assert said(outcome) == ["utter_takeover"]
    assert talk.book["contact"]["wrong_number"] is True


def test_a_relative_learns_nothing_and_pays_nothing(talk: Talk) -> None:
    talk.hear(open.third_party, "third_party", "他出去了 我是他爸")
    pays = talk.hear(open.third_party, "third_party", "欠多少我替他还")
    assert said(pays) == ["utter_third_party_pays"]
    assert (talk.book["arrangements"], talk.book["promises"]) == ([], [])


def test_a_helper_beside_the_member_may_type_for_her(talk: Talk) -> None:
    outcome = talk.hear(open.third_party, "third_party", "我妈不识字 我帮她打字", risk=("third_party_present",))
    assert said(outcome) == ["utter_helper_beside"]
    assert talk.verify().memory.verified


def test_reason_amount_and_wish_in_one_breath_are_not_asked_again(talk: Talk) -> None:
    talk.verify()
    outcome = talk.hear(solve.wish, "request_instalments", "厂里停工了 每月最多六百 分期吧", reason="unemployment",
                        entities=(Entity("amount", "600.00", 5, 9, "at_most", "month"),))
    assert outcome.memory.question == "accept_plan"
    assert all(part.amount <= 600 for part in outcome.memory.offers[0].schedule)


def test_a_plan_is_in_the_book_only_after_a_yes(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "request_instalments", "分六期", reason="income_drop", entities=(Entity("periods", "6", 0, 3),))
    assert talk.book["arrangements"] == []
    talk.hear(solve.accept, "accept_plan", "行")
    [arrangement] = talk.book["arrangements"]
    assert arrangement["status"] in ("active", "awaiting_approval")
    assert sum(float(p["amount"]) for p in arrangement["schedule"]) == pytest.approx(3600)


def test_a_hedged_yes_is_no_consent(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "request_instalments", "分六期", entities=(Entity("periods", "6", 0, 3),))
    outcome = talk.hear(solve.hedged, "affirm", "都行")
    assert said(outcome) == ["utter_one_plain_yes"]
    assert talk.book["arrangements"] == []


def test_a_promise_with_its_day_is_kept_and_a_part_now_replaces_it(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "12月10号一次还清", entities=(day("2026-12-10"),))
    assert [(p["amount"], p["due"], p["status"]) for p in talk.book["promises"]] == [("3600.00", "2026-12-10", "open")]
    talk.hear(solve.wish, "offer_partial", "先还五百", entities=(Entity("amount", "500.00", 2, 4, "exact"),))
    talk.hear(solve.wish, "promise_to_pay", "月底吧", entities=(day("2026-11-30", 0),))
    standing = [a for a in talk.book["arrangements"] if a["status"] in ("active", "awaiting_approval")]
    assert [[(p["due"], p["amount"]) for p in a["schedule"]] for a in standing] == [[("2026-11-30", "500.00"), ("2026-12-10", "3100.00")]]
    assert [p["status"] for p in talk.book["promises"]] == ["superseded"]


def test_a_correction_after_acceptance_changes_that_one_day(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "8号还清", entities=(day("2026-12-08", 0),))
    talk.hear(adjust.terms, "propose_terms", "不对 18号", entities=(day("2026-12-18"),))
    assert [(p["due"], p["status"]) for p in talk.book["promises"]] == [("2026-12-08", "superseded"), ("2026-12-18", "open")]


def test_a_refused_plan_never_comes_again(talk: Talk) -> None:
    talk.verify()
    talk.hear(understand.reason, "state_reason", "厂里停工", reason="unemployment")
    talk.hear(understand.not_telling, "deny", "不想说")
    first = {o.key for o in talk.memory.offers}
    assert first
    talk.hear(adjust.reject, "reject_plan", "太多了 还不起")
    assert talk.memory.offers and not first & {o.key for o in talk.memory.offers}


def test_what_does_not_fit_is_asked_when_it_was_not_said(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.ask_options, "ask_plan_options", "有啥办法")
    assert talk.hear(adjust.reject, "reject_plan", "不行").memory.question == "objection"


def test_a_claimed_payment_is_looked_up_with_its_sum_and_reminders_rest(talk: Talk) -> None:
    talk.verify()
    talk.hear(dispute.claim_paid, "claim_paid", "我16号还过600", entities=(Entity("amount", "600.00", 6, 9, "exact"),))
    [case] = talk.book["cases"]
    assert case["kind"] == "claim_paid" and "600.00" in case["about"]
    assert talk.book["contact"]["paused_until"] is not None


def test_a_complaint_and_the_plan_are_independent(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "request_instalments", "分六期", entities=(Entity("periods", "6", 0, 3),))
    outcome = talk.hear(dispute.complain, "complain", "我要投诉你们")
    assert outcome.memory.question == "accept_plan"
    assert [c["kind"] for c in talk.book["cases"]] == ["complaint"]


def test_a_waiver_is_never_promised_but_kept_as_a_case(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.waiver, "request_waiver", "罚息免了吧")
    assert [c["kind"] for c in talk.book["cases"]] == ["waiver"]


def test_after_the_second_outburst_a_person_is_offered(talk: Talk) -> None:
    talk.verify()
    first, second = (said(talk.hear(de_escalate.angry, "vent_anger", "烦不烦", emotion="angry")) for _ in range(2))
    assert (first, second) == (["utter_anger_first"], ["utter_anger_again"])


def test_a_crisis_stops_all_talk_of_money_until_a_person_releases_it(talk: Talk) -> None:
    talk.verify()
    talk.hear(de_escalate.distress, "express_distress", "活着没意思", emotion="sad", risk=("self_harm",))
    assert [c["kind"] for c in talk.book["cases"]] == ["crisis"]
    next_day = Talk.hear(talk, care.at_once, "ask_overdue_details", "我欠多少", minutes=1500)
    assert said(next_day) == ["utter_crisis_holds"]


def test_a_crisis_at_night_gives_the_emergency_numbers(talk: Talk) -> None:
    outcome = talk.hear(care.crisis, "express_distress", "不想活了", risk=("self_harm",), minutes=13 * 60)
    assert said(outcome) == ["utter_crisis_night"]


def test_a_refusal_is_accepted_with_a_notice_and_a_pause(talk: Talk) -> None:
    talk.verify()
    talk.hear(refused.refuse_to_pay, "refuse_to_pay", "不还")
    assert [n["kind"] for n in talk.book["notices"]] == ["position"]
    assert talk.book["contact"]["paused_until"] == "2026-12-01"


@pytest.mark.parametrize(("text", "ways"), [
    ("别再给我打电话了", ("phone",)), ("有事发短信 不要来电", ("phone",)), ("退订", ("sms",)), ("别往我单位打", ("workplace",)), ("别联系我了", ("all",)), ("你们别打电话 发短信就行", ("phone",)), ("别老发短信", ("sms",)), ("不要再发信息了", ("sms",)),
    ("不要再找我老婆", ("family",)), ("不许上门", ("visit",)),
])
def test_stopping_one_way_never_stops_the_others(text: str, ways: tuple[str, ...]) -> None:
    assert refused.ways_in(text) == ways


def test_the_hours_that_suit_are_kept_and_the_plan_goes_on(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.ask_options, "ask_plan_options", "有啥办法")
    outcome = talk.hear(refused.need_time, "need_time", "晚上八点以后联系我", entities=(Entity("time", "20:00/", 0, 6),))
    assert outcome.memory.question == "accept_plan"
    assert talk.book["contact"]["preferred_hours"] == "20:00/"


def test_two_loans_are_asked_about_and_not_mixed(tmp_path: Path) -> None:
    loans = [{"product": "农户种植贷款", "overdue_amount": "5000.00", "days_overdue": 40, "instalment_amount": "5000.00", "due_date": "2026-10-15"},
             {"product": "个人消费贷款", "overdue_amount": "900.00", "days_overdue": 5, "instalment_amount": "900.00", "due_date": "2026-11-19"}]
    talk = Talk(tmp_path, {**{k: ACCOUNT[k] for k in ("name", "id_tail", "birth_date")}, "loans": loans})
    assert talk.verify().memory.question == "which_loan"
    chosen = talk.hear(understand.which_loan, "affirm", "种植的那笔", entities=(Entity("loan", "种植的那笔", 0, 5),))
    assert [s.facts["amount"] for s in chosen.says if "amount" in s.facts] == ["5000.00元"]
    talk.hear(solve.wish, "promise_to_pay", "10号还清", entities=(day("2026-12-10", 0),))
    assert [(p["loan"], p["amount"]) for p in talk.book["promises"]] == [("农户种植贷款", "5000.00")]


def test_a_member_who_comes_back_is_greeted_with_what_was_agreed(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "10号还清", entities=(day("2026-12-10", 0),))
    talk.memory = type(talk.memory)()
    assert "utter_standing" in said(talk.verify())


def test_a_question_in_between_leads_back_to_what_was_asked(talk: Talk) -> None:
    talk.verify()
    assert said(talk.hear(inform.consequences, "ask_consequences", "会上征信吗")) == ["utter_consequences_credit", "utter_back_reason"]


def test_the_last_reply_is_repeated_on_request(talk: Talk) -> None:
    first = talk.hear(open.greet, "greet", "喂")
    talk.memory = talk.memory.with_(last_says=tuple((s.response, tuple(s.facts.items())) for s in first.says))
    assert said(talk.hear(close.ask_repeat, "ask_repeat", "啥")) == ["utter_once_more", "utter_introduce"]


def test_someone_else_drawn_in_needs_the_members_own_yes(talk: Talk) -> None:
    talk.verify()
    talk.hear(open.verified_third_party, "third_party", "我闺女在旁边 她跟你说")
    talk.hear(close.yes, "affirm", "对 让她说")
    assert len(talk.book["contact"]["consents"]) == 1


def test_a_bereavement_is_answered_before_any_figure(talk: Talk) -> None:
    outcome = talk.hear(open.verification, "provide_verification", "4410 90年2月8号 我老伴走了", risk=("bereavement",),
                        entities=(Entity("id_tail", "4410"), Entity("birth_date", "1990-02-08")))
    assert not any("amount" in say.facts for say in outcome.says)


@pytest.mark.parametrize(("words", "left_alone"), [("不方便说", False), ("家里的事不想往外说", False), ("没什么好说的 别问了", True), ("跟你没啥好谈的", True)])
def test_a_question_declined_is_passed_over_and_a_talk_declined_ends(talk: Talk, words: str, left_alone: bool) -> None:
    talk.verify()
    outcome = talk.hear(understand.not_telling, "refuse_to_talk", words)
    assert (outcome.memory.question is None) == left_alone
    assert bool(talk.book["contact"]["paused_until"]) == left_alone
    assert bool(talk.book["notices"]) == left_alone
