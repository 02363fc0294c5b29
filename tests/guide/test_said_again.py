"""What is said a second time, told indirectly or asked in passing, taken from conversations that went wrong."""

from pathlib import Path

import pytest
from talking import Talk, close, dispute, open, refused, said, solve, understand

from zhuhuan.guide.turn import Desk, Entity, Outcome, Turn


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path)


def day(value: str | None) -> Entity:
    return Entity("date", value, 0, 2)


def test_the_same_promise_again_replaces_nothing(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "10号还清", entities=(day("2026-12-10"),))
    outcome = talk.hear(solve.wish, "promise_to_pay", "10号一定还", entities=(day("2026-12-10"),))
    assert said(outcome)[-1].startswith("utter_same_again")
    assert [a["status"] for a in talk.book["arrangements"] + talk.book["promises"]] != []
    assert not any(a["status"] == "superseded" for a in talk.book["arrangements"] + talk.book["promises"])


def test_put_off_until_the_daughter_is_home_for_the_new_year_is_a_day_after_the_holiday(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "request_deferral", "容我缓缓", entities=())
    assert talk.memory.question == "date"
    outcome = talk.hear(solve.wish, "request_deferral", "等闺女过年回来帮我弄", entities=(day(None),))
    days = {part.due.isoformat() for offer in outcome.memory.offers for part in offer.schedule}
    assert days == {"2027-02-15"} or [case["kind"] for case in talk.book["cases"]] == ["hand_over"], said(outcome)


def test_pigs_sold_before_the_new_year_date_the_part_that_comes_from_them(talk: Talk) -> None:
    talk.verify()
    talk.hear(understand.means, "state_means", "剩下的过年前能卖一万多", entities=(Entity("amount", "10000.00", 7, 10, "approx"),))
    talk.hear(solve.wish, "offer_partial", "卖了猪先给你们两千 剩下的分两次给", entities=(Entity("amount", "2000.00", 6, 8, "exact"),))
    first = talk.memory.said.parts[0]
    assert first.due is not None and first.due.isoformat() == "2027-02-04"  # the last workday before New Year's Eve


def test_a_frozen_card_is_asked_for_a_day_and_not_for_what_is_left_to_live_on(talk: Talk) -> None:
    talk.verify()
    outcome = talk.hear(understand.reason, "state_reason", "卡被冻结了 没扣成", reason="payment_failure")
    assert outcome.memory.question == "date"


def test_the_result_of_a_check_is_promised_by_the_day_told_before(talk: Talk) -> None:
    talk.verify()
    first = talk.hear(dispute.claim_paid, "claim_paid", "我前天还过了")
    outcome = talk.hear(close.clarify, "nlu_fallback", "行 查好给我发个消息")
    assert said(outcome) == ["utter_claim_result_told"]
    assert outcome.says[0].facts["by"] == first.says[-1].facts["by"]


def test_whoever_answers_for_someone_else_is_told_who_is_speaking(talk: Talk) -> None:
    outcome = talk.hear(open.third_party, "third_party", "这是我儿子的手机 你哪位")
    assert said(outcome) == ["utter_who_to_others", "utter_third_party"]


def test_two_sums_without_a_day_are_asked_about_together(talk: Talk) -> None:
    talk.verify()
    outcome = talk.hear(solve.wish, "offer_partial", "先还1600 剩两千等运费", entities=(Entity("amount", "1600.00", 2, 6, "exact"), Entity("amount", "2000.00", 8, 10, "exact")))
    assert outcome.says[-1].response == "utter_ask_dates"
    assert outcome.says[-1].facts["sums"] == "1600.00元、2000.00元"


def test_what_was_transferred_after_an_agreement_is_the_part_that_was_due(talk: Talk) -> None:
    talk.verify()
    both = (Entity("amount", "1600.00", 0, 4, "exact"), Entity("date", "2026-11-24", 4, 6), Entity("amount", "2000.00", 7, 9, "exact"), Entity("date", "2026-12-04", 9, 11))
    talk.hear(solve.wish, "offer_partial", "1600今天 两千4号", entities=both)
    outcome = talk.hear(dispute.claim_paid, "claim_paid", "手机上转了 有回单吗")
    assert said(outcome) == ["utter_claim_part", "utter_receipt"]
    assert outcome.says[0].facts["claimed"] == "1600.00元"


def test_why_the_answer_came_late_is_not_why_the_payment_did(talk: Talk) -> None:
    outcome = talk.hear(open.verification, "provide_verification", "前天忙忘了 4410 90年2月8", reason="forgot",
                        entities=(Entity("id_tail", "4410"), Entity("birth_date", "1990-02-08")))
    assert outcome.memory.question == "reason"


def test_a_long_unclear_answer_to_the_open_question_is_heard(talk: Talk) -> None:
    talk.verify()
    outcome = talk.hear(close.clarify, "nlu_fallback", "这些都是他经手 我都不知道每年几月还")
    assert outcome.memory.question == "means"
    assert "utter_unclear" not in said(outcome)


def test_wages_that_the_boss_promises_are_no_promise_of_the_member(talk: Talk) -> None:
    talk.verify()
    talk.hear(understand.reason, "state_reason", "厂里压了工资 老板讲腊月二十给结清", reason="income_drop", entities=(day("2027-01-27"),))
    assert not talk.book["arrangements"] and not talk.book["promises"]


@pytest.mark.parametrize(("words", "goes_on"), [("别老发短信 看着难受", True), ("别往我单位打", True), ("退订", False), ("微信上也别找我了 别再聊天", False)])
def test_a_stop_of_another_way_than_this_one_keeps_the_question_open(talk: Talk, words: str, goes_on: bool) -> None:
    talk.verify()
    pending = talk.memory.question
    outcome = talk.hear(refused.stop_contact, "stop_contact", words)
    assert (outcome.memory.question == pending) == goes_on
    assert talk.book["contact"]["stopped"]


TWO = {"name": "罗桂香", "id_tail": "4410", "birth_date": "1990-02-08", "loans": [
    {"product": "农户种植贷款", "overdue_amount": "4200.00", "days_overdue": 41, "instalment_amount": "2100.00", "due_date": "2026-10-14"},
    {"product": "个人消费贷款", "overdue_amount": "900.00", "days_overdue": 9, "instalment_amount": "900.00", "due_date": "2026-11-15"}]}


@pytest.mark.parametrize("words", ["种地的那个 今年涝了", "地里那笔", "农户种植", "第一笔", "4200的"])
def test_a_loan_is_known_by_what_it_was_taken_for(tmp_path: Path, words: str) -> None:
    talk = Talk(tmp_path, TWO)
    talk.verify()
    outcome = talk.hear(understand.which_loan, "affirm", words)
    assert outcome.memory.loan_id and "个人消费贷款" not in str(outcome.says)


def test_which_loan_is_not_asked_a_third_time(tmp_path: Path) -> None:
    talk = Talk(tmp_path, TWO)
    talk.verify()
    talk.hear(understand.which_loan, "affirm", "随你")
    outcome = talk.hear(understand.which_loan, "affirm", "你看着办")
    assert outcome.memory.loan_id and outcome.memory.question != "which_loan"
    assert "农户种植贷款" in str(outcome.says)


def test_the_other_loan_is_turned_to_and_its_own_figures_told(tmp_path: Path) -> None:
    talk = Talk(tmp_path, TWO)
    talk.verify()
    first = talk.hear(understand.which_loan, "affirm", "第一笔").memory.loan_id
    outcome = talk.hear(close.yes, "affirm", "那另外那笔呢")
    assert outcome.memory.loan_id != first
    assert "900.00元" in str(outcome.says) and "4200" not in str(outcome.says)


def test_the_helper_beside_is_consented_to_by_the_member(talk: Talk) -> None:
    talk.hear(open.third_party, "third_party", "我是她闺女 在旁边帮我妈打字")
    asked = talk.verify()
    assert said(asked)[-1] == "utter_ask_consent" and asked.memory.question == "confirm"
    talk.hear(close.yes, "affirm", "对 让她帮我打")
    assert talk.book["contact"]["consents"]


def test_money_that_comes_on_a_day_is_asked_about_before_it_is_a_promise(talk: Talk) -> None:
    talk.verify()
    talk.memory = talk.memory.with_(question="reason")
    heard = replace_confidence(talk, "补偿金下月18号到", 0.56)
    assert not talk.book["promises"] and not talk.book["arrangements"]
    assert heard.memory.question == "accept_plan"


def replace_confidence(talk: Talk, text: str, confidence: float) -> Outcome:
    """A turn whose intent is not sure."""
    from dataclasses import replace

    def unsure(turn: Turn, desk: Desk) -> Outcome:
        return solve.wish(replace(turn, understood=replace(turn.understood, confidence=confidence)), desk)

    return talk.hear(unsure, "promise_to_pay", text, entities=(Entity("date", "2026-12-18", 3, 8),))


def test_a_day_put_right_after_the_yes_is_of_the_month_that_stands(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "12月18号还清", entities=(Entity("date", "2026-12-18", 0, 6),))
    talk.hear(close.no, "deny", "不对 是28号", entities=(Entity("date", "2026-11-28", 4, 7),))
    standing = [p["due"] for p in talk.book["promises"] if p["status"] == "open"] + [a["schedule"][0]["due"] for a in talk.book["arrangements"] if a["status"] in ("active", "awaiting_approval")]
    assert standing == ["2026-12-28"]


def test_other_terms_named_before_the_identity_was_checked_again_are_taken_up(talk: Talk) -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "12月18号还清", entities=(Entity("date", "2026-12-18", 0, 6),))
    talk.memory = talk.memory.with_(verified=False, question=None)
    talk.hear(open.hold, "promise_to_pay", "钱提前到了 12月4号就还", entities=(Entity("date", "2026-12-04", 6, 11),))
    outcome = talk.verify()
    assert "12月4日" in str(outcome.says)


def test_a_day_put_right_while_the_plan_lies_on_the_table_keeps_its_month_and_a_plain_yes_is_one(talk: Talk) -> None:
    talk.verify()
    replace_confidence(talk, "补偿金下月18号到", 0.56)
    outcome = talk.hear(close.no, "deny", "不对 是28号到", entities=(Entity("date", "2026-11-28", 4, 7),))
    assert "12月28日" in str(outcome.says)
    if outcome.memory.question == "accept_plan":
        talk.hear(solve.hedged, "affirm", "对")
    standing = [p["due"] for p in talk.book["promises"]] + [a["schedule"][0]["due"] for a in talk.book["arrangements"]]
    assert standing == ["2026-12-28"]


def test_whatever_is_still_no_consent(talk: Talk) -> None:
    talk.verify()
    replace_confidence(talk, "补偿金下月18号到", 0.56)
    talk.hear(solve.hedged, "affirm", "随便吧")
    assert not talk.book["promises"] and not talk.book["arrangements"]
