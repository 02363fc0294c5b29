"""What holds for every loan, whatever its contract and whatever was paid: 27,500 random loans, and beside them a book kept day by day by hand.

A loan is read out of one drawn string of bytes, so that drawing is cheap and still shrinks to the simplest loan that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from peers import half_up

from zhuhuan.calendar import add_months, month_end
from zhuhuan.loans.owing.day import statement, statement_of
from zhuhuan.loans.owing.methods import balances, due_dates, schedule
from zhuhuan.loans.owing.position import Ledger, in_force, posted, replay, resumed, rows_of
from zhuhuan.loans.owing.values import CIVIL_CODE_561, COMPONENTS, Component, Contract, DayStatement, Entry, Method, Scheduled
from zhuhuan.money import to_fen

DAY = timedelta(days=1)
METHODS: tuple[Method, ...] = ("equal_instalments", "equal_principal", "interest_first", "bullet")
ORDERS = tuple(p for p in permutations(COMPONENTS) if p[0] == "fee" or p[-1] == "fee")
RATES = tuple(Decimal(r).scaleb(-4) for r in (0, 1, 35, 435, 600, 720, 875, 1080, 1540, 2400, 3600))


class Dice:
    """Many small choices out of one number; zero gives the simplest of everything."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def upto(self, number: int) -> int:
        """0 to `number` - 1."""
        self._left, found = divmod(self._left, number)
        return found

    def pick(self, things: Sequence[Any]) -> Any:
        return things[self.upto(len(things))]


def a_contract(dice: Dice, most: int = 12) -> Contract:
    """Any contract of up to `most` periods: the first due date may be a stub, the 31st, before a leap day."""
    disbursed = date(2023, 1, 1) + timedelta(days=dice.upto(1200))
    return Contract(
        principal=Decimal(1 + dice.upto(dice.pick((100, 10_000, 1_000_000, 100_000_000)))).scaleb(-2),
        annual_rate=dice.pick(RATES),
        method=dice.pick(METHODS),
        disbursed=disbursed,
        periods=1 + dice.upto(most),
        period_months=dice.pick((1, 1, 3, 6)),
        first_due=disbursed + timedelta(days=1 + dice.upto(90)) if dice.upto(3) == 2 else None,
        accrual=dice.pick(("30/360", "actual/360", "actual/365")),
        penalty_uplift=dice.pick((Decimal("0.5"), Decimal("0.3"), None, Decimal(0))),
        compound=bool(dice.upto(2)),
        year_days=dice.pick((360, 365)),
        order=dice.pick((CIVIL_CODE_561, *ORDERS)),
        across=dice.pick(("component", "instalment")),
        grace_days=dice.pick((0, 0, 3, 10)),
    )


def some_entries(dice: Dice, contract: Contract, rows: Sequence[Scheduled], most: int = 5) -> tuple[Entry, ...]:
    """Up to `most` entries between lending and four months after the last due date, in no order: payments of all sizes, fees, waivers, reversals."""
    span = min(900, (rows[-1].due - contract.disbursed).days + 120)
    typical = to_fen(rows[dice.upto(len(rows))].amount) or 1
    made: list[Entry] = []
    for number in range(1, dice.upto(most + 1) + 1):
        kind = dice.pick(("payment", "payment", "payment", "payment", "fee", "waiver", "reversal"))
        day = contract.disbursed + timedelta(days=dice.upto(span + 1))
        sizes = (typical, max(1, typical // 3), typical * 3, 1 + dice.upto(1000), 100 * to_fen(contract.principal))
        amount = Decimal(dice.pick(sizes)).scaleb(-2)
        gone = {e.of for e in made}
        known = [e for e in made if e.kind == "payment" and e.id not in gone]
        if kind == "reversal" and known:
            paid = known[dice.upto(len(known))]
            made.append(Entry(number, max(day, paid.day), "reversal", paid.amount, of=paid.id))
        elif kind == "waiver":
            made.append(Entry(number, day, "waiver", amount, component=dice.pick(("penalty", "compound", "fee"))))
        elif kind != "reversal":
            made.append(Entry(number, day, kind, amount))
    return tuple(made)


def a_day(dice: Dice, contract: Contract, rows: Sequence[Scheduled]) -> date:
    """A day of the loan's life or of the 200 days after it, rather late than early."""
    days = (rows[-1].due - contract.disbursed).days + 200
    return contract.disbursed + timedelta(days=max(dice.upto(days), dice.upto(days)))


EACH = 4  # loans an example: the drawn one, and others hashed from it, since drawing costs more than checking


def loans(number: int) -> Callable[[Callable[[Dice], None]], Callable[[], None]]:
    """A property of `number` random loans."""

    def of(check: Callable[[Dice], None]) -> Callable[[], None]:
        checks = [HealthCheck.too_slow, HealthCheck.data_too_large]

        @settings(max_examples=number // EACH, deadline=None, suppress_health_check=checks, database=None)
        @given(data=st.binary(min_size=48, max_size=48))
        def test(data: bytes) -> None:
            for nth in range(EACH):
                note(f"loan {nth} of these bytes")
                check(Dice(data if nth == 0 else blake2b(data, digest_size=48, salt=bytes([nth])).digest()))

        test.__name__, test.__doc__, test.__qualname__ = check.__name__, check.__doc__, check.__qualname__
        return test

    return of


# --- schedules ------------------------------------------------------------------------------------------------------------


@loans(4000)
def test_a_schedules_parts_add_up_to_the_fen_and_the_last_one_clears_the_debt(dice: Dice) -> None:
    contract = a_contract(dice, 48)
    rows = schedule(contract)
    left = list(balances(rows, contract.principal))
    assert sum((s.principal for s in rows), Decimal(0)) == contract.principal
    assert left[-1] == 0 and min(left) == 0
    assert all(s.principal >= 0 and s.interest >= 0 and s.amount == s.principal + s.interest for s in rows)
    assert all(s.amount == s.amount.quantize(Decimal("0.01")) for s in rows)
    assert [s.number for s in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == (1 if contract.method == "bullet" else contract.periods)
    if contract.annual_rate == 0:
        assert all(s.interest == 0 for s in rows)


@loans(3000)
def test_every_due_date_is_a_real_day_a_period_after_the_last_one(dice: Dice) -> None:
    """The same day of the month, or the month's last where it has none such; a contract's dates are the contract's and are not moved to workdays."""
    contract = a_contract(dice, 60)
    days = [s.due for s in schedule(contract)]
    assert days == list(due_dates(contract)) == sorted(set(days))
    assert days[0] > contract.disbursed
    anchor = contract.first_due or contract.disbursed
    assert all(d.day == anchor.day or (d == month_end(d) and d.day < anchor.day) for d in days)
    months = [(d.year - days[0].year) * 12 + d.month - days[0].month for d in days]
    assert months == [contract.period_months * i for i in range(len(days))]
    if contract.first_due is None:
        assert days[-1] == add_months(contract.disbursed, contract.period_months * contract.periods)


@loans(2000)
def test_interest_of_each_period_is_the_balance_times_rate_and_time(dice: Dice) -> None:
    contract = a_contract(dice, 24)
    rows = schedule(contract)
    before = [contract.principal, *balances(rows, contract.principal)]
    starts = [contract.disbursed, *(s.due for s in rows)]
    for row, left, start in zip(rows, before, starts, strict=False):
        if contract.accrual == "30/360":
            if row.number == 1 and contract.first_due is not None:
                continue  # a stub: test_methods has its days
            share = Fraction(contract.period_months * (contract.periods if contract.method == "bullet" else 1), 12)
        else:
            share = Fraction((row.due - start).days, int(contract.accrual[-3:]))
        assert row.interest == half_up(Fraction(left) * Fraction(contract.annual_rate) * share)


# --- the ledger -----------------------------------------------------------------------------------------------------------


def check_statement(contract: Contract, owed: DayStatement) -> None:
    """The statement's sums are those of its lines, and every line is what its own formula gives."""
    for component, said in zip(COMPONENTS, (owed.fees, owed.penalty, owed.compound, owed.interest, owed.principal), strict=True):
        assert sum((line.outstanding for line in owed.lines if line.component == component), Decimal(0)) == said
    assert owed.overdue == sum((line.outstanding for line in owed.lines), Decimal(0))
    for line in owed.lines:
        assert line.outstanding > 0 and line.paid >= 0
        if line.component in ("penalty", "compound"):
            assert line.rate == contract.penalty_rate and line.due is not None
            base_days = sum((Fraction(s.base) * s.days for s in line.spans), Fraction(0))
            assert line.accrued == half_up(base_days * Fraction(contract.penalty_rate) / contract.year_days)
            assert 0 < sum(s.days for s in line.spans) <= (owed.day - line.due).days
    assert min(owed.balance, owed.credit, owed.running_interest, owed.not_due_principal, owed.payoff, owed.days_past_due, owed.next_amount) >= 0
    assert (owed.credit == 0) or (owed.balance == 0)
    assert owed.balance >= owed.overdue
    assert (owed.next_due is None) == (owed.next_amount == 0)
    assert (owed.days_past_due > 0) == (owed.principal + owed.interest > 0)


@loans(3500)
def test_a_payments_split_is_the_payment_nothing_is_negative_and_the_statement_is_its_lines(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows), a_day(dice, contract, rows)
    told = posted(contract, rows, entries, day)
    alive = {e.id for e in in_force(entries, day)}
    for one in told:
        shares = sum((s.amount for s in one.shares), Decimal(0))
        assert all(s.amount > 0 for s in one.shares)
        assert min(one.credit, one.overdue, one.balance) >= 0
        if one.entry.kind == "payment" and one.entry.id in alive:
            assert shares + one.credit == one.entry.amount
        elif one.entry.kind in ("payment", "reversal"):
            assert (shares, one.credit) == (0, 0)
        elif one.entry.kind == "waiver":
            assert shares <= one.entry.amount and {s.component for s in one.shares} <= {one.entry.component}
    owed = statement(contract, rows, entries, day)
    check_statement(contract, owed)
    ledger = replay(contract, rows, entries, day)
    received = sum(to_fen(e.amount) for e in entries if e.id in alive and e.kind == "payment")
    waived = sum(to_fen(s.amount) for one in told if one.entry.kind == "waiver" for s in one.shares)
    taken = sum(sum(row.paid.values()) for row in ledger.rows) + ledger.fees_paid
    assert taken + ledger.credit == received + waived  # not a fen is lost or made
    owing = sum(ledger.accrued(row, c) for row in ledger.rows for c in COMPONENTS if c != "fee") + ledger.fees
    assert to_fen(owed.balance) == owing - taken


def due_and_open(ledger: Ledger, day: int) -> dict[tuple[Component, int | None], int]:
    """Fen open of each component of each instalment due by `day`, and of fees."""
    found: dict[tuple[Component, int | None], int] = {(c, row.number): ledger.open(row, c) for row in ledger.reach(day) for c in COMPONENTS if c != "fee"}
    return {**found, ("fee", None): ledger.fees - ledger.fees_paid}


@loans(2500)
def test_the_order_of_the_contract_is_respected(dice: Dice) -> None:
    """Nothing is paid before all that goes before it: across components the whole of one before the next, across instalments the older one first."""
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows, 3), a_day(dice, contract, rows)
    ledger, on = replay(contract, rows, entries, day), day.toordinal()
    before = due_and_open(ledger, on)
    amount = 1 + dice.upto(2 * sum(before.values()) + 100)
    shares = ledger.post(Entry(99, day, "payment", Decimal(amount).scaleb(-2)))

    def place(component: Component, number: int | None) -> tuple[int, int]:
        nth = contract.order.index(component)
        if contract.across == "component":
            return (nth, number or 0)
        return (0 if number is not None else -1 if nth == 0 else 1, (number or 0) * 10 + nth)

    taken = {(c, n): fen for c, n, fen in shares if (c, n) in before}
    wanted = sorted((key for key, fen in before.items() if fen), key=lambda key: place(*key))
    left = amount
    for key in wanted:
        assert taken.get(key, 0) == min(left, before[key])
        left -= taken.get(key, 0)
    ahead = [(n, c) for c, n, _ in shares if (c, n) not in before]
    assert not ahead or left > 0
    assert ahead == sorted(ahead, key=lambda key: (key[0], key[1] == "principal"))  # then the next instalments, interest before principal


@loans(2500)
def test_replaying_gives_the_same_in_whatever_chunks_and_order_it_is_booked(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows), a_day(dice, contract, rows)
    at_once = statement(contract, rows, entries, day)
    chunks = Ledger(contract, rows_of(rows))
    for entry in in_force(entries, day):
        looked = max(contract.disbursed, entry.day - timedelta(days=dice.upto(40)))
        statement_of(chunks, looked)  # somebody asks in between, and again on the day itself
        chunks.overdue(entry.day.toordinal())
        chunks.post(entry)
        chunks.balance(entry.day.toordinal())
    assert replace(statement_of(chunks, day), open_rows=()) == replace(at_once, open_rows=())  # open_rows: see the next one
    assert statement(contract, rows, tuple(reversed(entries)), day) == at_once
    assert statement(contract, tuple(reversed(rows)), entries, day) == at_once


@loans(1500)
def test_a_ledger_goes_on_from_a_statements_open_rows_as_the_whole_ledger_does(dice: Dice) -> None:
    """What plans are costed with: until the next instalment falls due, payments made after the statement go the same way and leave the same overdue."""
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows, 4), a_day(dice, contract, rows)
    whole = replay(contract, rows, entries, day)
    owed = statement_of(whole, day)
    if owed.credit or not owed.overdue or owed.next_due == day:
        return  # on its due day an instalment takes its share of a payment, though it is not overdue yet
    part = resumed(contract, owed.open_rows, to_fen(owed.fees))
    on, end = day.toordinal(), ((owed.next_due or day + 90 * DAY) - DAY).toordinal()
    assert part.overdue(on) == whole.overdue(on) == to_fen(owed.overdue)
    for _ in range(2):
        on = min(end, on + dice.upto(40))
        fen = dice.upto(max(1, whole.overdue(on)))
        assert part.pay(fen, on) == whole.pay(fen, on)
        assert part.overdue(on) == whole.overdue(on)


@loans(2000)
def test_a_reversed_payment_is_a_ledger_without_it(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries = tuple(e for e in some_entries(dice, contract, rows, 4) if e.kind != "reversal")
    kept = tuple(e for e in entries if e.kind != "reversal")
    day = a_day(dice, contract, rows)
    paid = Entry(50, min(day, contract.disbursed + timedelta(days=dice.upto(400))), "payment", Decimal(1 + dice.upto(1_000_000)).scaleb(-2))
    back = Entry(51, paid.day + timedelta(days=dice.upto(60)), "reversal", paid.amount, of=50)
    with_both = statement(contract, rows, (*kept, paid, back), day)
    assert with_both == statement(contract, rows, kept if back.day <= day else (*kept, paid), day)
    told = posted(contract, rows, (*kept, paid, back), max(day, back.day))
    assert [t for t in told if t.entry.id not in (50, 51)] == list(posted(contract, rows, kept, max(day, back.day)))


@loans(1500)
def test_days_past_due_rise_by_one_a_day_and_fall_only_by_a_payment(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, first = some_entries(dice, contract, rows), a_day(dice, contract, rows)
    owed = statement(contract, rows, entries, first)
    for later in range(1, 9):
        day = first + timedelta(days=later)
        after = statement(contract, rows, entries, day)
        paid = any(e.day == day and e.kind == "payment" for e in entries)
        back = any(e.day == day and e.kind == "reversal" for e in entries)
        if back:
            pass  # what was reversed counts no more, from its own day on: checked against the ledger without it
        elif paid:
            assert after.days_past_due <= owed.days_past_due + 1
        elif owed.days_past_due:
            assert after.days_past_due == owed.days_past_due + 1
        else:
            fell_due = owed.next_due == day - DAY and any(row.due == day - DAY for row in rows)
            assert after.days_past_due == (1 if fell_due else 0)
        owed = after


@loans(1500)
def test_a_reversal_never_lowers_days_past_due_and_a_payment_never_raises_them(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows, 3), a_day(dice, contract, rows)
    entries = tuple(e for e in entries if e.kind != "waiver")  # less penalty would leave less to waive
    paid_on = contract.disbursed + timedelta(days=dice.upto((day - contract.disbursed).days + 1))
    paid = Entry(50, paid_on, "payment", Decimal(1 + dice.upto(500_000)).scaleb(-2))
    without, with_it = statement(contract, rows, entries, day), statement(contract, rows, (*entries, paid), day)
    assert with_it.days_past_due <= without.days_past_due
    assert with_it.balance - with_it.credit <= without.balance - without.credit - paid.amount  # it also stops what would have come up
    reversed_again = statement(contract, rows, (*entries, paid, Entry(51, day, "reversal", paid.amount, of=50)), day)
    assert reversed_again.days_past_due == without.days_past_due


@loans(1500)
def test_penalty_and_compound_interest_never_fall_while_nothing_is_booked(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries = some_entries(dice, contract, rows, 4)
    quiet = max([contract.disbursed, *(e.day for e in entries)])
    days = [quiet + timedelta(days=dice.upto(60) + 40 * step) for step in range(4)]
    told = [statement(contract, rows, entries, day) for day in sorted(days)]
    for earlier, later in pairwise(told):
        assert later.penalty >= earlier.penalty and later.compound >= earlier.compound
        assert later.overdue >= earlier.overdue and later.fees == earlier.fees and later.credit == earlier.credit
    if contract.penalty_rate == 0:
        assert told[-1].penalty == told[-1].compound == 0
    if not contract.compound:
        assert told[-1].compound == 0


@loans(1000)
def test_two_entries_of_one_day_conserve_the_sum_in_either_order(dice: Dice) -> None:
    contract = a_contract(dice)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows, 3), a_day(dice, contract, rows)
    kinds = dice.pick((("payment", "payment"), ("payment", "fee"), ("fee", "payment")))
    amounts = [Decimal(1 + dice.upto(1_000_000)).scaleb(-2) for _ in range(2)]
    nets = []
    for ids in ((50, 51), (51, 50)):
        pair = tuple(Entry(n, day, kind, amount) for n, kind, amount in zip(ids, kinds, amounts, strict=True))
        owed = statement(contract, rows, (*entries, *pair), day)
        check_statement(contract, owed)
        nets.append(owed.balance - owed.credit)
    assert nets[0] == nets[1]


# --- a book kept by hand --------------------------------------------------------------------------------------------------


def by_hand(contract: Contract, rows: Sequence[Scheduled], entries: Sequence[Entry], until: date) -> dict[str, Fraction]:
    """What is owed on `until`, kept day by day with exact fractions: every night an overdue instalment bears interest on what is open of it.

    Slow and plain on purpose; it shares nothing with the engine but the contract. What was borne shows after the grace days.
    """
    gone = {e.of for e in entries if e.kind == "reversal" and e.day <= until}
    alive = [e for e in entries if e.day <= until and e.kind != "reversal" and e.id not in gone]
    open_of = {(s.number, c): Fraction(v) for s in rows for c, v in (("principal", s.principal), ("interest", s.interest))}
    due = {s.number: s.due for s in rows}
    borne = {(s.number, c): Fraction(0) for s in rows for c in ("penalty", "compound")}
    paid = dict.fromkeys(borne, Fraction(0))
    fees = credit = Fraction(0)
    nightly = Fraction(contract.penalty_rate) / contract.year_days

    def wanted(number: int, component: str) -> Fraction:
        if component in ("principal", "interest"):
            return open_of[number, component]
        if day <= due[number] + contract.grace_days * DAY:
            return Fraction(0)
        return Fraction(half_up(borne[number, component])) - paid[number, component]

    def take(number: int, component: str, amount: Fraction) -> Fraction:
        share = max(Fraction(0), min(amount, wanted(number, component)))
        if component in ("principal", "interest"):
            open_of[number, component] -= share
        else:
            paid[number, component] += share
        return amount - share

    def pay(amount: Fraction, day: date) -> Fraction:
        nonlocal fees
        numbers = sorted((n for n in due if due[n] <= day), key=lambda n: due[n])
        loop = [(c, numbers) for c in contract.order] if contract.across == "component" else []
        if not loop:
            fee = [("fee", numbers)]
            inner = [(c, [n]) for n in numbers for c in contract.order if c != "fee"]
            loop = fee + inner if contract.order[0] == "fee" else inner + fee
        for component, those in loop:
            if component == "fee":
                share = min(amount, fees)
                fees, amount = fees - share, amount - share
                continue
            for number in those:
                amount = take(number, component, amount)
        for number in sorted((n for n in due if due[n] > day), key=lambda n: due[n]):
            for component in ("interest", "principal"):
                amount = take(number, component, amount)
        return amount

    day = contract.disbursed
    while True:
        for entry in sorted((e for e in alive if e.day == day), key=lambda e: e.id):
            amount = Fraction(entry.amount)
            if entry.kind == "payment":
                credit += pay(amount, day)
            elif entry.kind == "fee":
                fees += amount
                credit = pay(credit, day)
            elif entry.component == "fee":
                fees -= min(fees, amount)
            else:
                for number in sorted((n for n in due if due[n] <= day), key=lambda n: due[n]):
                    amount = take(number, str(entry.component), amount)
        if day == until:
            break
        for number in due:
            if due[number] <= day:
                borne[number, "penalty"] += open_of[number, "principal"] * nightly
                borne[number, "compound"] += open_of[number, "interest"] * nightly if contract.compound else 0
        day += DAY
    late = [n for n in due if due[n] < until]
    sums = {c: sum((wanted(n, c) for n in late), Fraction(0)) for c in ("principal", "interest", "penalty", "compound")}
    unpaid = [due[n] for n in late if open_of[n, "principal"] + open_of[n, "interest"] > 0]
    later = sum((open_of[n, c] for n in due if n not in late for c in ("principal", "interest")), Fraction(0))
    days = Fraction((until - min(unpaid)).days if unpaid else 0)
    return {**sums, "fees": fees, "credit": credit, "balance": sum(sums.values()) + fees + later, "days_past_due": days}


@loans(1000)
def test_a_book_kept_day_by_day_by_hand_says_the_same(dice: Dice) -> None:
    contract = replace(a_contract(dice, 4), period_months=1, first_due=None)
    rows = schedule(contract)
    entries, day = some_entries(dice, contract, rows, 6), a_day(dice, contract, rows)
    if any(row.due <= e.day <= row.due + contract.grace_days * DAY for row in rows for e in entries):
        contract = replace(contract, grace_days=0)  # what is paid within grace days: see the test below
    owed = statement(contract, rows, entries, day)
    assert {name: Fraction(getattr(owed, name)) for name in by_hand(contract, rows, (), contract.disbursed)} == by_hand(contract, rows, entries, day)


@pytest.mark.parametrize("paid_on", [0, 2, 3, 4])
def test_an_instalment_paid_within_its_grace_days_bears_nothing_and_one_paid_after_them_all_of_it(paid_on: int) -> None:
    contract = Contract(Decimal(1200), Decimal("0.12"), "equal_principal", date(2026, 1, 10), 12, grace_days=3, compound=True)
    rows = schedule(contract)
    day = rows[0].due + timedelta(days=paid_on)
    owed = statement(contract, rows, (Entry(1, day, "payment", rows[0].amount),), rows[0].due + timedelta(days=20))
    without_grace = statement(replace(contract, grace_days=0), rows, (Entry(1, day, "payment", rows[0].amount),), owed.day)
    assert (owed.penalty, owed.compound) == ((0, 0) if paid_on <= 3 else (without_grace.penalty, without_grace.compound))
