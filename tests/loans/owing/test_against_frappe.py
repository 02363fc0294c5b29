"""Worked examples of Frappe Lending's own tests (frappe/lending, GPL-3.0): their figures as facts, our engine and our own test code.

Files named below lie under lending/loan_management/doctype/. `loan/test_loan.py (2024-05)` is the file at commit 3f2cbc13 of May 2024, without a date the
newer one. Frappe's instalments are raised to whole rupees, and many of its tests state whole rupees: what that does is worked out and bounded here.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from peers import by_hand, half_up, instalments, parts_of, payments, plain, split

from zhuhuan.calendar import add_months
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import level_payment, schedule
from zhuhuan.loans.owing.position import posted
from zhuhuan.loans.owing.values import Accrual, Component, Contract, Entry, Scheduled

EMI_FIRST: tuple[Component, ...] = ("interest", "principal", "penalty", "compound", "fee")  # "Test EMI Based Standard Loan Demand Offset Order"
PENALTY_FIRST: tuple[Component, ...] = ("fee", "penalty", "compound", "interest", "principal")  # "Test Demand Loan Loan Demand Offset Order"


def rupees(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


# --- schedules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accrual", "start", "rows", "total"),
    [
        # loan/test_loan.py (2024-05), test_loan: interest by twelfths of the year
        ("30/360", "2024-05-10", {3: (13369, 1683, 227080), 19: (14941, 105, 0), 17: (14740, 312, 29785)}, 21034),
        # loan/test_loan.py, test_loan_with_repayment_periods: interest by days of 365
        ("actual/365", "2025-01-27", {3: (13392, 1660, 226979), 19: (14875, 106, 0), 17: (14745, 307, 29715)}, 20970),
    ],
)
def test_a_personal_loan_of_twenty_instalments(accrual: Accrual, start: str, rows: dict[int, tuple[int, int, int]], total: int) -> None:
    """280,000 at 8.4 %: instalments of 15,052 there, 15,051.72 here. With 15,052 the recurrence gives Frappe's figures, with 15,051.72 ours."""
    contract = Contract(Decimal(280000), Decimal("0.084"), "equal_instalments", date.fromisoformat(start), 20, accrual=accrual)
    level = level_payment(contract.principal, contract.annual_rate / 12, 20)
    assert (str(level), ceil(level)) == ("15051.72", 15052)
    ours = schedule(contract)
    days = [contract.disbursed, *(s.due for s in ours)]
    shares = [Fraction(1, 12) if accrual == "30/360" else Fraction((b - a).days, 365) for a, b in pairwise(days)]
    theirs = by_hand("280000", "0.084", shares, Decimal(15052))
    for place, (principal, interest, balance) in rows.items():
        left = 280000 - sum(p for p, _ in theirs[: place + 1])
        assert (rupees(theirs[place][0]), rupees(theirs[place][1]), rupees(left)) == (principal, interest, balance)
    assert rupees(sum((i for _, i in theirs), Decimal(0))) == total
    assert by_hand("280000", "0.084", shares, level) == parts_of(ours)
    gap, apart = Decimal(15052) - level, Fraction(0)
    for share, (p, i), (q, j) in zip(shares, theirs, parts_of(ours), strict=True):  # 0.28 more a month, with its interest, and a fen of rounding
        apart_interest = apart * Fraction(contract.annual_rate) * share + Fraction(1, 100)
        assert abs(Fraction(i - j)) <= apart_interest
        apart += Fraction(gap) + apart_interest
        assert abs(Fraction(p - q)) <= apart
    assert 0 <= sum((s.interest for s in ours), Decimal(0)) - sum((i for _, i in theirs), Decimal(0)) < 25  # what repaying slower costs over 20 months


@pytest.mark.parametrize(
    ("principal", "rate", "periods", "theirs"),
    [
        ("500000", "0.25", 12, 47523),  # loan/test_loan.py, test_advance_payment
        ("1000000", "0.135", 12, 89553),  # test_loan_repayment_for_term_loan: 78,303 of principal and 11,250 of interest
        ("1200000", "0.29", 36, 50287),  # test_multiple_advance_payment
        ("1000000", "0.23", 6, 178025),  # loan_repayment/test_loan_repayment.py, test_in_between_payments
        ("1000000", "0.28", 24, 54889),  # test_pre_payment_with_partial_unbooked_interest
        ("12000", "0.075", 12, 1042),  # loan/test_loan.py, test_term_loan_schedule_types
    ],
)
def test_their_instalment_is_ours_raised_to_the_rupee(principal: str, rate: str, periods: int, theirs: int) -> None:
    ours = schedule(Contract(Decimal(principal), Decimal(rate), "equal_instalments", date(2024, 4, 5), periods))[0].amount
    assert ceil(ours) == theirs


@pytest.mark.parametrize(
    ("first", "theirs"),
    [
        ("2022-10-17", ("2022-10-17", "2022-11-17", "2023-09-17")),  # monthly as per repayment start date
        ("2022-11-01", ("2022-11-01", "2022-12-01", "2023-10-01")),  # start of the next month
        ("2022-10-31", ("2022-10-31", "2022-11-30", "2023-09-30")),  # end of the current month
    ],
)
def test_due_dates_of_three_kinds_of_month(first: str, theirs: tuple[str, str, str]) -> None:
    """loan/test_loan.py, test_term_loan_schedule_types: first, second and last of twelve instalments."""
    contract = Contract(Decimal(12000), Decimal("0.075"), "equal_instalments", date(2022, 9, 17), 12, first_due=date.fromisoformat(first))
    due = [s.due.isoformat() for s in schedule(contract)]
    assert (due[0], due[1], due[-1]) == theirs


# --- interest by days -----------------------------------------------------------------------------------------------------


def bullet(principal: str, rate: str, disbursed: str, due: str) -> Contract:
    return Contract(Decimal(principal), Decimal(rate), "bullet", date.fromisoformat(disbursed), 1, first_due=date.fromisoformat(due), accrual="actual/365")


@pytest.mark.parametrize(
    ("contract", "on", "days", "interest"),
    [
        # loan_interest_accrual/test_loan_interest_accrual.py (2024-05): 1 to 30 October, both counted
        (bullet("1000000", "0.135", "2019-10-01", "2020-10-01"), "2019-10-31", 30, "11095.89"),
        # loan/test_loan.py, test_loan_closure: 34 days, paid on 4 November
        (bullet("1000000", "0.135", "2019-10-01", "2020-10-01"), "2019-11-04", 34, "12575.34"),
        # loan/test_loan.py, test_loan_write_off_limit: 31 days
        (bullet("1000000", "0.135", "2019-10-01", "2020-10-01"), "2019-11-01", 31, "11465.75"),
        # loan_interest_accrual/test_loan_interest_accrual.py, test_future_interest_amount: ten days at 12 %
        (bullet("500000", "0.12", "2024-03-27", "2024-06-27"), "2024-04-06", 10, "1643.84"),
    ],
)
def test_a_demand_loans_interest_of_so_many_days(contract: Contract, on: str, days: int, interest: str) -> None:
    """Frappe counts the day of lending and the day before payment; ours the days between: the same number."""
    day = date.fromisoformat(on)
    owed = statement(contract, schedule(contract), (), day)
    assert (day - contract.disbursed).days == days
    assert abs(owed.running_interest - Decimal(interest)) <= Decimal("0.01")  # ours takes its share of the whole term's interest, rounded once before
    assert owed.payoff == contract.principal + owed.running_interest
    assert half_up(Fraction(contract.principal) * Fraction(contract.annual_rate) * days / 365) == Decimal(interest)


def test_a_loan_paid_once_to_the_fen() -> None:
    """loan_repayment/test_loan_repayment.py, test_back_date_closure_payment_with_penalty_cancel: the last month of 2,500,000 at 19 % (2,540,342.47)."""
    rows = schedule(bullet("2500000", "0.19", "2025-05-05", "2025-06-05"))
    assert [str(s.amount) for s in rows] == ["2540342.47"]


def test_rounding_every_day_and_rounding_once() -> None:
    """… test_loc_loan_unbooked_interest: two days of 171,000 at 17 % are 2 x 79.64 = 159.28 there, 159.29 here: half a fen a day at most."""
    contract = bullet("171000", "0.17", "2024-11-30", "2025-02-28")
    ours = statement(contract, schedule(contract), (), date(2024, 12, 2)).running_interest
    each = half_up(Fraction(171000) * Fraction(17, 100) / 365)
    assert (2 * each, ours) == (Decimal("159.28"), Decimal("159.29"))
    assert abs(ours - Decimal("159.28")) <= 2 * Decimal("0.005")


# --- penalty --------------------------------------------------------------------------------------------------------------


def test_penalty_on_three_late_instalments() -> None:
    """loan/test_loan.py, test_penalty: 47,523 due on the 5th of May, June and July, 25 % a year: 3,157.35 with the day 6 July itself, ours on the 7th.

    Frappe puts the penalty on the whole instalment; ours is penalty interest on its principal and compound interest on its interest, each of the six
    rounded to the fen once: 0.03 at most. Frappe rounds each day of each instalment, 32.55 here with nothing to round.
    """
    rows = instalments(("2024-05-05", "35879.16", "11643.84"), ("2024-06-05", "37667.51", "9855.49"), ("2024-07-05", "38759.24", "8763.76"))
    assert {s.amount for s in rows} == {Decimal(47523)}
    contract = plain(rows, "2024-04-01", annual_rate=Decimal("0.25"), penalty_uplift=Decimal(0), compound=True, year_days=365)
    owed = statement(contract, rows, (), date(2024, 7, 7))
    assert abs(owed.penalty + owed.compound - Decimal("3157.35")) <= Decimal("0.03")
    assert sum((date(2024, 7, 7) - s.due).days for s in rows) * Decimal("32.55") == Decimal("3157.35")


def test_penalty_after_the_grace_days_of_a_demand_loan() -> None:
    """loan/test_loan.py (2024-05), test_regular_loan_repayment: interest of 11,095.89 unpaid, 25 %, paid 10 days later with 5 of grace: 38.

    Frappe counts the days after the grace alone (5), ours all days since the due day once the grace is over (10), as 银发〔2003〕251号 has no grace:
    so ours is twice theirs here, and with the same 5 days the same.
    """
    due = date(2019, 10, 30)
    rows = (Scheduled(1, due, Decimal(0), Decimal("11095.89")),)
    contract = plain(rows, "2019-10-01", annual_rate=Decimal("0.25"), penalty_uplift=Decimal(0), compound=True, year_days=365, grace_days=5)
    assert statement(contract, rows, (), due + timedelta(days=5)).compound == 0
    ours = statement(contract, rows, (), due + timedelta(days=10)).compound
    no_grace = plain(rows, "2019-10-01", annual_rate=Decimal("0.25"), penalty_uplift=Decimal(0), compound=True, year_days=365)
    five_days = statement(no_grace, rows, (), due + timedelta(days=5)).compound
    assert rupees(five_days) == 38
    assert abs(ours - 2 * five_days) <= Decimal("0.01")


def test_a_payment_booked_late_but_made_on_the_due_day_takes_the_penalty_away() -> None:
    """loan_repayment/test_loan_repayment.py, test_cancelled_penalties_on_timely_backdated_repayment: 178,025 due and paid on 5 May, booked on the 11th."""
    contract = Contract(Decimal(1000000), Decimal("0.23"), "equal_instalments", date(2024, 4, 5), 6, compound=True)
    rows = schedule(contract)
    late = date(2024, 5, 11)
    assert statement(contract, rows, (), late).penalty > 0
    owed = statement(contract, rows, payments(("2024-05-05", "178025")), late)
    assert (owed.penalty, owed.compound, owed.overdue, owed.days_past_due) == (0, 0, 0, 0)
    assert owed.next_amount == rows[1].amount - (178025 - rows[0].amount)


# --- payments -------------------------------------------------------------------------------------------------------------


def test_a_payment_of_interest_and_principal() -> None:
    """loan/test_loan.py, test_loan_repayment_for_term_loan: 89,768.75 on the due day: 11,465.75 of interest (31 days), 78,303.00 of principal."""
    assert half_up(Fraction(1000000) * Fraction(135, 1000) * 31 / 365) == Decimal("11465.75")
    rows = instalments(("2025-01-30", "78303", "11465.75"), ("2025-02-28", "921697", "0"))
    told = posted(plain(rows, "2024-12-30", order=EMI_FIRST), rows, payments(("2025-01-30", "89768.75")), date(2025, 1, 30))
    assert split(told[0]) == {("interest", 1): "11465.75", ("principal", 1): "78303.00"}


def test_penalty_interest_principal_in_that_order() -> None:
    """loan/test_loan.py (2024-05), test_regular_loan_repayment: 111,119 on a demand loan: penalty 38, then the interest, the rest is principal."""
    due = date(2019, 10, 31)
    rows = (Scheduled(1, due, Decimal(1000000), Decimal("11095.89")),)
    fee = Entry(1, due, "fee", Decimal(38))  # their penalty, on interest alone, as a sum: ours would also come on the principal
    paid = Entry(2, due, "payment", Decimal(111119))
    contract = plain(rows, "2019-10-01", order=PENALTY_FIRST)
    told = posted(contract, rows, (fee, paid), due)
    assert split(told[1]) == {("fee", None): "38.00", ("interest", 1): "11095.89", ("principal", 1): "99985.11"}
    undone = (fee, paid, Entry(3, due, "reversal", paid.amount, of=2))
    assert statement(contract, rows, undone, due).not_due_principal == 1000000  # "Check Repayment Entry cancel": no principal paid


def test_a_charge_paid_in_two_parts() -> None:
    """loan/test_loan.py, test_charges_payment: two processing fees of 1,000; 1,000 and 500 are paid."""
    rows = instalments(("2024-10-05", "100000", "550"))
    day = date(2024, 9, 15)
    fees = tuple(Entry(n, day, "fee", Decimal(1000)) for n in (1, 2))
    paid = tuple(Entry(n, day, "payment", Decimal(a)) for n, a in ((3, 1000), (4, 500)))
    contract = plain(rows, "2024-09-14")
    told = posted(contract, rows, (*fees, *paid), day)
    assert [split(t) for t in told[2:]] == [{("fee", None): "1000.00"}, {("fee", None): "500.00"}]
    assert statement(contract, rows, (*fees, *paid), day).fees == 500


def _monthly(first: date, places: list[int], amount: str = "178025") -> list[tuple[str, str]]:
    return [(add_months(first, place).isoformat(), amount) for place in places]


def test_the_order_of_booking_does_not_matter() -> None:
    """loan_repayment/test_loan_repayment.py, test_in_between_payments: the second month's payment is booked last; every split is as if in order."""
    contract = Contract(Decimal(1000000), Decimal("0.23"), "equal_instalments", date(2024, 4, 5), 6, compound=True)
    rows, first, end = schedule(contract), date(2024, 5, 5), date(2024, 11, 5)
    loan_a = posted(contract, rows, payments(*_monthly(first, [0, 2, 3, 4, 1])), end)
    loan_b = posted(contract, rows, payments(*_monthly(first, [0, 1, 2, 3, 4])), end)
    assert [(t.entry.day, t.shares, t.balance) for t in loan_a] == [(t.entry.day, t.shares, t.balance) for t in loan_b]


def test_a_payment_cancelled_in_between_was_never_made() -> None:
    """… test_in_between_cancellations: the second month's payment is cancelled; interest paid in every other month is as without it, and all else here too."""
    contract = Contract(Decimal(1000000), Decimal("0.23"), "equal_instalments", date(2024, 4, 5), 6, compound=True)
    rows, first, end = schedule(contract), date(2024, 5, 5), date(2024, 11, 5)
    all_five = payments(*_monthly(first, [0, 1, 2, 3, 4]))
    loan_a = posted(contract, rows, (*all_five, Entry(6, date(2024, 9, 10), "reversal", Decimal(178025), of=2)), end)
    loan_b = posted(contract, rows, payments(*_monthly(first, [0, 2, 3, 4])), end)
    kept = [t for t in loan_a if t.entry.kind == "payment" and t.entry.id != 2]
    assert [(t.entry.day, t.shares, t.balance) for t in kept] == [(t.entry.day, t.shares, t.balance) for t in loan_b]


# --- days past due --------------------------------------------------------------------------------------------------------


def test_days_past_due_of_an_instalment_never_paid() -> None:
    """loan_interest_accrual/test_loan_interest_accrual.py (2024-05), test_dpd_calculation: due 31 January 2023."""
    contract = Contract(Decimal(1200000), Decimal("0.10"), "equal_instalments", date(2023, 1, 1), 12, first_due=date(2023, 1, 31))
    rows = schedule(contract)
    theirs = {date(2023, 2, 2): 2, date(2023, 4, 5): 64, date(2023, 7, 5): 155}
    assert {day: statement(contract, rows, (), day).days_past_due for day in theirs} == theirs


def test_days_past_due_day_by_day_with_payments_in_parts() -> None:
    """loan/test_loan.py, test_dpd_calculation: 3,782 due on 5 October and 5 November, each paid 3,000 at once and 782 some days later.

    The newer Frappe counts the due day itself as day 1; the guide (section 2) and the older Frappe count it as 0: one day less on every late day.
    """
    rows = instalments(("2024-10-05", "3000", "782"), ("2024-11-05", "3010", "772"), ("2024-12-05", "3020", "762"))
    entries = payments(("2024-10-05", "3000"), ("2024-10-09", "782"), ("2024-11-05", "3000"), ("2024-11-10", "782"))
    contract = plain(rows, "2024-09-15")
    theirs = {"2024-10-05": 1, "2024-10-06": 2, "2024-10-07": 3, "2024-10-08": 4, "2024-10-09": 0, "2024-10-10": 0, "2024-11-04": 0, "2024-11-05": 1,
              "2024-11-06": 2, "2024-11-07": 3, "2024-11-08": 4, "2024-11-09": 5, "2024-11-10": 0}  # fmt: skip
    ours = {day: statement(contract, rows, entries, date.fromisoformat(day)).days_past_due for day in theirs}
    assert ours == {day: max(0, days - 1) for day, days in theirs.items()}
