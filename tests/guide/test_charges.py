from __future__ import annotations

from pathlib import Path
from typing import Any

from talking import ACCOUNT, Talk, inform, said, solve

TERMS = {"principal": "12000", "annual_rate": "0.072", "method": "equal_principal", "disbursed": "2026-01-10", "periods": 12}
PAID = [{"day": f"2026-{month:02d}-10", "amount": amount} for month, amount in zip(range(2, 11), ("1072", "1066", "1060", "1054", "1048", "1042", "1036", "1030", "1024"), strict=True)]


def talk(folder: Path, channel: Any = "chat", **terms: object) -> Talk:
    about = {key: ACCOUNT[key] for key in ("name", "id_tail", "birth_date", "product")}
    one = Talk(folder, {**about, "contract": {**TERMS, **terms}, "payments": PAID}, channel=channel)
    one.verify()
    return one


def test_how_the_penalty_comes_about_is_told_by_the_members_own_sum_and_the_working_on_request(tmp_path: Path) -> None:
    # one instalment, due on 10 November 2026: 1000.00 * 14 days * 10.8 % / 360 = 4.20
    member = talk(tmp_path)
    first = member.hear(inform.charges, "ask_charges", "罚息怎么算的")
    own = next(say for say in first.says if say.response == "utter_charges_own")
    assert own.facts["own"] == "逾期的本金1000.00元算了14天，年利率是合同的7.2%加五成、就是10.8%，到今天罚息4.20元"
    assert own.facts["amount"] == "1022.20元"  # 1000.00 + interest 18.00 + 4.20
    again = member.hear(inform.charges, "ask_charges", "算式")
    working = next(say for say in again.says if say.response == "utter_charges_working")
    assert working.facts["working"] == "第10期罚息：1000.00元×14天×10.8%÷360=4.20元"


def test_the_working_is_told_whatever_the_word_was_taken_for(tmp_path: Path) -> None:
    member = talk(tmp_path)
    told = member.hear(inform.charges, "ask_charges", "罚息怎么算的")
    member.memory = member.memory.with_(last_says=tuple((say.response, ()) for say in told.says))
    assert "utter_charges_working" in said(member.hear(inform.how_to_pay, "ask_how_to_pay", "算式发我看看"))


def test_an_sms_holds_the_sum_itself(tmp_path: Path) -> None:
    told = talk(tmp_path, channel="sms").hear(inform.charges, "ask_charges", "罚息咋算")
    own = next(say for say in told.says if say.response == "utter_charges_own")
    assert own.facts["own"] == "本金1000.00元×14天×10.8%÷360=罚息4.20元"


def test_without_a_penalty_yet_or_ever_that_is_said(tmp_path: Path) -> None:
    graced = talk(tmp_path, grace_days=15).hear(inform.charges, "ask_charges", "罚息怎么算的")
    assert next(s for s in graced.says if s.response == "utter_charges_none_yet").facts["penalty_rate"] == "10.8%"
    (tmp_path / "other").mkdir()
    none = talk(tmp_path / "other", penalty_uplift=None).hear(inform.charges, "ask_charges", "罚息怎么算的")
    assert "utter_charges_no_penalty" in said(none)


def test_who_decides_on_a_waiver_reads_what_policy_allows_and_the_member_is_told_none_of_it(tmp_path: Path) -> None:
    member = talk(tmp_path)
    told = member.hear(solve.waiver, "request_waiver", "罚息能给免了不")
    [case] = [c for c in member.book["cases"] if c["kind"] == "waiver"]
    assert "罚息4.20元，政策内主管最多可减" in case["about"]
    assert not any("最多可减" in value for say in told.says for value in say.facts.values())
