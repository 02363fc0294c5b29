"""What a policy would offer the members of a book, counted: before it goes live, and against the one in force. Pure: the files come from outside.

Every overdue loan without a standing agreement gets the proposal that it would get today, before its member has said anything but what the
simulation assumes of all. Members are counted once in a group, however many loans they have in it; so the kinds of a group may add up to
more than its members.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median_low

from zhuhuan.loans.values import MemberFile
from zhuhuan.money import from_fen, to_fen
from zhuhuan.plans.policy import Policy
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Offer, Proposal, Said

Group = tuple[str, str]  # product class and days-past-due class
ALL: Group = ("", "")
NOTHING_SAID = Said()
FIGURE = re.compile(r"\d[\d.,]*")
Mark = tuple[str, str]


@dataclass
class Tally:
    """What the members of one group get. `marks`: members by what befell them, such as ("first", "instalments").

    monthly, cost: of each first offer the most that falls due in one calendar month, and its cost beyond paying today; in fen, 8 bytes each.
    """

    marks: Counter[Mark] = field(default_factory=Counter)
    monthly: array[int] = field(default_factory=lambda: array("q"))
    cost: array[int] = field(default_factory=lambda: array("q"))

    @property
    def members(self) -> int:
        """Members with an overdue loan in this group."""
        return self.marks["member", ""]

    @property
    def none(self) -> int:
        """Members for one of whose loans nothing can be offered."""
        return self.marks["none", ""]

    @property
    def standing(self) -> int:
        """Members one of whose loans has an agreement that stands; nothing new is offered for it."""
        return self.marks["standing", ""]

    def of(self, what: str) -> dict[str, int]:
        """Members by first kind ("first"), any kind ("any"), approver of the first offer ("approver") or why there is none ("why"), most first."""
        return {name: number for (mark, name), number in self.marks.most_common() if mark == what}

    @property
    def median_monthly(self) -> Decimal | None:
        return _median(self.monthly)

    @property
    def median_cost(self) -> Decimal | None:
        return _median(self.cost)


@dataclass(frozen=True)
class Simulation:
    """One policy over one book on one day. `tallies`: by group, ALL for the whole book. members: all in the book, those without arrears too."""

    version: str
    today: date
    members: int
    tallies: Mapping[Group, Tally]

    @property
    def total(self) -> Tally:
        return self.tallies[ALL]

    @property
    def groups(self) -> list[Group]:
        """The groups with members, without ALL."""
        return sorted(group for group in self.tallies if group != ALL)


def simulate(files: Iterable[MemberFile], policies: Sequence[Policy], today: date, said: Said = NOTHING_SAID) -> tuple[Simulation, ...]:
    """Each of the policies over the same files, read once. `said` is assumed of every member.

    Memory holds the counts and 16 bytes an overdue loan and policy, never the files.
    """
    tallies: list[dict[Group, Tally]] = [{ALL: Tally()} for _ in policies]
    members = 0
    for file in files:
        members += 1
        for policy, table in zip(policies, tallies, strict=True):
            _count(file, policy, today, said, table)
    return tuple(Simulation(policy.on(today).name, today, members, table) for policy, table in zip(policies, tallies, strict=True))


def _count(file: MemberFile, policy: Policy, today: date, said: Said, table: dict[Group, Tally]) -> None:
    met: set[tuple[Group, Mark]] = set()
    for loan in file.overdue_loans:
        group = (policy.product_class(loan.product), policy.dpd_class(loan.days_past_due))
        tally = table.setdefault(group, Tally())
        marks: Iterable[Mark] = (("standing", ""),)
        if file.standing(loan.loan_id) is None:
            found = propose(loan, said, policy, today, region=file.member.region)
            marks = _marks(found)
            if found.offers:
                for one in (tally, table[ALL]):
                    one.monthly.append(to_fen(largest_month(found.offers[0])))
                    one.cost.append(to_fen(found.offers[0].cost))
        met.update((g, mark) for mark in (("member", ""), *marks) for g in (group, ALL))
    for group, mark in met:
        table[group].marks[mark] += 1


def _marks(found: Proposal) -> Iterator[Mark]:
    """What a proposal is to be counted as."""
    if not found.offers:
        yield "none", ""
        yield "why", FIGURE.sub("…", found.declined[0].why if found.declined else "")
        return
    yield "first", found.offers[0].kind
    yield "approver", found.offers[0].approval
    for offer in found.offers:
        yield "any", offer.kind


def largest_month(offer: Offer) -> Decimal:
    """Yuan that fall due in the hardest calendar month of a plan."""
    months: Counter[tuple[int, int]] = Counter()
    for part in offer.schedule:
        months[part.due.year, part.due.month] += to_fen(part.amount)
    return from_fen(max(months.values()))


def _median(values: array[int]) -> Decimal | None:
    return from_fen(median_low(values)) if values else None
