"""Members who come back after what was agreed did not come, came late by their own word, or came in full."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from talking import ACCOUNT, Talk, inform, open, said, solve, understand

from zhuhuan.guide.remember import keep, recall
from zhuhuan.guide.turn import Entity, Memory, Outcome
from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import engine_of
from zhuhuan.money import yuan

BROKEN_PLAN = {"kind": "instalments", "status": "broken",
               "schedule": [{"due": "2026-10-20", "amount": "1200.00"}, {"due": "2026-11-20", "amount": "1200.00"}, {"due": "2026-12-21", "amount": "1200.00"}]}  # fmt: skip
BROKEN_PROMISE = {"amount": "3600.00", "due": "2026-11-16", "status": "broken"}
BLAME = ("违约", "失信", "不守", "说话不算", "必须", "否则", "起诉")


def talk_with(folder: Path, **more: Any) -> Talk:
    return Talk(folder, {**ACCOUNT, **more})


def day(value: str, text: str = "12月10号") -> Entity:
    return Entity("date", value, 0, len(text))


def figures(outcome: Outcome, *leave: str) -> list[str]:
    """Facts that are figures, in what was said before the question."""
    return [value for say in outcome.says if say.response not in leave for key, value in say.facts.items() if key in ("amount", "schedule", "balance", "total")]


def days_later(talk: Talk, days: int) -> None:
    """As after a long silence: verified no more, the rest remembered (actions/turns.py)."""
    talk.now += timedelta(days=days)
    kept = recall(keep(talk.memory))
    talk.memory = kept.with_(verified=False, question=None, acknowledged=(), last_says=())


@pytest.mark.parametrize(("account", "words"), [
    ({"arrangements": [BROKEN_PLAN]}, "1200.00元"), ({"promises": [BROKEN_PROMISE]}, "3600.00元"),
])  # fmt: skip
def test_a_broken_agreement_is_met_with_what_had_been_agreed_and_one_open_question(tmp_path: Path, account: dict[str, Any], words: str) -> None:
    talk = talk_with(tmp_path, **account)
    outcome = talk.verify()
    assert said(outcome) == ["utter_verified", "utter_broken", "utter_ask_reason"]
    assert outcome.memory.question == "reason"
    [told] = [say for say in outcome.says if say.response == "utter_broken"]
    assert words in told.facts["schedule"] and told.facts["product"] == "个人消费贷款"
    assert figures(outcome, "utter_broken") == []  # what is owed waits until the member was heard


def test_it_is_said_once_and_the_ordinary_flow_goes_on(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN])
    talk.verify()
    heard = talk.hear(understand.reason, "state_reason", "厂里停工了", reason="unemployment")
    assert "utter_broken" not in said(heard) and "utter_facts_long" in said(heard)
    assert heard.memory.question in ("means", "accept_plan")  # means are asked for where they change the offer
    offered = talk.hear(understand.means, "state_means", "每月最多拿得出六百", entities=(Entity("amount", "600.00", 4, 9, "at_most", "month"),))
    assert offered.memory.question == "accept_plan"
    broken = [part["amount"] for part in BROKEN_PLAN["schedule"]]  # type: ignore[index]
    for offer in offered.memory.offers:
        assert [str(part.amount) for part in offer.schedule] != broken
        assert all(part.amount <= yuan("600") for part in offer.schedule)
    talk.hear(solve.accept, "accept_plan", "行 第一个")
    assert talk.book["arrangements"][0]["status"] == "broken"
    assert sum(a["status"] in ("active", "awaiting_approval") for a in talk.book["arrangements"]) == 1


def test_the_broken_schedule_counts_as_refused(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN])
    talk.verify()
    [refused] = talk.memory.turned_down
    assert [(str(p.due), str(p.amount)) for p in refused.schedule] == [(p["due"], p["amount"]) for p in BROKEN_PLAN["schedule"]]  # type: ignore[index]
    assert recall(keep(talk.memory)) == talk.memory


@pytest.mark.parametrize("reason", ["other", "away", "income_drop", None])
def test_the_broken_plan_is_not_offered_again_on_other_days(tmp_path: Path, reason: str | None) -> None:
    account = {"overdue_amount": "3600.00", "instalment_amount": "3600.00", "due_date": "2026-11-04", "days_overdue": 20}
    plan = {**BROKEN_PLAN, "schedule": [{**part, "due": due} for part, due in zip(BROKEN_PLAN["schedule"], ("2026-11-20", "2026-12-21", "2027-01-20"), strict=True)]}  # type: ignore[arg-type]
    first = talk_with(tmp_path / "new", **account)
    asked_again = talk_with(tmp_path / "broken", **account, arrangements=[plan])
    tables = []
    for talk in (first, asked_again):
        talk.verify()
        talk.hear(understand.reason if reason else understand.not_telling, "state_reason", "遇上点事", reason=reason)
        if talk.memory.question != "accept_plan":
            talk.hear(understand.not_telling, "deny", "不好说")
        tables.append([[str(part.amount) for part in offer.schedule] for offer in talk.memory.offers])
    same = ["1200.00"] * 3
    assert reason in ("away", "income_drop") or same in tables[0]  # what it would be without the broken one
    assert tables[1] and same not in tables[1]


def test_no_figure_comes_before_a_grief_is_answered(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN])
    identity = (Entity("id_tail", "4410"), Entity("birth_date", "1990-02-08"))
    outcome = talk.hear(open.verification, "provide_verification", "4410 90年2月8号 我老伴走了", emotion="sad", risk=("bereavement",), entities=identity)
    assert "utter_broken_gently" in said(outcome) and "utter_broken" not in said(outcome)
    assert outcome.says[1].response.startswith("utter_ack_bereavement")
    assert not any("元" in value for say in outcome.says for value in say.facts.values())
    assert "utter_facts_long" not in said(outcome)


def test_a_reason_told_before_verification_is_not_asked_again(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN])
    talk.hear(open.hold, "state_reason", "孩子住院了 上回没赶上", reason="family_emergency")
    outcome = talk.verify()
    assert "utter_broken" in said(outcome) and "utter_ask_reason" not in said(outcome)
    assert outcome.memory.question in ("means", "accept_plan")


def test_a_question_before_verification_is_answered_before_it_is_spoken_of(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN])
    talk.hear(open.hold, "ask_charges", "罚息怎么算的")
    names = said(talk.verify())
    assert [name for name in names if name.startswith("utter_charges")]
    assert names.index("utter_broken") > names.index("utter_facts_long")
    assert talk.memory.question == "reason"


@pytest.mark.parametrize("account", [
    {"promises": [{**BROKEN_PROMISE, "due": "2026-08-10"}]},  # other arrears, long since paid
    {"promises": [BROKEN_PROMISE, {"amount": "1200.00", "due": "2026-11-20", "status": "kept"}]},  # the last one was kept
    {"arrangements": [{**BROKEN_PLAN, "status": "superseded"}]},
    {"arrangements": [{**BROKEN_PLAN, "status": "cancelled"}]},
])  # fmt: skip
def test_what_is_another_matter_by_now_is_not_raked_up(tmp_path: Path, account: dict[str, Any]) -> None:
    outcome = talk_with(tmp_path, **account).verify()
    assert not [name for name in said(outcome) if name.startswith("utter_broken")]
    assert "utter_facts_long" in said(outcome) and outcome.memory.question == "reason"


def test_a_new_agreement_after_a_broken_one_is_what_is_told(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN], promises=[{"amount": "1200.00", "due": "2026-12-10", "status": "open"}])
    assert said(talk.verify()) == ["utter_verified", "utter_standing"]


def test_nothing_is_said_of_it_before_verification(tmp_path: Path) -> None:
    talk = talk_with(tmp_path, arrangements=[BROKEN_PLAN])
    for decide, intent in ((open.greet, "greet"), (open.hold, "state_reason"), (open.say_purpose, "ask_purpose")):
        assert not [name for name in said(talk.hear(decide, intent)) if name.startswith("utter_broken")]


def test_each_of_several_loans_has_its_own(tmp_path: Path) -> None:
    loans = [{"product": "农户种植贷款", "overdue_amount": "5000.00", "days_overdue": 40, "instalment_amount": "5000.00", "due_date": "2026-10-15"},
             {"product": "个人消费贷款", "overdue_amount": "900.00", "days_overdue": 5, "instalment_amount": "900.00", "due_date": "2026-11-19"}]
    promise = {"loan": "农户种植贷款", "amount": "5000.00", "due": "2026-11-10", "status": "broken"}
    talk = Talk(tmp_path, {**{k: ACCOUNT[k] for k in ("name", "id_tail", "birth_date")}, "loans": loans, "promises": [promise]})
    assert said(talk.verify())[-1] == "utter_ask_which_loan"
    other = talk.hear(understand.which_loan, "affirm", "消费的那笔", entities=(Entity("loan", "消费的那笔", 0, 5),))
    assert "utter_broken" not in said(other)


# --- found broken or kept at the moment of coming back --------------------------------------------------------------------


def promised(talk: Talk, due: str = "2026-12-10") -> None:
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "12月10号一次还清", entities=(day(due),))
    assert [p["status"] for p in talk.book["promises"]] == ["open"]


def test_a_promise_that_lapsed_since_is_broken_in_the_book_and_asked_about_afresh(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    talk.verify()
    talk.hear(understand.reason, "state_reason", "工资拖了", reason="income_drop")
    talk.hear(solve.wish, "promise_to_pay", "12月10号一次还清", entities=(day("2026-12-10"),))
    days_later(talk, 20)
    outcome = talk.verify()
    assert said(outcome) == ["utter_verified", "utter_broken", "utter_ask_reason"]
    assert [p["status"] for p in talk.book["promises"]] == ["broken"]
    assert (outcome.memory.agreed, outcome.memory.said.until, outcome.memory.steps) == (False, None, ())
    heard = talk.hear(understand.reason, "state_reason", "婆婆住院了", reason="family_emergency")
    assert heard.memory.said.reason == "family_emergency" and heard.memory.question in ("means", "accept_plan")


def test_one_day_late_what_stands_is_told_and_nothing_is_broken(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    days_later(talk, 17)  # the 11th
    assert "utter_standing" in said(talk.verify())
    assert [p["status"] for p in talk.book["promises"]] == ["open"]


def test_what_came_in_full_is_thanked_for(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    with LoanBook(talk.url) as book:
        loan = book.file_of(talk.member, talk.now.date()).loans[0]
        book.receive_payment(loan.loan_id, yuan("3600"), talk.now.date() + timedelta(days=9))
    days_later(talk, 20)
    outcome = talk.verify()
    assert "utter_broken" not in said(outcome)
    talk.memory = Memory()
    assert not [name for name in said(talk.verify()) if name.startswith(("utter_broken", "utter_standing"))]


def test_a_part_paid_in_full_by_its_day_is_kept_and_the_rest_is_talked_about(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    talk.verify()
    talk.hear(solve.wish, "offer_partial", "先还五百", entities=(Entity("amount", "500.00", 2, 4, "exact"),))
    with LoanBook(talk.url) as book:
        loan = book.file_of(talk.member, talk.now.date()).loans[0]
        from zhuhuan.loans.values import AddPromise

        book.write(talk.member, AddPromise(loan.loan_id, yuan("500"), talk.now.date() + timedelta(days=6)), talk.now)
        book.receive_payment(loan.loan_id, yuan("500"), talk.now.date() + timedelta(days=1))
    talk.memory = Memory()
    talk.now += timedelta(days=2)
    outcome = talk.verify()
    assert "utter_kept" in said(outcome) and outcome.memory.question == "reason"
    assert [p["status"] for p in talk.book["promises"]] == ["kept"]


# --- late by the member's own word ----------------------------------------------------------------------------------------


def noted(talk: Talk) -> list[tuple[int, str, str]]:
    with engine_of(talk.url).connect() as connection:
        return [(n, str(day), reason) for n, day, reason in connection.execute(select(t.Lateness.number, t.Lateness.day, t.Lateness.reason))]


@pytest.mark.parametrize(("after", "words", "intent", "entities"), [
    (16, "明天才能到账", "state_reason", (day("2026-12-11", "明天"),)),
    (16, "12号一定还上", "promise_to_pay", (day("2026-12-12", "12号"),)),
    (15, "工资晚两天发 12号才有", "state_reason", (day("2026-12-12", "12号"),)),
    (16, "宽限三天行吗", "request_deferral", (Entity("duration", "3", 2, 4, unit="day"),)),
    (17, "今天下午就转过去 昨天没赶上", "promise_to_pay", (day("2026-12-11", "今天"),)),
])  # fmt: skip
def test_lateness_announced_is_thanked_for_and_written_down(tmp_path: Path, after: int, words: str, intent: str, entities: tuple[Entity, ...]) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    days_later(talk, after)
    talk.verify()
    decide = {"state_reason": understand.reason}.get(intent, solve.wish)
    outcome = talk.hear(decide, intent, words, entities=entities)
    assert said(outcome) == ["utter_late_noted"] and outcome.memory.question is None
    assert [(p["due"], p["status"]) for p in talk.book["promises"]] == [("2026-12-10", "open")]  # the promise itself stands as it was
    [(number, until, reason)] = noted(talk)
    assert (number, reason) == (1, words) and "2026-12-11" <= until <= "2026-12-13"
    assert outcome.says[0].facts["amount"] == "3600.00元"


def test_the_announced_day_holds_and_only_then_is_it_broken(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    days_later(talk, 16)
    talk.verify()
    talk.hear(solve.wish, "promise_to_pay", "工资14号才发 14号还", entities=(day("2026-12-14", "14号"),))
    days_later(talk, 4)
    assert "utter_standing" in said(talk.verify())
    days_later(talk, 1)
    assert "utter_broken" in said(talk.verify())


def test_lateness_told_before_verification_is_taken_up_after_it(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    days_later(talk, 16)
    talk.hear(open.hold, "promise_to_pay", "那个钱明天才能到账", entities=(day("2026-12-11", "明天"),))
    assert "utter_late_noted" in said(talk.verify())
    assert [p["due"] for p in talk.book["promises"]] == ["2026-12-10"]
    assert [until for _, until, _ in noted(talk)] == ["2026-12-11"]


@pytest.mark.parametrize(("after", "words", "entities"), [
    (2, "不对 18号还", (day("2026-12-18", "18号"),)),  # long before the day: another day is agreed, not lateness
    (16, "先还五百 明天", (Entity("amount", "500.00", 2, 4, "exact"), day("2026-12-11", "明天"))),  # another sum
    (16, "过完年再还", (day("2027-02-18", "过完年"),)),  # beyond what counts as late
    (19, "14号还", (day("2026-12-14", "14号"),)),  # broken already
])  # fmt: skip
def test_another_plan_is_no_lateness(tmp_path: Path, after: int, words: str, entities: tuple[Entity, ...]) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    days_later(talk, after)
    talk.verify()
    outcome = talk.hear(solve.wish, "promise_to_pay", words, entities=entities)
    assert "utter_late_noted" not in said(outcome) and noted(talk) == []


def test_a_question_about_what_stands_is_not_taken_for_lateness(tmp_path: Path) -> None:
    talk = talk_with(tmp_path)
    promised(talk)
    days_later(talk, 16)
    talk.verify()
    assert "utter_late_noted" not in said(talk.hear(inform.how_to_pay, "ask_how_to_pay", "怎么还"))
    assert noted(talk) == []


def test_no_word_of_ours_blames_or_threatens() -> None:
    import yaml

    texts = yaml.safe_load((Path(__file__).parents[2] / "data/responses/agreed.yml").read_text(encoding="utf-8"))["responses"]
    for name, variants in texts.items():
        for variant in variants:
            assert not [word for word in BLAME if word in variant["text"]], (name, variant["text"])
