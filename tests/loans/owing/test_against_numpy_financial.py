"""The same schedules as numpy-financial, which knows nothing of fen: to the fen under our rule of rounding, else within its bound.

numpy-financial leaves a schedule unrounded. Ours rounds the level instalment and each period's interest half up to the fen, and the last instalment clears
the debt. So the balance is wrong by half a fen of interest and half a fen of instalment a period, each growing with interest:
after k periods by e(k) <= (1 + r) * e(k - 1) + 0.01 yuan, that is 0.01 * ((1 + r)^k - 1) / r; interest by r * e(k - 1) + 0.005.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import numpy as np
import numpy_financial as npf
import pytest

from zhuhuan.loans.owing.methods import balances, schedule
from zhuhuan.loans.owing.values import Contract, Method

FLOAT = 1e-6  # what floats of this size may be wrong by, in yuan
FEN = Decimal("0.01")


def contracts(seed: int, number: int, method: Method = "equal_instalments") -> list[Contract]:
    """Loans of 1,000 to 2,000,000 yuan at 0.1 to 24 %, up to 30 years of months, quarters or half-years."""
    dice = Random(seed)
    made = []
    for _ in range(number):
        months = dice.choice((1, 1, 1, 3, 6))
        made.append(
            Contract(
                Decimal(dice.randint(100_000, 200_000_000)).scaleb(-2),
                Decimal(dice.randint(10, 2400)).scaleb(-4),
                method,
                date(2020 + dice.randrange(8), dice.randint(1, 12), dice.randint(1, 28)),
                dice.choice((1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 360)) // months or 1,
                months,
            )
        )
    return made


def period_rate(contract: Contract) -> float:
    return float(contract.annual_rate * contract.period_months / 12)


def to_fen(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(FEN, ROUND_HALF_UP)


def test_the_level_instalment_is_pmt_to_the_fen() -> None:
    for contract in contracts(1, 600):
        exact = float(-npf.pmt(period_rate(contract), contract.periods, float(contract.principal)))
        level = schedule(contract)[0].amount
        if contract.periods > 1 and abs(exact * 100 % 1 - 0.5) > FLOAT:  # a float cannot tell on which side of half a fen it lies
            assert level == to_fen(exact), contract


def test_interest_and_principal_differ_from_ipmt_and_ppmt_by_rounding_alone() -> None:
    worst = 0.0
    for contract in contracts(2, 300):
        rate, periods, lent = period_rate(contract), contract.periods, float(contract.principal)
        numbers = np.arange(1, periods + 1)
        interest, principal = -npf.ipmt(rate, numbers, periods, lent), -npf.ppmt(rate, numbers, periods, lent)
        error = 0.01 * ((1 + rate) ** (numbers - 1) - 1) / rate  # of the balance before each instalment
        rows = schedule(contract)
        gap_interest = np.abs(np.array([float(s.interest) for s in rows]) - interest)
        gap_principal = np.abs(np.array([float(s.principal) for s in rows]) - principal)
        assert (gap_interest <= rate * error + 0.005 + FLOAT).all(), contract
        assert (gap_principal[:-1] <= rate * error[:-1] + 0.01 + FLOAT).all(), contract
        assert gap_principal[-1] <= error[-1] + FLOAT, contract  # the last one takes the whole error of the balance
        if contract.annual_rate <= Decimal("0.12") and periods * contract.period_months <= 60:
            worst = max(worst, float(gap_interest.max()))
    assert worst < 0.02  # loans of five years at 12 % at most: no interest is more than a fen beside the unrounded one


def test_with_our_rounding_numpy_financial_gives_the_same_schedule_to_the_fen() -> None:
    """pmt once, ipmt of one period on each rounded balance: the whole schedule, last instalment included."""
    for contract in contracts(3, 200):
        rate, left = period_rate(contract), contract.principal
        level = to_fen(float(-npf.pmt(rate, contract.periods, float(left))))
        rows = schedule(contract)
        for row in rows:
            exact = float(-npf.ipmt(rate, 1, 1, float(left)))
            half = abs(exact * 100 % 1 - 0.5) <= FLOAT  # half a fen: a float cannot tell on which side it lies, ours goes up
            assert row.interest == to_fen(exact + FLOAT if half else exact), (contract, row)
            assert row.principal == (left if row is rows[-1] else level - row.interest), (contract, row)
            left -= row.principal
        assert left == 0


@pytest.mark.parametrize("method", ["equal_instalments", "equal_principal", "interest_first"])
def test_what_is_paid_is_worth_what_was_lent_at_the_contract_rate(method: Method) -> None:
    """npv at the period's rate: each period's interest is wrong by half a fen at most, so the sum by 0.005 discounted over the periods, and no more."""
    for contract in contracts(4, 200, method):
        rate = period_rate(contract)
        flows = [-float(contract.principal), *(float(s.amount) for s in schedule(contract))]
        bound = 0.005 * float(-npf.pv(rate, contract.periods, 1)) + FLOAT
        assert abs(float(npf.npv(rate, flows))) <= bound, contract


@pytest.mark.parametrize("method", ["equal_instalments", "equal_principal", "interest_first"])
def test_the_rate_that_numpy_financial_finds_in_the_payments_is_the_contracts(method: Method) -> None:
    for contract in contracts(5, 25, method):
        if contract.periods > 60:
            continue  # the roots of a polynomial of that degree are not exact enough
        flows = [-float(contract.principal), *(float(s.amount) for s in schedule(contract))]
        found = float(npf.irr(flows)) * 12 / contract.period_months
        assert found == pytest.approx(float(contract.annual_rate), abs=2e-4), contract


def test_interest_first_pays_what_pmt_says_of_a_loan_whose_principal_stays() -> None:
    for contract in contracts(6, 100, "interest_first"):
        exact = float(-npf.pmt(period_rate(contract), contract.periods, float(contract.principal), -float(contract.principal)))
        rows = schedule(contract)
        assert all(abs(float(s.interest) - exact) <= 0.005 + FLOAT for s in rows)
        assert [s.principal for s in rows] == [Decimal(0)] * (len(rows) - 1) + [contract.principal]


def test_a_balance_in_mid_term_is_what_fv_says() -> None:
    for contract in contracts(7, 100):
        rate, lent, rows = period_rate(contract), float(contract.principal), schedule(contract)
        level = float(-npf.pmt(rate, contract.periods, lent))
        for k, left in enumerate(balances(rows, contract.principal), 1):
            error = 0.01 * ((1 + rate) ** k - 1) / rate
            if k < contract.periods:
                assert abs(float(left) + float(npf.fv(rate, k, -level, lent))) <= error + FLOAT, (contract, k)


@pytest.mark.parametrize(
    ("principal", "rate", "periods", "level", "interest"),
    [
        ("100000.00", "0.0600", 12, "8606.64", "3279.73"),
        ("50000.00", "0.0435", 36, "1484.00", "3423.90"),
        ("300000.00", "0.0410", 240, "1833.79", "140108.83"),
        ("12000.00", "0.0000", 7, "1714.29", "0.00"),
    ],
)
def test_loans_as_a_counter_would_quote_them(principal: str, rate: str, periods: int, level: str, interest: str) -> None:
    """Level instalment and total interest; the totals beside periods * pmt - principal, with the last instalment's rounding as the bound."""
    rows = schedule(Contract(Decimal(principal), Decimal(rate), "equal_instalments", date(2026, 1, 5), periods))
    assert str(rows[0].amount) == level
    total = sum((s.interest for s in rows), Decimal(0))
    assert str(total) == interest
    monthly = float(rate) / 12
    exact = periods * float(-npf.pmt(monthly, periods, float(principal))) - float(principal)
    grown = ((1 + monthly) ** periods - 1) / monthly if monthly else periods
    assert abs(float(total) - exact) <= 0.01 * grown + 0.005 * periods
