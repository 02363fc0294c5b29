"""What waiting costs by a loan's own contract: overdue principal bears penalty interest until it is paid, unpaid interest compound interest.

`roughly` sums up all overdue instalments in floating point and is what plans are laid out with; `last_part` asks the ledger itself, in whole fen, so
that the payments of a plan clear the arrears exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhuhuan.loans.owing.position import resumed
from zhuhuan.loans.owing.values import COMPONENTS, Contract, DayStatement
from zhuhuan.loans.values import Part
from zhuhuan.money import from_fen, to_fen
from zhuhuan.plans.schedule import Cost

_FIRST_PAID = 7  # place of the first paid sum in position.row_state


def roughly(owed: DayStatement, contract: Contract, debt: int) -> Cost:
    """The cost in fen of paying parts (fen) on days, from the day of the statement on, for a debt of `debt` fen: rounded once instead of by instalment."""
    principal_at, interest_at = _FIRST_PAID + COMPONENTS.index("principal"), _FIRST_PAID + COMPONENTS.index("interest")
    principal = sum(row[3] - row[principal_at] for row in owed.open_rows)
    interest = sum(row[4] - row[interest_at] for row in owed.open_rows)
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
    """Yuan that clear the arrears with the last payment of a schedule, once the earlier ones are made; 0 where they have cleared it before."""
    ledger = resumed(contract, owed.open_rows, to_fen(owed.fees))
    for part in schedule[:-1]:
        ledger.pay(to_fen(part.amount), part.due.toordinal())
    return from_fen(max(0, ledger.due(schedule[-1].due.toordinal()) - ledger.credit))
