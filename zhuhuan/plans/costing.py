"""What waiting costs by a loan's own contract: overdue principal bears penalty interest until it is paid, unpaid interest compound interest.

`roughly` sums up all overdue instalments in floating point and is what plans are laid out with; `last_part` asks the ledger itself, in whole fen, so
that the payments of a plan clear the arrears exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhuhuan.loans.owing.position import resumed
from zhuhuan.loans.owing.values import CIVIL_CODE_561, COMPONENTS, Contract, DayStatement
from zhuhuan.loans.values import Part
from zhuhuan.money import from_fen, to_fen
from zhuhuan.plans.schedule import Cost

_FIRST_PAID = 7  # place of the first paid sum in position.row_state
_PENALTY, _COMPOUND, _INTEREST, _PRINCIPAL = (_FIRST_PAID + COMPONENTS.index(c) for c in ("penalty", "compound", "interest", "principal"))
_LENGTH = _FIRST_PAID + len(COMPONENTS)  # of a row on which nothing is held


def roughly(owed: DayStatement, contract: Contract, debt: int) -> Cost:
    """The cost in fen of paying parts (fen) on days, from the day of the statement on, for a debt of `debt` fen: rounded once instead of by instalment."""
    principal = sum(row[3] - row[_PRINCIPAL] for row in owed.open_rows)
    interest = sum(row[4] - row[_INTEREST] for row in owed.open_rows)
    first = min((row[1] for row in owed.open_rows), default=owed.day.toordinal())
    start = max(owed.day.toordinal(), first)
    rate, compound = float(contract.penalty_rate) / contract.year_days, contract.compound
    charges_first = contract.order.index("penalty") < contract.order.index("principal")

    def cost(parts: Sequence[int], days: Sequence[date]) -> int:
        bearing, unpaid_interest, rest, total, before = float(principal), float(interest), float(debt - principal - interest), 0.0, start
        for fen, day in zip(parts, days, strict=False):
            on = day.toordinal()
            if on > before:
                borne = (bearing + unpaid_interest if compound else bearing) * (on - before) * rate
                total += borne
                rest += borne
                before = on
            left = float(fen)
            if unpaid_interest:
                if left <= unpaid_interest:
                    unpaid_interest -= left
                    continue
                left -= unpaid_interest
                unpaid_interest = 0.0
            if charges_first:
                if left <= rest:
                    rest -= left
                    continue
                left -= rest
                rest = 0.0
            bearing = bearing - left if bearing > left else 0.0
        return round(total)

    return cost


def last_part(owed: DayStatement, contract: Contract, schedule: Sequence[Part]) -> Decimal:
    """Yuan that clear the arrears with the last payment of a schedule, once the earlier ones are made; below 0 where those were so much too much."""
    if contract.order == CIVIL_CODE_561 and all(len(row) == _LENGTH and row[1] < owed.day.toordinal() for row in owed.open_rows):
        return from_fen(_left(owed, contract, schedule))
    ledger = resumed(contract, owed.open_rows, to_fen(owed.fees))
    for part in schedule[:-1]:
        ledger.pay(to_fen(part.amount), part.due.toordinal())
    return from_fen(ledger.due(schedule[-1].due.toordinal()) - ledger.credit)


def _left(owed: DayStatement, contract: Contract, schedule: Sequence[Part]) -> int:
    """What `last_part` asks the ledger, in fen, for the usual order of a payment and instalments that are all overdue: plans are made by the thousand.

    Kept equal to position.Ledger by a property in tests/plans/test_costing.py.
    """
    rows = owed.open_rows
    principal, interest = [row[3] - row[_PRINCIPAL] for row in rows], [row[4] - row[_INTEREST] for row in rows]
    borne, charged = [row[5] for row in rows], [row[_PENALTY] for row in rows]
    borne_by_interest, compounded = [row[6] for row in rows], [row[_COMPOUND] for row in rows]
    numerator, denominator = contract.penalty_rate.as_integer_ratio()
    rate, by = 2 * numerator, denominator * contract.year_days
    doubled, fees, places, before, spare = 2 * by, to_fen(owed.fees), range(len(rows)), owed.day.toordinal(), 0
    groups: Sequence[Sequence[int]] = [places] if contract.across == "component" else [(k,) for k in places]
    for part in schedule:
        on = part.due.toordinal()
        span, before = on - before, on
        for k in places:
            if principal[k]:
                borne[k] += principal[k] * span
            if interest[k] and contract.compound:
                borne_by_interest[k] += interest[k] * span
        if part is schedule[-1]:
            break
        left = to_fen(part.amount)
        taken = min(left, fees)
        fees, left = fees - taken, left - taken
        for group in groups:
            for k in group:
                if left and interest[k]:
                    taken = min(left, interest[k])
                    interest[k] -= taken
                    left -= taken
            for k in group:
                if left and borne[k]:
                    taken = min(left, (borne[k] * rate + by) // doubled - charged[k])
                    charged[k] += taken
                    left -= taken
            for k in group:
                if left and borne_by_interest[k]:
                    taken = min(left, (borne_by_interest[k] * rate + by) // doubled - compounded[k])
                    compounded[k] += taken
                    left -= taken
            for k in group:
                if left and principal[k]:
                    taken = min(left, principal[k])
                    principal[k] -= taken
                    left -= taken
        spare += left
    accrued = sum((borne[k] * rate + by) // doubled - charged[k] + (borne_by_interest[k] * rate + by) // doubled - compounded[k] for k in places)
    return fees + sum(principal) + sum(interest) + accrued - spare
