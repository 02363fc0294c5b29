from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.delinquency import classify, days_delinquent
from zhuhuan.loans.errors import BadAccount, BadRecord, UnknownRecord
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import due_dates, schedule
from zhuhuan.loans.owing.position import posted, replay
from zhuhuan.loans.owing.values import Contract, Entry, EntryKind
from zhuhuan.money import ZERO, yuan

CONTRACT = Contract(yuan("12000"), Decimal("0.072"), "equal_principal", date(2026, 1, 10), 12, penalty_uplift=Decimal("0.5"), compound=True)
SCHEDULE = schedule(CONTRACT)
FEB = date(2026, 2, 10)


def paid(number: int, day: date, amount: str, kind: EntryKind = "payment", of: int | None = None) -> Entry:
    return Entry(number, day, kind, yuan(amount), of)


def owed(day: date, *entries: Entry, contract: Contract = CONTRACT) -> tuple[Decimal, Decimal, Decimal, Decimal, int]:
    found = statement(contract, SCHEDULE, entries, day)
    return found.principal, found.interest, found.penalty, found.compound, found.days_past_due


def test_nothing_is_overdue_on_the_due_day_itself_and_a_day_later_all_of_it_is() -> None:
    assert owed(FEB) == (ZERO, ZERO, ZERO, ZERO, 0)
    # 1000.00 * 1 day * 10.8 % / 360 = 0.30; 72.00 * 10.8 % / 360 = 0.0216
    assert owed(FEB + timedelta(days=1)) == (yuan("1000"), yuan("72"), yuan("0.30"), yuan("0.02"), 1)


def test_penalty_is_the_contract_rate_and_half_on_overdue_principal_by_days_and_compound_the_same_on_unpaid_interest() -> None:
    day = date(2026, 3, 2)
    found = statement(CONTRACT, SCHEDULE, (), day)
    assert [(line.component, line.number, line.outstanding) for line in found.lines] == [
        ("principal", 1, yuan("1000")), ("interest", 1, yuan("72")), ("penalty", 1, yuan("6.00")), ("compound", 1, yuan("0.43")),
    ]  # 20 days: 1000 * 20 * 0.108 / 360 = 6.00; 72 * 20 * 0.108 / 360 = 0.432  # fmt: skip
    penalty = found.lines[2]
    assert penalty.rate == Decimal("0.108") and [(s.base, s.days) for s in penalty.spans] == [(yuan("1000"), 20)]


def test_a_part_paid_lowers_the_base_from_that_day_on_and_goes_to_charges_and_interest_before_principal() -> None:
    part = paid(1, FEB + timedelta(days=10), "500")
    told = posted(CONTRACT, SCHEDULE, [part], FEB + timedelta(days=20))[0]
    # after 10 days: penalty 3.00, compound 0.22 (0.216), interest 72.00; the rest, 424.78, is principal
    assert {s.component: s.amount for s in told.shares} == {"interest": yuan("72"), "penalty": yuan("3.00"), "compound": yuan("0.22"), "principal": yuan("424.78")}
    found = statement(CONTRACT, SCHEDULE, [part], FEB + timedelta(days=20))
    assert found.principal == yuan("575.22")
    # (1000 * 10 + 575.22 * 10) * 0.108 / 360 = 4.72566, of which 3.00 is paid
    assert found.penalty == yuan("1.73")


def test_interest_within_a_contract_may_be_paid_instalment_by_instalment() -> None:
    across = replace(CONTRACT, across="instalment", order=("fee", "penalty", "compound", "interest", "principal"))
    shares = posted(across, SCHEDULE, [paid(1, date(2026, 3, 20), "1100")], date(2026, 3, 20))[0].shares
    assert [(s.component, s.number) for s in shares] == [("penalty", 1), ("compound", 1), ("interest", 1), ("principal", 1), ("penalty", 2), ("compound", 2), ("interest", 2)]
    by_component = posted(CONTRACT, SCHEDULE, [paid(1, date(2026, 3, 20), "1100")], date(2026, 3, 20))[0].shares
    assert [(s.component, s.number) for s in by_component][:2] == [("interest", 1), ("interest", 2)]


def test_what_is_paid_early_goes_to_the_next_instalments_and_what_is_beyond_all_stands_as_a_credit() -> None:
    early = paid(1, date(2026, 1, 20), "1072")
    found = statement(CONTRACT, SCHEDULE, [early], FEB + timedelta(days=5))
    assert (found.overdue, found.days_past_due, found.next_due) == (ZERO, 0, date(2026, 3, 10))
    total = sum((s.amount for s in SCHEDULE), ZERO)
    over = posted(CONTRACT, SCHEDULE, [paid(1, date(2026, 1, 20), str(total + 5))], FEB)[0]
    assert (over.credit, over.balance) == (yuan("5"), ZERO)


def test_a_bounced_payment_never_counted_and_its_days_are_charged() -> None:
    entries = [paid(1, FEB, "1072"), Entry(2, FEB + timedelta(days=3), "reversal", yuan("1072"), of=1)]
    assert owed(FEB + timedelta(days=2), *entries)[-1] == 0
    assert owed(FEB + timedelta(days=5), *entries) == owed(FEB + timedelta(days=5))
    assert [p.shares for p in posted(CONTRACT, SCHEDULE, entries, FEB + timedelta(days=5))] == [(), ()]


def test_a_waiver_takes_of_the_penalty_alone_and_a_fee_is_owed_beside() -> None:
    day = date(2026, 3, 2)
    waived = Entry(1, day, "waiver", yuan("4"), component="penalty")
    assert owed(day, waived)[2] == yuan("2.00")
    fee = Entry(2, day, "fee", yuan("50"))
    found = statement(CONTRACT, SCHEDULE, [waived, fee], day)
    assert (found.fees, found.overdue) == (yuan("50"), yuan("1000") + 72 + 2 + yuan("0.43") + 50)


def test_within_the_days_of_grace_nothing_is_charged_and_after_them_all_days_are() -> None:
    graced = replace(CONTRACT, grace_days=3)
    assert owed(FEB + timedelta(days=3), contract=graced)[2] == ZERO
    assert owed(FEB + timedelta(days=4), contract=graced)[2] == yuan("1.20")
    assert owed(date(2026, 3, 1), paid(1, FEB + timedelta(days=3), "1072"), contract=graced) == (ZERO, ZERO, ZERO, ZERO, 0)


def test_a_contract_without_penalty_charges_none() -> None:
    assert owed(date(2026, 3, 2), contract=replace(CONTRACT, penalty_uplift=None, compound=False))[2:] == (ZERO, ZERO, 20)


def test_settling_all_costs_what_is_overdue_the_principal_to_come_and_interest_to_that_day() -> None:
    day = date(2026, 2, 24)  # half of the 28 days from 10 February to 10 March
    found = statement(CONTRACT, SCHEDULE, [paid(1, FEB, "1072")], day)
    assert found.running_interest == yuan("33.00") and found.payoff == yuan("11033.00")
    assert found.balance == yuan("11000") + sum((s.interest for s in SCHEDULE[1:]), ZERO)


def test_days_past_due_fall_by_payment_alone() -> None:
    days = [owed(date(2026, 4, 20), paid(1, date(2026, 4, 20), amount))[-1] for amount in ("50", "1100", "2200")]
    assert days == [69, 69, 41]


@pytest.mark.parametrize(
    ("pauses", "days"),
    [
        ((), 37), (((date(2026, 10, 20), date(2026, 10, 29)),), 27), (((date(2026, 10, 1), date(2026, 10, 20)),), 35),
        (((date(2026, 10, 20), date(2026, 10, 29)), (date(2026, 10, 25), date(2026, 11, 3))), 22), (((date(2026, 11, 20), date(2027, 1, 1)),), 32),
    ],
)  # fmt: skip
def test_delinquency_begins_after_the_days_of_grace_and_rests_in_a_pause_also_from_a_past_day(pauses: tuple[tuple[date, date], ...], days: int) -> None:
    assert days_delinquent(date(2026, 10, 15), date(2026, 11, 24), grace_days=3, pauses=pauses) == days


def test_classes_are_a_table() -> None:
    assert [classify(d, "five_classes").words for d in (0, 1, 90, 91, 270, 271, 360, 361)] == ["正常", "关注", "关注", "次级", "次级", "可疑", "可疑", "损失"]
    with pytest.raises(KeyError):
        classify(1, "nix")


def test_methods_and_their_dates() -> None:
    lent = Contract(yuan("10000"), Decimal("0.06"), "interest_first", date(2026, 1, 31), 4, period_months=3, accrual="actual/360")
    assert due_dates(lent) == (date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31), date(2027, 1, 31))
    assert [(str(s.principal), str(s.interest)) for s in schedule(lent)] == [("0.00", "148.33"), ("0.00", "153.33"), ("0.00", "153.33"), ("10000.00", "153.33")]
    bullet = Contract(yuan("10000"), Decimal("0.06"), "bullet", date(2026, 1, 31), 12)
    assert [(s.due, str(s.amount)) for s in schedule(bullet)] == [(date(2027, 1, 31), "10600.00")]
    with pytest.raises(ValueError, match="不晚于放款日"):
        schedule(replace(bullet, first_due=date(2026, 1, 31)))


def contract_account(**more: object) -> dict[str, object]:
    terms = {"principal": "12000", "annual_rate": "0.072", "method": "equal_principal", "disbursed": "2026-01-10", "periods": 12, "compound": True}
    return {"name": "周建国", "id_tail": "031X", "birth_date": "1980-05-01", "product": "个人消费贷款", "contract": terms, **more}


def test_the_book_tells_what_the_ledger_gives_and_a_payment_a_reversal_and_a_waiver_change_it(url: str) -> None:
    day = date(2026, 3, 2)
    with LoanBook(url) as book:
        member = book.add_account(contract_account(), day)
        loan = book.file_of(member, day).loans[0]
        assert (loan.overdue_amount, loan.penalty, loan.days_past_due) == (yuan("1078.43"), yuan("6.43"), 20)
        assert book.file_of(member, date(2026, 3, 3)).loans[0].overdue_amount == yuan("1078.75")  # 0.30 and 0.0216 more a day
        book.receive_payment(loan.loan_id, yuan("1078.43"), day)
        assert book.file_of(member, day).loans[0].overdue_amount == ZERO
        entry = book.ledger_of(loan.loan_id, day)[-1]
        assert sum((s.amount for s in entry.shares), entry.credit) == yuan("1078.43")
        book.reverse_payment(loan.loan_id, entry.entry.id, day, note="退票")
        assert book.file_of(member, day).loans[0].overdue_amount == yuan("1078.43")
        with pytest.raises(BadRecord, match="已经冲正"):
            book.reverse_payment(loan.loan_id, entry.entry.id, day)
        with pytest.raises(UnknownRecord):
            book.reverse_payment(loan.loan_id, 999, day)
        book.waive(loan.loan_id, yuan("6"), "penalty", day, note="主管批准")
        with pytest.raises(BadRecord, match="不在 0 和所欠"):
            book.waive(loan.loan_id, yuan("6"), "penalty", day)
        book.charge_fee(loan.loan_id, yuan("20"), day)
        book.pause_delinquency(loan.loan_id, date(2026, 2, 20), day, "灾情")
        after = book.file_of(member, day).loans[0]
        assert (after.overdue_amount, after.days_past_due, after.days_delinquent) == (yuan("1092.43"), 20, 9)
        kept = replay(after.contract or CONTRACT, SCHEDULE, [p.entry for p in book.ledger_of(loan.loan_id, day)], day)
        assert statement(CONTRACT, SCHEDULE, [p.entry for p in book.ledger_of(loan.loan_id, day)], day) == after.owed and kept.fees == 2000


def test_an_account_may_bring_its_payments_and_a_wrong_contract_is_told_by_its_place(url: str) -> None:
    payments = [{"day": "2026-02-10", "amount": "1072"}, {"day": "2026-02-12", "kind": "reversal", "of": 1}]
    with LoanBook(url) as book:
        member = book.add_account(contract_account(payments=payments), date(2026, 3, 2))
        assert book.file_of(member, date(2026, 3, 2)).loans[0].overdue_amount == yuan("1078.43")
    for change, place in (({"method": "balloon"}, "contract.method"), ({"periods": 0}, "contract.periods"), ({"principal": ""}, "contract.principal"), ({"order": ["fee"]}, "contract.order")):
        given = contract_account()
        given["contract"] = {**given["contract"], **change}  # type: ignore[dict-item]
        with LoanBook(url) as book, pytest.raises(BadAccount, match=place):
            book.add_account(given, date(2026, 3, 2))


def test_a_part_paid_within_the_days_of_grace_leaves_the_days_before_it_on_the_whole_base() -> None:
    graced = replace(CONTRACT, grace_days=5, compound=False)
    part = paid(1, FEB + timedelta(days=2), "572")  # interest 72.00 and 500.00 of principal
    # (1000 * 2 + 500 * 8) * 10.8 % / 360 = 1.80
    assert owed(FEB + timedelta(days=10), part, contract=graced)[2] == yuan("1.80")
    assert owed(FEB + timedelta(days=10), part, paid(2, FEB + timedelta(days=5), "500"), contract=graced)[2] == ZERO


def test_the_open_rows_of_a_statement_are_those_that_owe_something_or_the_next_one() -> None:
    found = statement(CONTRACT, SCHEDULE, [paid(1, FEB, "1072")], FEB + timedelta(days=10))
    assert [row[0] for row in found.open_rows] == [2]
    assert [row[0] for row in statement(CONTRACT, SCHEDULE, (), date(2026, 4, 20)).open_rows] == [1, 2, 3]


def test_a_whole_book_is_told_as_each_of_its_loans_is(url: str) -> None:
    day = date(2026, 4, 20)
    payments = [{"day": "2026-02-10", "amount": "1072"}, {"day": "2026-02-12", "kind": "reversal", "of": 1}, {"day": "2026-03-30", "amount": "900"},
                {"day": "2026-04-01", "kind": "waiver", "component": "penalty", "amount": "1"}, {"day": "2026-05-01", "amount": "5"}]  # fmt: skip
    with LoanBook(url) as book:
        ids = [book.add_account({**contract_account(payments=payments[:n]), "name": f"周{'一二三四五六'[n]}"}, day) for n in range(6)]
        told = dict(book.every_statement(day))
        assert len(told) == 6
        for member in ids:
            loan = book.file_of(member, day).loans[0]
            assert told[loan.loan_id] == loan.owed
