"""The frame of one proposal: loan, words, policy and day, with what follows from them for every kind of plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cached_property

from zhuhuan.calendar import add_months
from zhuhuan.loans.values import Approver, LoanFacts, Part
from zhuhuan.money import FEN, ZERO, from_fen, to_fen
from zhuhuan.plans.affordability import WEEKS_A_MONTH, Ceiling, ceiling
from zhuhuan.plans.costing import last_part, roughly
from zhuhuan.plans.explain import KIND_WORDS, WHOLE_LOAN, day_words, moves_in_words
from zhuhuan.plans.policy import Policy, Terms, months_between
from zhuhuan.plans.schedule import (
    Cost,
    Dated,
    Laid,
    Shape,
    day_of_month,
    fewest_parts,
    in_months,
    lay_out,
    on_workdays,
    run,
    weekday_from,
    workday,
)
from zhuhuan.plans.values import Declined, Offer, PlanKind, Said

DAY = timedelta(days=1)
REFINED = 8  # times that a rough cost is put right by the ledger
A_LITTLE = Decimal(1)  # yuan that may go into any payment; more of it only into the last
FEW = Decimal("0.02")  # yuan that the last payment of a plan may be out of shape
LUMPS: frozenset[PlanKind] = frozenset({"whole", "grace", "deferral", "seasonal", "settlement", "extension"})  # one payment a longish while apart: months between may be saved for
Nominal = Callable[[], Iterator[date]]


@dataclass(frozen=True)
class Frame:
    """What all plans for one loan on one day share. `debt`: what a plan has to clear, in yuan, before its cost. `region`: the member's, if known."""

    loan: LoanFacts
    said: Said
    terms: Terms
    today: date
    debt: Decimal
    region: str = ""

    @cached_property
    def since(self) -> date:
        """The day from which waiting costs: today, or the due date of a loan that is not overdue yet."""
        due = self.loan.due_date
        return due if due and due > self.today and not self.loan.overdue else self.today

    @cached_property
    def cap(self) -> Ceiling:
        return ceiling(self.said, self.terms, self.region)

    @cached_property
    def week_cap(self) -> Decimal | None:
        """The most a weekly payment may be: the maximum named, and what keeps five of them within the month's."""
        caps = [self.said.at_most_week, self.said.at_most_month and self.said.at_most_month / 5, self.cap.figures and self.cap.figures / WEEKS_A_MONTH]
        known = [c for c in caps if c is not None]
        return min(known).quantize(FEN, rounding=ROUND_DOWN) if known else None

    @cached_property
    def part_cap(self) -> Decimal | None:
        """The most one payment in the member's rhythm may be."""
        return self.week_cap if self.weekly else self.cap.month

    @cached_property
    def weekly(self) -> bool:
        """Whether the member's own rhythm is the week."""
        return self.said.weekday is not None or self.said.at_most_week is not None or (self.said.each is not None and self.said.each_per == "week")

    @cached_property
    def hard(self) -> bool:
        """Whether the reason is a lasting hardship."""
        return self.said.reason in self.terms.hardship

    @property
    def whole_loan(self) -> bool:
        """Whether all that is owed is to be cleared, not the arrears alone."""
        return self.said.basis == "balance" or self.said.wish in WHOLE_LOAN

    @property
    def penalty(self) -> Decimal:
        """Penalty interest in the debt, in yuan: by the day's statement, else all charges that the book has."""
        return self.loan.owed.penalty if self.loan.owed is not None else self.loan.penalty

    @cached_property
    def paused_until(self) -> date | None:
        """The day to which the pause that was asked for leads, as far as anyone may grant it."""
        if self.said.defer_days is not None:
            return self.today + timedelta(days=self.said.defer_days)
        if self.said.defer_months is not None:
            return add_months(self.today, min(self.said.defer_months, self.terms.widest.defer_months))
        return None

    @cached_property
    def floor(self) -> date:
        """No payment before this day: the member's start or the end of the pause asked for; never in the past."""
        return max(filter(None, (self.today, self.said.start, self.paused_until)))

    def first_day(self, not_before: date | None = None) -> date:
        """The day of the first payment: the pay day or weekday named, the start named, else the policy's usual day, a workday."""
        named = not_before is not None or self.floor > self.today or self.said.start == self.today
        floor = max(not_before or self.floor, self.floor)
        if self.weekly:
            return weekday_from(self.said.weekday, floor if named else self.today + DAY) if self.said.weekday is not None else self._plain(floor, named, 7)
        if self.said.pay_day is not None:
            return day_of_month(self.said.pay_day, floor if named else self.today + DAY)
        return self._plain(floor, named, self.terms.first_in_days)

    def named_start(self) -> date | None:
        """The first day that the member's own words give, or None where they give none."""
        named = self.floor > self.today or self.said.start == self.today
        if named or self.said.weekday is not None or self.said.pay_day is not None:
            return self.first_day()
        return None

    def _plain(self, floor: date, named: bool, wait: int) -> date:
        return floor if named and floor == self.said.start else workday(floor if named else self.today + timedelta(days=wait))

    def dates(self, nominal: Nominal, as_named: bool = False) -> Callable[[int], Dated]:
        """`days(number)` for lay_out over an endless run of nominal days."""
        return lambda number: on_workdays(nominal(), number, self.today, as_named)

    def rhythm(self, first: date) -> Callable[[int], Dated]:
        """Days from `first` on in the member's rhythm: weekly, or monthly on the pay day or the day of `first`."""
        step = None if self.weekly else self.said.pay_day or first.day
        as_named = self.weekly and self.said.weekday in (5, 6)
        return lambda number: run(first, step, number, self.today, as_named)

    def harvests(self, months: Collection[int]) -> Iterator[date]:
        """The pay day, or the policy's day of payment, of each of these months from the floor on, without end."""
        return in_months(months, self.said.pay_day or self.terms.seasonal_day, max(self.floor, self.today + DAY))

    def lay(self, shape: Shape, days: Callable[[int], Dated]) -> Laid:
        return lay_out(self.debt, shape, days, self.loan.annual_rate, self.since, self.most_parts, self.cost_of)

    @cached_property
    def cost_of(self) -> Cost | None:
        """What waiting costs by the loan's own contract, for a plan for its arrears; None where the book has none or the whole loan is meant."""
        loan = self.loan
        if loan.owed is None or loan.contract is None or self.whole_loan:
            return None
        return roughly(loan.owed, loan.contract, to_fen(self.debt))

    def cleared(self, kind: PlanKind, laid: Laid) -> Laid | None:
        """The plan whose payments clear the arrears to the fen by the loan's own ledger; as it was where no contract tells.

        What the rough cost left over goes the way of the plan's shape, and the last fen into the last payment or, where a ceiling leaves it no
        room, into an earlier one. A shape of fixed sums that would need other days for it stays with its rough cost. None where what it
        really costs would break what the plan held before.
        """
        loan, schedule = self.loan, laid.schedule
        if self.cost_of is None or loan.owed is None or loan.contract is None or not schedule:
            return laid
        held = self.holds(kind, schedule)

        def left(tried: Sequence[Part]) -> Decimal:
            assert loan.owed is not None and loan.contract is not None
            return last_part(loan.owed, loan.contract, tried) - tried[-1].amount

        change, cost = left(schedule), laid.cost
        for _ in range(REFINED):
            if abs(change) <= FEW or laid.shape is None:
                break
            cost += change
            parts = laid.shape(to_fen(self.debt + cost))
            if len(parts) != len(schedule) or min(parts) <= 0:
                break
            schedule = tuple(Part(p.due, from_fen(fen)) for p, fen in zip(schedule, parts, strict=True))
            change = left(schedule)
        if not change:
            return replace(laid, schedule=schedule, cost=cost) if not held or self.holds(kind, schedule) else None
        last = len(schedule) - 1
        for place in dict.fromkeys((last, max(0, last - 1), 0, last // 2) if abs(change) <= A_LITTLE else (last,)):
            tried = [replace(p, amount=p.amount + change) if i == place else p for i, p in enumerate(schedule)]
            if place != last:
                tried[-1] = replace(tried[-1], amount=tried[-1].amount + left(tried))
            if min(p.amount for p in tried) > 0 and (not held or self.holds(kind, tuple(tried))):
                return replace(laid, schedule=tuple(tried), cost=sum((p.amount for p in tried), ZERO) - self.debt)
        return None if held and not self.holds(kind, schedule) else laid

    @property
    def most_parts(self) -> int:
        """More payments than anyone may grant are not laid out; four weekly ones count as one."""
        return self.terms.widest.periods * (4 if self.weekly else 1)

    def fewest(self, cap: Decimal, days: Callable[[int], Dated]) -> int | None:
        """The smallest number of equal parts within `cap` that the highest approver could still grant."""
        return fewest_parts(self.debt, cap, self.most_parts, lambda n: days(n)[0], self.loan.annual_rate, self.since, self.cost_of)

    def holds(self, kind: PlanKind, schedule: tuple[Part, ...]) -> bool:
        """Whether a schedule keeps every ceiling and start that was said, and what the figures allow."""
        said = self.said
        if schedule[0].due < self.floor or (said.first_at_most is not None and schedule[0].amount > said.first_at_most):
            return False
        if said.pay_months and not self.other_means and any(not self._has_money(p.due) for p in schedule):
            return False
        named = self.cap.said
        own = {m.month: m.at_most for m in said.pay_months if m.at_most is not None} if kind == "seasonal" else {}
        if own:
            return all(p.amount <= cap for p in schedule if (cap := own.get(p.due.month, named)) is not None)
        if named is not None and any(p.amount > named for p in schedule):
            return False
        if self.weekly and self.week_cap is not None and len(schedule) > 1 and any(p.amount > self.week_cap for p in schedule):
            return False
        figures = self.cap.figures
        if figures is None:
            return True
        before = self.today
        for part in schedule:
            room = self.cap.lump(part.due, before) if kind in LUMPS else figures
            if room is not None and part.amount > room:
                return False
            before = part.due
        return True

    @property
    def other_means(self) -> bool:
        """Whether anything but months with money was said of what can be paid and when."""
        said = self.said
        return bool(said.at_most_month or said.at_most_week or said.each or said.parts or said.periods or said.until or said.start)

    def _has_money(self, day: date) -> bool:
        """Whether a day lies in a month with money, or was moved out of one by a holiday."""
        months = {m.month for m in self.said.pay_months}
        return day.month in months or (day - timedelta(days=9)).month in months

    def offer(self, kind: PlanKind, laid: Laid, why: str, *notes: str, interest_months: int = 0) -> Offer | Declined:
        """The plan, with the lowest approver who may agree to it; declined where nobody may. interest_months: payments of interest alone at its head."""
        schedule = laid.schedule
        if laid.parts:
            return Declined(kind, self.too_many(laid.parts), None)
        if laid.wanting or not schedule:
            return Declined(kind, f"{KIND_WORDS[kind]}这个办法排不出够用的还款日", None)
        cleared = laid if kind in WHOLE_LOAN else self.cleared(kind, laid)
        if cleared is None:
            return Declined(kind, f"{KIND_WORDS[kind]}这个办法加上到时候的罚息，每期会超过您说的数", None)
        laid, schedule = cleared, cleared.schedule
        approval = self.terms.approver(schedule, self.debt, self.today, kind, interest_months)
        if approval is None:
            return Declined(kind, self.beyond_everyone(kind, schedule), None)
        return self.made(kind, laid, approval, why, *notes)

    def made(self, kind: PlanKind, laid: Laid, approval: Approver, why: str, *notes: str, papers: tuple[str, ...] | None = None) -> Offer:
        """The plan as `approval` may agree to it, with what has to be said openly: days that moved, papers to bring (default: the policy's)."""
        schedule = laid.schedule
        papers = self.terms.papers(kind) if papers is None else papers
        if laid.moves:
            notes = (*notes, moves_in_words(laid.moves, self.today))
        if papers:
            notes = (*notes, f"要带的材料：{'、'.join(papers)}")
        promise = (kind == "whole" and len(schedule) == 1 and approval == "assistant"
                   and (schedule[0].due - self.today).days <= self.terms.promise_window_days)
        return Offer(kind, schedule, sum((p.amount for p in schedule), ZERO), laid.cost, approval, why, notes, promise, papers, "penalty" if self.cost_of is not None and laid.cost else "interest")

    def too_many(self, number: int) -> str:
        """That so many payments are more than anyone may grant, in words."""
        return f"这样要还{number}期，最长只能批到{self.most_parts}期"

    def beyond_everyone(self, kind: PlanKind, schedule: tuple[Part, ...]) -> str:
        """What of a schedule goes beyond the highest approver, in words."""
        widest, wait = self.terms.widest, months_between(self.today, schedule[0].due)
        if wait > widest.defer_months and (schedule[0].due - self.today).days > widest.first_within_days:
            return f"第一笔最晚要在{widest.defer_months}个月内还，再晚谁也批不了"
        if len(schedule) > widest.periods or months_between(self.today, schedule[-1].due) > widest.months:
            return f"这样要还{len(schedule)}期、还到{day_words(schedule[-1].due, self.today)}，最长只能批到{self.most_parts}期"
        if any(p.amount < widest.minimum_part for p in schedule[:-1]):
            return f"每期最少要还{widest.minimum_part}元"
        return f"{KIND_WORDS[kind]}这个办法超出了规定的范围"


def frame_of(loan: LoanFacts, said: Said, policy: Policy, today: date, region: str = "") -> Frame:
    """The frame for a loan: its arrears, all that is owed where that is meant, or the next instalment of a loan that is not overdue.

    All that is owed: what settles the loan on the day where its statement is known, else the balance in the book.
    """
    if said.basis == "balance" or said.wish in WHOLE_LOAN:
        debt = loan.balance if loan.owed is None else loan.owed.payoff
    elif loan.overdue:
        debt = loan.overdue_amount
    else:
        debt = min(loan.instalment_amount, loan.balance) if loan.owed is None else loan.owed.next_amount
    return Frame(loan, said, policy.terms(loan.product, loan.days_past_due, today), today, debt, region or loan.region)
