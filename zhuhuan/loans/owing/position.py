"""A loan's ledger replayed: where each payment goes, and what is owed after it. The ledger alone gives the balance; nothing is kept beside it.

Overdue principal bears penalty interest by days (银发〔2003〕251号), unpaid interest of the contract bears compound interest at the same rate where the
contract says so. Days run from the due date to the day of payment, the first counted and the last not. What a row has borne is kept as
fen x days, a whole number, and rounded half up to the fen once: so it does not matter in how many steps it was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhuhuan.loans.owing.methods import half_up
from zhuhuan.loans.owing.values import COMPONENTS, Component, Contract, Entry, EntryKind, Scheduled
from zhuhuan.money import from_fen, to_fen

Went = tuple[Component, int | None, int]  # component, instalment (None: the loan's fees), fen


@dataclass(frozen=True)
class Share:
    """What of an entry went to one component of one instalment (number None: fees of the loan); `amount` in yuan, above 0."""

    component: Component
    number: int | None
    amount: Decimal


@dataclass(frozen=True)
class Posted:
    """An entry as it was posted: where it went, what of it is `credit` beyond all that is owed, and what is owed after it, in yuan.

    A payment's shares and credit add up to it. A reversed payment has neither; so has its reversal.
    """

    entry: Entry
    shares: tuple[Share, ...]
    credit: Decimal
    overdue: Decimal
    balance: Decimal


class Row:
    """One instalment in whole fen; days as ordinals. penalty_days, compound_days: fen x days borne up to `counted`.

    held: principal, interest and days within the grace days, which count only where the instalment is not paid by their end.
    """

    __slots__ = ("compound_days", "compound_spans", "counted", "due", "held", "interest", "number", "paid", "penalty_days", "penalty_spans", "principal")

    def __init__(self, number: int, due: int, principal: int, interest: int) -> None:
        self.number, self.due, self.counted = number, due, due
        self.principal, self.interest = principal, interest
        self.penalty_days = self.compound_days = 0
        self.held: list[tuple[int, int, int]] = []
        self.penalty_spans: list[list[int]] = []
        self.compound_spans: list[list[int]] = []
        self.paid: dict[str, int] = dict.fromkeys(COMPONENTS, 0)

    @property
    def open_principal(self) -> int:
        return self.principal - self.paid["principal"]

    @property
    def open_interest(self) -> int:
        return self.interest - self.paid["interest"]


def _span(spans: list[list[int]], base: int, days: int) -> int:
    if spans and spans[-1][0] == base:
        spans[-1][1] += days
    else:
        spans.append([base, days])
    return base * days


class Ledger:
    """A loan's position while entries are posted to it, in whole fen. `rows` are the instalments by due date. spans: whether bases and days are kept apart."""

    def __init__(self, contract: Contract, rows: Iterable[Row], spans: bool = True) -> None:
        self.contract, self.spans = contract, spans
        self.rows = sorted(rows, key=lambda row: (row.due, row.number))
        self.fees = self.fees_paid = self.credit = 0
        self.penalty_rate = contract.penalty_rate
        numerator, denominator = self.penalty_rate.as_integer_ratio()
        self._rate, self._by, self._grace = numerator, denominator * contract.year_days, contract.grace_days
        self._inner = tuple(c for c in contract.order if c != "fee")
        self._settled = 0  # rows before it owe nothing more whatever day it is

    # --- what has come up -------------------------------------------------------------------------------------------

    def count(self, row: Row, day: int) -> None:
        """Count the days on which a row was overdue, up to `day`. Within the grace days nothing counts; after them all days since the due date do."""
        start = row.counted
        if day <= start:
            return
        paid = row.paid
        principal, interest = row.principal - paid["principal"], row.interest - paid["interest"]
        row.counted = day
        if not principal and not interest:
            row.held.clear()
            return
        if self._grace and day <= row.due + self._grace:
            row.held.append((principal, interest, day - start))
            return
        for held_principal, held_interest, days in row.held:
            self._bear(row, held_principal, held_interest, days)
        row.held.clear()
        self._bear(row, principal, interest, day - start)

    def _bear(self, row: Row, principal: int, interest: int, days: int) -> None:
        if not self.spans:
            row.penalty_days += principal * days
            row.compound_days += interest * days if self.contract.compound else 0
            return
        if principal:
            row.penalty_days += _span(row.penalty_spans, principal, days)
        if interest and self.contract.compound:
            row.compound_days += _span(row.compound_spans, interest, days)

    def accrued(self, row: Row, component: Component) -> int:
        """Fen of a component that have come up on a row, up to where its days are counted."""
        if component == "penalty":
            return half_up(row.penalty_days * self._rate, self._by) if row.penalty_days else 0
        if component == "compound":
            return half_up(row.compound_days * self._rate, self._by) if row.compound_days else 0
        return row.principal if component == "principal" else row.interest

    def open(self, row: Row, component: Component) -> int:
        """Fen of a component that a row still owes."""
        return self.accrued(row, component) - row.paid[component]

    def reach(self, day: int) -> list[Row]:
        """The rows that are due by `day` and may owe something, with their days counted up to it."""
        rows, found, settled = self.rows, [], self._settled
        for index in range(settled, len(rows)):
            row = rows[index]
            if row.due > day:
                break
            if row.counted < day:
                self.count(row, day)
            if index == settled and not self.owes(row):
                settled += 1
            found.append(row)
        self._settled = settled
        return found

    def owes(self, row: Row) -> bool:
        """Whether a row whose days are counted owes anything."""
        paid = row.paid
        if row.principal > paid["principal"] or row.interest > paid["interest"]:
            return True
        return self.open(row, "penalty") > 0 or self.open(row, "compound") > 0

    # --- posting ----------------------------------------------------------------------------------------------------

    def post(self, entry: Entry) -> list[Went]:
        """Post an entry of the ledger; returns where it went: component, instalment and fen. Entries come by day, then by id."""
        return self.post_fen(entry.kind, to_fen(entry.amount), entry.day.toordinal(), entry.component)

    def post_fen(self, kind: EntryKind, amount: int, day: int, component: Component | None = None) -> list[Went]:
        """As `post`, with the amount in fen and the day as ordinal."""
        if kind == "payment":
            return self.pay(amount, day)
        if kind == "waiver":
            return self._waive(amount, day, component or "penalty")
        if kind == "fee":
            self.fees += amount
            spare, self.credit = self.credit, 0
            return self.pay(spare, day) if spare else []
        return []

    def pay(self, amount: int, day: int) -> list[Went]:
        """Post a payment of `amount` fen on a day (ordinal); returns where it went. What is beyond all that is owed stands as a credit."""
        shares: list[Went] = []
        if self._paid_as_scheduled(amount, day, shares):
            return shares
        due = self.reach(day)
        amount = self._to_due(amount, due, shares)
        if amount:  # paid in advance: the next instalments, then a credit
            for row in self.rows[self._settled :]:
                if row.due > day:
                    amount = self._to_rows(amount, (row,), ("interest", "principal"), shares)
                if not amount:
                    break
        self.credit += amount
        for row in due:  # what is cleared need not be looked at again
            if self._settled == len(self.rows) or row is not self.rows[self._settled] or self.owes(row):
                break
            self._settled += 1
        return shares

    def _to_due(self, amount: int, due: list[Row], shares: list[Went]) -> int:
        """Fill what is due in the order of the contract; returns what is left of `amount`."""
        contract = self.contract
        if len(due) == 1 and self.fees == self.fees_paid:  # the usual case: one instalment, then both ways are one
            return self._to_rows(amount, due, self._inner, shares)
        if contract.across == "component":
            for component in contract.order:
                amount = self._to_fees(amount, shares) if component == "fee" else self._to_rows(amount, due, (component,), shares)
            return amount
        if contract.order[0] == "fee":
            amount = self._to_fees(amount, shares)
        for row in due:
            amount = self._to_rows(amount, (row,), self._inner, shares)
        return self._to_fees(amount, shares)

    def _paid_as_scheduled(self, amount: int, day: int, shares: list[Went]) -> bool:
        """Whether the payment is just the next instalment, in time and whole, which most are; then it is posted, as the long way would."""
        if self._settled == len(self.rows) or self.fees != self.fees_paid:
            return False
        row = self.rows[self._settled]
        paid = row.paid
        if day > row.due or amount != row.principal + row.interest or paid["principal"] or paid["interest"]:
            return False
        for component in self._inner:
            share = row.principal if component == "principal" else row.interest if component == "interest" else 0
            if share:
                paid[component] = share
                shares.append((component, row.number, share))
        if day == row.due:
            self._settled += 1
        return True

    def _to_fees(self, amount: int, shares: list[Went]) -> int:
        share = min(amount, self.fees - self.fees_paid)
        if share > 0:
            self.fees_paid += share
            shares.append(("fee", None, share))
        return amount - share

    def _to_rows(self, amount: int, rows: Iterable[Row], components: tuple[Component, ...], shares: list[Went]) -> int:
        """Fill these components of these rows, one row after the other; returns what is left of `amount`."""
        rate, by, doubled = 2 * self._rate, self._by, 2 * self._by
        for row in rows:
            paid = row.paid
            for component in components:
                if not amount:
                    return 0
                if component == "principal":  # as `open`, for the many times that this is asked
                    wanted = row.principal - paid["principal"]
                elif component == "interest":
                    wanted = row.interest - paid["interest"]
                else:
                    borne = row.penalty_days if component == "penalty" else row.compound_days
                    if not borne:
                        continue
                    wanted = (borne * rate + by) // doubled - paid[component]
                if wanted > 0:
                    share = wanted if wanted < amount else amount
                    amount -= share
                    paid[component] += share
                    shares.append((component, row.number, share))
        return amount

    def _waive(self, amount: int, day: int, component: Component) -> list[Went]:
        due = self.reach(day)
        shares: list[Went] = []
        if component == "fee":
            self._to_fees(amount, shares)
        else:
            self._to_rows(amount, due, (component,), shares)
        return shares

    # --- sums -------------------------------------------------------------------------------------------------------

    def overdue(self, day: int) -> int:
        """Fen overdue on `day`: what fell due before it, with all that it bears, and fees."""
        return self._owed(row for row in self.reach(day) if row.due < day)

    def due(self, day: int) -> int:
        """Fen that have fallen due by `day`, that day's instalment included, with all that they bear, and fees."""
        return self._owed(self.reach(day))

    def _owed(self, rows: Iterable[Row]) -> int:
        return sum(self.open(row, c) for row in rows for c in COMPONENTS if c != "fee") + self.fees - self.fees_paid

    def balance(self, day: int) -> int:
        """Fen of everything still owed: overdue on `day` and all instalments to come."""
        return self.overdue(day) + sum(row.open_principal + row.open_interest for row in self.rows if row.due >= day)


def rows_of(schedule: Iterable[Scheduled]) -> list[Row]:
    """The instalments of a schedule as rows on which nothing is paid."""
    return [Row(s.number, s.due.toordinal(), to_fen(s.principal), to_fen(s.interest)) for s in schedule]


def row_state(row: Row) -> tuple[int, ...]:
    """A row as plain numbers: number, due day, day counted to, principal, interest, fen x days of penalty and compound, what is paid by component, what is held."""
    held = (number for span in row.held for number in span)
    return (row.number, row.due, row.counted, row.principal, row.interest, row.penalty_days, row.compound_days, *(row.paid[c] for c in COMPONENTS), *held)


def resumed(contract: Contract, states: Iterable[tuple[int, ...]], fees: int = 0) -> Ledger:
    """A ledger that goes on from rows that `row_state` told, with `fees` fen of unpaid fees."""
    rows = []
    for number, due, counted, principal, interest, penalty_days, compound_days, *more in states:
        row = Row(number, due, principal, interest)
        row.counted, row.penalty_days, row.compound_days = counted, penalty_days, compound_days
        row.paid = dict(zip(COMPONENTS, more, strict=False))
        held = more[len(COMPONENTS) :]
        row.held = list(zip(held[::3], held[1::3], held[2::3], strict=True))
        rows.append(row)
    ledger = Ledger(contract, rows, spans=False)
    ledger.fees = fees
    return ledger


def in_force(entries: Iterable[Entry], until: date) -> list[Entry]:
    """The entries up to and including `until` in the order of posting (day, then id), without reversed payments and their reversals."""
    known = [e for e in entries if e.day <= until]
    gone = {e.of for e in known if e.kind == "reversal"}
    if gone:
        known = [e for e in known if e.kind != "reversal" and e.id not in gone]
    known.sort(key=lambda e: (e.day, e.id))
    return known


def replay(contract: Contract, schedule: Iterable[Scheduled], entries: Iterable[Entry], until: date) -> Ledger:
    """The position after all entries up to and including `until`, with overdue days counted to that day.

    A payment that is reversed by then never counted: it is as if it had not been made.
    """
    ledger = Ledger(contract, rows_of(schedule))
    for entry in in_force(entries, until):
        ledger.post(entry)
    ledger.reach(until.toordinal())
    return ledger


def posted(contract: Contract, schedule: Sequence[Scheduled], entries: Sequence[Entry], until: date) -> tuple[Posted, ...]:
    """Every entry up to and including `until` with where it went and what was owed after it, in the order of posting.

    What was owed after it is told as the ledger knows it on `until`: without payments that were reversed by then.
    """
    counted = {e.id: None for e in in_force(entries, until)}
    ledger, told = Ledger(contract, rows_of(schedule)), []
    for entry in sorted((e for e in entries if e.day <= until), key=lambda e: (e.day, e.id)):
        before = ledger.credit
        shares = ledger.post(entry) if entry.id in counted else []
        day = entry.day.toordinal()
        told.append(Posted(
            entry, tuple(Share(c, n, from_fen(fen)) for c, n, fen in shares), from_fen(max(0, ledger.credit - before)), from_fen(ledger.overdue(day)),
            from_fen(ledger.balance(day)),
        ))  # fmt: skip
    return tuple(told)
