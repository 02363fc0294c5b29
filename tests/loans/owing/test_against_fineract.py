"""Worked examples of Apache Fineract's own tests (apache/fineract, Apache-2.0): their figures, our engine.

Files named below: `features/` is fineract-e2e-tests-runner/src/test/resources/features/, `integrationtests/` is
integration-tests/src/test/java/org/apache/fineract/integrationtests/. Where a figure differs, the comment says why and the test holds the bound.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from peers import FEN, by_hand, instalments, parts, parts_of, payments, plain, split

from zhuhuan.loans.delinquency import days_delinquent
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.position import posted
from zhuhuan.loans.owing.values import Accrual, Component, Contract, Entry, Scheduled

MONTH = Fraction(1, 12)
INTEREST_BEFORE_FEES: tuple[Component, ...] = ("penalty", "compound", "interest", "principal", "fee")


def lent(principal: str, rate: str, periods: int, day: str, months: int = 1, accrual: Accrual = "30/360") -> Contract:
    return Contract(Decimal(principal), Decimal(rate), "equal_instalments", date.fromisoformat(day), periods, months, accrual=accrual)


def day(text: str) -> date:
    return date.fromisoformat(text)


def day_shares(contract: Contract, year: int = 365) -> list[Fraction]:
    """What part of a year each period of a schedule is, by its days."""
    days = [contract.disbursed, *(s.due for s in schedule(contract))]
    return [Fraction((later - earlier).days, year) for earlier, later in pairwise(days)]


# --- equal instalments on a declining balance -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "theirs"),
    [
        # features/EMICalculation-Part1.feature, C3154: 360/30, integer rate
        (lent("100", "0.12", 6, "2024-01-01"), parts("16.25 1.0", "16.41 0.84", "16.58 0.67", "16.74 0.51", "16.91 0.34", "17.11 0.17")),
        # … C3155: 360/30, decimal rate; also fineract-progressive-loan/…/calc/ProgressiveEMICalculatorTest.java
        (lent("100", "0.094822", 6, "2024-01-01"), parts("16.34 0.79", "16.47 0.66", "16.6 0.53", "16.73 0.4", "16.86 0.27", "17.0 0.13")),
        # … C3157: every two months
        (lent("100", "0.12", 3, "2024-01-01", 2), parts("32.68 2.0", "33.33 1.35", "33.99 0.68")),
        # features/LoanDelinquency-Part2.feature, C3936
        (lent("1000", "0.07", 3, "2024-06-01"), parts("331.4 5.83", "333.33 3.9", "335.27 1.96")),
        # daily interest, features/EMICalculation-Part1.feature, C3159 and C3160: 365/Actual
        (lent("100", "0.12", 6, "2024-01-01", accrual="actual/365"), parts("16.23 1.02", "16.45 0.8", "16.56 0.69", "16.75 0.5", "16.9 0.35", "17.11 0.17")),
        (lent("100", "0.094822", 6, "2024-01-01", accrual="actual/365"), parts("16.32 0.81", "16.5 0.63", "16.59 0.54", "16.74 0.39", "16.86 0.27", "16.99 0.13")),
        # daily interest, features/Loan-Part4.feature, C3424: 360/Actual
        (lent("100", "0.04", 3, "2024-12-23", accrual="actual/360"), parts("33.22 0.34", "33.33 0.23", "33.45 0.1")),
    ],
    ids=["C3154", "C3155", "C3157", "C3936", "C3159 daily", "C3160 daily", "C3424 daily"],
)  # fmt: skip
def test_equal_instalments_to_the_fen(contract: Contract, theirs: list[tuple[Decimal, Decimal]]) -> None:
    assert parts_of(schedule(contract)) == theirs


def test_eleven_of_twelve_instalments_are_what_their_performance_test_expects() -> None:
    """ProgressiveEMICalculatorTest.testEMICalculation_performance: 8.65 in every period but the last, nothing left after it."""
    rows = schedule(lent("100", "0.07", 12, "2024-01-01"))
    assert [s.amount for s in rows[:-1]] == [Decimal("8.65")] * 11
    assert sum(s.principal for s in rows) == 100 and all(s.interest > 0 for s in rows)


RS02 = parts("255.0 50.0", "257.55 47.45", "260.13 44.87", "262.73 42.27", "265.35 39.65", "268.01 36.99", "270.69 34.31", "273.39 31.61",
             "276.13 28.87", "278.89 26.11", "281.68 23.32", "284.5 20.5", "287.34 17.66", "290.21 14.79", "293.12 11.88", "296.05 8.95",
             "299.01 5.99", "300.22 3.0")  # fmt: skip
RS03 = parts("255.68 49.32", "256.65 48.35", "259.26 45.74", "266.08 38.92", "264.62 40.38", "268.53 36.47", "270.05 34.95", "273.84 31.16",
             "275.59 29.41", "278.4 26.6", "282.01 22.99", "284.11 20.89", "287.59 17.41", "289.94 15.06", "292.9 12.1", "296.47 8.53",
             "298.9 6.1", "299.38 2.95")  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "theirs", "level", "why"),
    [
        (lent("5000", "0.12", 18, "2022-11-01"), RS02, "305.00", "features/LoanRepayment.feature, RS02: instalments are made whole euros"),
        (lent("5000", "0.12", 18, "2022-11-01", accrual="actual/365"), RS03, "305.00", "RS03, daily interest: instalments are made whole euros"),
        (lent("75", "0.123", 5, "2024-01-01"), parts("14.7 0.77", "14.85 0.62", "15.0 0.47", "15.16 0.31", "15.29 0.16"), "15.47",
         "features/EMICalculation-Part1.feature, C3165: a cent more a month, found by iteration, for a smaller difference in the last instalment"),
        (lent("100", "0.15678", 6, "2024-01-01", accrual="actual/365"),
         parts("16.1 1.33", "16.38 1.05", "16.53 0.9", "16.77 0.66", "16.97 0.46", "17.25 0.22"), "17.43",
         "… C3167: the instalment comes from the days of each period, ours from the yearly rate over twelve months"),
    ],
    ids=["RS02", "RS03 daily", "C3165", "C3167 daily"],
)  # fmt: skip
def test_where_their_level_instalment_is_another_nothing_else_differs(
    contract: Contract, theirs: list[tuple[Decimal, Decimal]], level: str, why: str
) -> None:
    """The same recurrence gives their figures with their instalment and ours with ours; what that difference does to the balance is the bound."""
    shares = day_shares(contract) if contract.accrual == "actual/365" else [MONTH] * contract.periods
    rows, principal, rate = schedule(contract), str(contract.principal), str(contract.annual_rate)
    assert by_hand(principal, rate, shares, Decimal(level)) == theirs, why
    assert by_hand(principal, rate, shares, rows[0].amount) == parts_of(rows)
    gap, apart, interest_rounding = abs(Decimal(level) - rows[0].amount), Fraction(0), Fraction(1, 100)
    for share, (p, i), (q, j) in zip(shares, theirs, parts_of(rows), strict=True):
        assert abs(Fraction(i - j)) <= apart * Fraction(contract.annual_rate) * share + interest_rounding, why
        apart = apart * (1 + Fraction(contract.annual_rate) * share) + Fraction(gap) + interest_rounding
        assert abs(Fraction(p - q)) <= apart, why


def test_equal_principal_to_the_fen() -> None:
    """features/LoanRepayment.feature, RS04: equal principal payments, interest by the repayment period."""
    contract = Contract(Decimal("5000"), Decimal("0.12"), "equal_principal", date(2022, 11, 1), 18)
    interest = ("50.0", "47.22", "44.44", "41.67", "38.89", "36.11", "33.33", "30.56", "27.78", "25.0", "22.22", "19.44", "16.67", "13.89", "11.11",
                "8.33", "5.56")  # fmt: skip
    assert parts_of(schedule(contract)) == [*parts(*(f"277.78 {i}" for i in interest)), *parts("277.74 2.78")]


def test_equal_principal_of_a_large_loan_within_their_rounding_to_hundreds() -> None:
    """integrationtests/ClientLoanIntegrationTest.java, testClientLoanScheduleWithCurrencyDetails: 2 % a month, all sums in multiples of 100."""
    contract = Contract(Decimal("10000000"), Decimal("0.24"), "equal_principal", date(2014, 6, 2), 24)
    theirs = [("416700", "200000"), ("416700", "191700"), ("416700", "183300"), ("416700", "175000"), ("416700", "166700"), ("416700", "158300")]
    for row, (principal, interest) in zip(schedule(contract), theirs, strict=False):
        assert row.due == date(2014, 6 + row.number, 2)
        assert abs(row.principal - Decimal(principal)) <= 50
        assert abs(row.interest - Decimal(interest)) <= 50


def test_interest_first_and_the_principal_at_the_end() -> None:
    """features/LoanBulletBalloon.feature, BL01: grace on principal for all periods but the last."""
    contract = Contract(Decimal("100"), Decimal("0.30"), "interest_first", date(2024, 1, 1), 8)
    rows = schedule(contract)
    assert parts_of(rows) == parts(*["0 2.5"] * 7, "100.0 2.5")
    assert [s.due for s in rows][::7] == [date(2024, 2, 1), date(2024, 9, 1)]
    assert sum(s.amount for s in rows) == 120


# --- interest by days -----------------------------------------------------------------------------------------------------


def test_interest_of_the_running_period_by_days_of_a_360_day_year() -> None:
    """integrationtests/AdvancedPaymentAllocationLoanRepaymentScheduleTest.java, uc145: 1,000 at 108 % actual/360 bear 3 a day."""
    rows = (Scheduled(1, date(2024, 2, 1), Decimal("1000"), Decimal("93.00")),)
    contract = plain(rows, "2024-01-01", annual_rate=Decimal("1.08"))
    running = [statement(contract, rows, (), date(2024, 1, d)).running_interest for d in (1, 2, 3, 4, 5)]
    assert running == [Decimal(d * 3) for d in range(5)]


def test_what_falls_due_next() -> None:
    """features/LoanDelinquency-Part2.feature, C3936: 337.23 on 1 July, nothing delinquent."""
    contract = lent("1000", "0.07", 3, "2024-06-01")
    owed = statement(contract, schedule(contract), (), date(2024, 6, 1))
    assert (owed.next_due, owed.next_amount, owed.days_past_due, owed.overdue) == (date(2024, 7, 1), Decimal("337.23"), 0, 0)


# --- a payment and its order ----------------------------------------------------------------------------------------------

THREE_MONTHS = instalments(("2023-02-01", "1000", "30"), ("2023-03-01", "1000", "30"), ("2023-04-01", "1000", "30"))


def test_interest_due_goes_before_principal_due() -> None:
    """features/LoanRepayment.feature, due-penalty-fee-interest-principal strategy, 'due interest + due principal'."""
    told = posted(plain(THREE_MONTHS, "2023-01-01"), THREE_MONTHS, payments(("2023-02-01", "500")), date(2023, 2, 1))
    assert split(told[0]) == {("interest", 1): "30.00", ("principal", 1): "470.00"}
    assert told[0].balance == Decimal("2590")


@pytest.mark.parametrize(("fee", "principal"), [("50", "450.00"), ("100", "400.00")], ids=["due fee", "due penalty and fee"])
def test_fees_go_before_all(fee: str, principal: str) -> None:
    """… 'due fee + due principal' and 'due penalty + due fee + due principal': there a penalty is a sum charged, as a fee is here."""
    rows = instalments(("2023-02-01", "1000", "0"), ("2023-03-01", "1000", "0"), ("2023-04-01", "1000", "0"))
    entries = (Entry(1, date(2023, 2, 1), "fee", Decimal(fee)), Entry(2, date(2023, 2, 1), "payment", Decimal("500")))
    told = posted(plain(rows, "2023-01-01"), rows, entries, date(2023, 2, 1))
    assert split(told[1]) == {("fee", None): f"{fee}.00", ("principal", 1): principal}
    assert told[1].balance == 3000 + Decimal(fee) - 500


def test_fees_last_where_the_contract_says_so() -> None:
    """… due-penalty-interest-principal-fee strategy, UC12 after the reversals: 10, 1,000 and 20 paid on the due day."""
    rows = instalments(("2023-02-01", "1000", "10"))
    due = date(2023, 2, 1)
    entries = (Entry(1, due, "fee", Decimal(20)), *(Entry(n, due, "payment", Decimal(a)) for n, a in ((2, "10"), (3, "1000"), (4, "20"))))
    told = posted(plain(rows, "2023-01-01", order=INTEREST_BEFORE_FEES), rows, entries, due)
    assert [split(t) for t in told[1:]] == [{("interest", 1): "10.00"}, {("principal", 1): "1000.00"}, {("fee", None): "20.00"}]
    assert told[-1].balance == 0


def test_all_interest_due_before_any_principal_due() -> None:
    """integrationtests/ClientLoanIntegrationTest.java, testRBIPaymentStrategy: the third instalment is paid with the fourth due."""
    rows = instalments(("2011-10-20", "3000", "200"), ("2011-11-20", "3000", "200"), ("2011-12-20", "3100", "100"), ("2012-01-20", "2900", "100"))
    paid = payments(("2011-10-20", "3200"), ("2011-11-20", "3200"), ("2012-01-20", "3200"), ("2012-01-20", "3000"))
    told = posted(plain(rows, "2011-09-20"), rows, paid, date(2012, 1, 20))
    assert split(told[2]) == {("interest", 3): "100.00", ("interest", 4): "100.00", ("principal", 3): "3000.00"}
    assert told[2].balance == 100 + 2900
    assert (told[3].balance, told[3].credit) == (0, 0)


LATE = instalments(("2023-09-01", "250", "0"), ("2023-09-16", "250", "0"), ("2023-10-01", "250", "20"), ("2023-10-16", "250", "20"))


@pytest.mark.parametrize(
    ("across", "amount", "theirs"),
    [
        ("instalment", "15", {("interest", 3): "15.00"}),
        ("component", "15", {("interest", 3): "15.00"}),
        ("instalment", "35", {("interest", 3): "20.00", ("principal", 3): "15.00"}),
        ("component", "35", {("interest", 3): "20.00", ("interest", 4): "15.00"}),
        ("instalment", "350", {("interest", 3): "20.00", ("principal", 3): "250.00", ("interest", 4): "20.00", ("principal", 4): "60.00"}),
        ("component", "350", {("interest", 3): "20.00", ("principal", 3): "250.00", ("interest", 4): "20.00", ("principal", 4): "60.00"}),
    ],
)
def test_horizontal_is_by_instalment_and_vertical_by_component(across: str, amount: str, theirs: dict[tuple[str, int], str]) -> None:
    """features/Loan.feature, loanScheduleProcessingType-horizontal and -vertical, late goodwill credit of 15, 35 and 350.

    What goes before principal is a penalty of 20 on each instalment there; here it is written as interest, since a penalty of ours comes by days.
    """
    entries = payments(("2023-09-01", "250"), ("2023-09-16", "250"), ("2023-10-17", amount))
    told = posted(plain(LATE, "2023-08-31", across=across), LATE, entries, date(2023, 10, 17))
    assert split(told[2]) == theirs
    assert told[2].balance == 540 - Decimal(amount)


def test_what_is_paid_early_goes_to_the_next_instalment() -> None:
    """… -horizontal, charge after maturity, in advanced repayment (NEXT_INSTALLMENT): 100 on 17 September."""
    entries = payments(("2023-09-01", "250"), ("2023-09-16", "250"), ("2023-09-17", "100"))
    told = posted(plain(LATE, "2023-08-31", across="instalment"), LATE, entries, date(2023, 9, 17))
    assert split(told[2]) == {("interest", 3): "20.00", ("principal", 3): "80.00"}


FORTNIGHTS = instalments(("2023-01-01", "125", "0"), ("2023-01-16", "125", "0"), ("2023-01-31", "125", "0"), ("2023-02-15", "125", "0"))


def test_what_is_paid_beyond_an_instalment_is_in_advance_of_the_next() -> None:
    """features/Loan.feature, UC2: 150 on a due day of 125, then 125, then the last 100."""
    entries = payments(("2023-01-01", "125"), ("2023-01-16", "150"), ("2023-01-31", "125"), ("2023-02-15", "100"))
    told = posted(plain(FORTNIGHTS, "2022-12-31"), FORTNIGHTS, entries, date(2023, 2, 15))
    assert [t.balance for t in told] == [375, 225, 100, 0]
    assert split(told[1]) == {("principal", 2): "125.00", ("principal", 3): "25.00"}
    assert split(told[2]) == {("principal", 3): "100.00", ("principal", 4): "25.00"}


# --- reversal and replay --------------------------------------------------------------------------------------------------


def test_reversed_payments_never_counted_and_the_later_ones_are_allocated_anew() -> None:
    """features/Loan.feature, UC24: down payment reversed at once, 400 paid and reversed later, 50 and 125 in between.

    Their refund of the 75 overpaid on 18 January is a payment out, which our ledger does not have: their 400 left are our 325 and those 75.
    """
    entries = (
        *payments(("2023-01-01", "125")),
        Entry(2, day("2023-01-01"), "reversal", Decimal(125), of=1),
        Entry(3, day("2023-01-02"), "payment", Decimal(400)),
        Entry(4, day("2023-01-04"), "payment", Decimal(50)),
        Entry(5, day("2023-01-16"), "payment", Decimal(125)),
        Entry(6, day("2023-01-20"), "reversal", Decimal(400), of=3),
        Entry(7, day("2023-01-31"), "payment", Decimal(275)),
    )
    contract = plain(FORTNIGHTS, "2022-12-31")
    before = posted(contract, FORTNIGHTS, entries, day("2023-01-18"))
    assert [(t.balance, t.credit) for t in before] == [(500, 0), (500, 0), (100, 0), (50, 0), (0, 75)]
    after = posted(contract, FORTNIGHTS, entries, day("2023-01-20"))
    assert [split(t) for t in after] == [{}, {}, {}, {("principal", 1): "50.00"}, {("principal", 1): "75.00", ("principal", 2): "50.00"}, {}]
    assert (after[3].balance, after[4].balance, after[5].balance) == (450, 325, 325)
    owed = statement(contract, FORTNIGHTS, entries, day("2023-01-20"))
    assert (owed.principal, owed.days_past_due, owed.credit) == (75, 4, 0)
    late = posted(contract, FORTNIGHTS, entries, day("2023-01-31"))[-1]
    assert split(late) == {("principal", 2): "75.00", ("principal", 3): "125.00", ("principal", 4): "75.00"}
    assert late.balance == 125 - 75  # theirs: 125, after the 75 paid out


def test_an_undone_repayment_leaves_all_owed_as_before() -> None:
    """features/LoanRepayment.feature, 'repayment + reversal', without its charges: what was paid in advance is outstanding again."""
    contract = plain(THREE_MONTHS, "2023-01-01")
    entries = (*payments(("2023-01-15", "1030")), Entry(2, date(2023, 1, 15), "reversal", Decimal("1030"), of=1))
    told = posted(contract, THREE_MONTHS, entries, date(2023, 1, 15))
    assert [(t.shares, t.balance) for t in told] == [((), Decimal("3090")), ((), Decimal("3090"))]
    assert statement(contract, THREE_MONTHS, entries, date(2023, 2, 2)) == statement(contract, THREE_MONTHS, (), date(2023, 2, 2))


# --- days past due, grace, pause ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 2])
def test_days_since_the_due_day(days: int) -> None:
    """fineract-provider/…/portfolio/deliquency/LoanDelinquencyDomainServiceTest.java: due today 0, due two days ago 2, past due and delinquent alike."""
    today = date(2024, 10, 24)
    rows = (Scheduled(1, today - timedelta(days=days), Decimal(1000), Decimal(0)),)
    owed = statement(plain(rows, "2024-08-01"), rows, (), today)
    assert owed.days_past_due == days_delinquent(rows[0].due, today) == days


def test_delinquency_begins_after_the_grace_days() -> None:
    """features/LoanDelinquency.feature: down payment due 1 October, 3 days of grace: delinquent since 4 October, so first on the 5th; past due since the 1st."""
    due, grace = date(2023, 10, 1), 3
    rows = (Scheduled(1, due, Decimal(250), Decimal(0)),)
    owed = [statement(plain(rows, "2023-09-01", grace_days=grace), rows, (), date(2023, 10, d)).days_past_due for d in (2, 4, 5)]
    assert owed == [1, 3, 4]
    assert [days_delinquent(due, date(2023, 10, d), grace) for d in (2, 4, 5)] == [0, 0, 1]


def test_a_pause_that_is_over() -> None:
    """integrationtests/DelinquencyActionIntegrationTests.java, …COBAfterPausePeriodEndTest: due 16 November, paused 16 to 25, on the 26th 1 day."""
    assert days_delinquent(date(2023, 11, 16), date(2023, 11, 26), pauses=[(date(2023, 11, 16), date(2023, 11, 25))]) == 1


def test_a_pause_that_runs_and_began_on_a_past_day() -> None:
    """… …ForBackdatedPauseDelinquencyAction: due 24 January, 6 days on the 30th, paused from the 27th on: 3 days left.

    Fineract takes the days between the pause's first day and today, which leaves one of the two out; here both ends are within the pause: 2 days left.
    The difference is that one day, for as long as the pause runs.
    """
    due, today, pause = date(2023, 1, 24), date(2023, 1, 30), (date(2023, 1, 27), date(2023, 2, 15))
    assert days_delinquent(due, today) == 6
    theirs = 3
    assert theirs - days_delinquent(due, today, pauses=[pause]) == 1
    assert days_delinquent(due, today, pauses=[(date(2023, 1, 28), date(2023, 2, 15))]) == theirs
    rows = (Scheduled(1, due, Decimal(250), Decimal(0)),)
    assert statement(plain(rows, "2022-12-25"), rows, (), today).days_past_due == 6  # a pause does not touch them


def test_a_late_repayment_ends_the_days() -> None:
    """features/LoanDelinquency.feature, 'goes out from delinquency by late repayment' and 'some of the installments': 1,000 lent, 4 times 250."""
    rows = instalments(("2023-10-01", "250", "0"), ("2023-10-16", "250", "0"), ("2023-10-31", "250", "0"), ("2023-11-15", "250", "0"))
    contract = plain(rows, "2023-09-30")
    whole = statement(contract, rows, payments(("2023-12-17", "1000")), date(2023, 12, 17))
    assert (whole.days_past_due, whole.overdue, whole.balance) == (0, 0, 0)
    some = statement(contract, rows, payments(("2023-10-26", "250")), date(2023, 10, 26))
    assert (some.principal, some.days_past_due) == (Decimal(250), 10)
    assert statement(contract, rows, (), date(2023, 10, 25)).principal == 500
    assert some.overdue.quantize(FEN) == some.overdue
