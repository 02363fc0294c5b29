"""A plan that did not suit: change what was objected to, keep the rest, say what cannot change and who could decide (guide 6.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, pairwise

from zhuhuan.calendar import add_months
from zhuhuan.loans.values import LoanFacts, Part
from zhuhuan.money import FEN, ZERO, speak, to_fen
from zhuhuan.plans.explain import APPROVER_WORDS, KIND_WORDS, cost_in_words, day_words
from zhuhuan.plans.frame import Frame, frame_of
from zhuhuan.plans.kinds import BUILDERS, wanted
from zhuhuan.plans.policy import APPROVERS, Policy, weekly_run
from zhuhuan.plans.propose import propose
from zhuhuan.plans.schedule import WEEK, Dated, Shape, equal, first_then, in_months, monthly, weekly, workday
from zhuhuan.plans.values import Declined, Objection, Offer, OfferKey, PlanKind, Proposal, Said

LONG: frozenset[PlanKind] = frozenset({"deferral", "seasonal"})  # kinds that stay what they are whatever the number of parts
Tried = Iterator[Offer | Declined]
MOVED = timedelta(days=9)  # no run of holidays moves a day further
WRITTEN = "谈好的每一笔都写进书面协议，您留一份，照协议执行"


def given(objection: Objection | None, before: Offer, after: Offer) -> Decimal:
    """What a change gave: yuan of the largest part, days of the first payment, payments more or less, yuan of cost; 0 for trust or none named."""
    if objection == "amount":
        return max(p.amount for p in before.schedule) - max(p.amount for p in after.schedule)
    if objection == "start":
        return Decimal((after.schedule[0].due - before.schedule[0].due).days)
    if objection == "length":
        return Decimal(abs(len(after.schedule) - len(before.schedule)))
    return before.cost - after.cost if objection == "interest" else ZERO


@dataclass(frozen=True)
class Standing:
    """The plan on the table within its frame, and what may not be offered again. `below`: what the last concession to the same objection gave."""

    frame: Frame
    offer: Offer
    refused: frozenset[tuple[Part, ...]]
    below: Decimal | None = None

    def smaller(self, objection: Objection, offer: Offer) -> bool:
        """Whether a concession gives something, and less than the last one to the same objection gave."""
        gave = given(objection, self.offer, offer)
        return gave > 0 and (self.below is None or gave < self.below)

    @property
    def first(self) -> date:
        return self.offer.schedule[0].due

    @property
    def largest(self) -> Decimal:
        return max(p.amount for p in self.offer.schedule)

    @property
    def day(self) -> int:
        """The day of the month on which the plan runs; a first day that had moved to a workday does not make the others move."""
        said = self.frame.said
        if said.pay_day is not None:
            return said.pay_day
        return said.start.day if said.start is not None and workday(said.start) == self.first else self.first.day

    def dates(self, first: date) -> Callable[[int], Dated]:
        """The plan's rhythm from another first day on."""
        if self.frame.weekly or weekly_run(self.offer.schedule):
            return self.frame.dates(lambda: weekly(first), as_named=self.frame.said.weekday in (5, 6))
        if self.offer.kind == "seasonal":
            said, terms = self.frame.said, self.frame.terms
            months = [m.month for m in said.pay_months] or list(terms.harvest_months)
            return self.frame.dates(lambda: in_months(months, said.pay_day or terms.seasonal_day, max(self.frame.floor, first - MOVED)))
        return self.frame.dates(lambda: monthly(first, self.day))

    def lay(self, kind: PlanKind, shape: Shape, days: Callable[[int], Dated], clause: str) -> Tried:
        """The offer, where it is new, holds what was said, and somebody may approve it.

        Where the plan on the table went beyond the figures in the member's own words, a change may not ask more than it did.
        """
        laid = self.frame.lay(shape, days)
        if laid.wanting or not laid.schedule or laid.schedule in self.refused:
            return
        own = not self.frame.holds(self.offer.kind, self.offer.schedule) and max(p.amount for p in laid.schedule) <= self.largest
        if self.frame.holds(kind, laid.schedule) or (own and laid.schedule[0].due >= self.frame.floor):
            yield self.frame.offer(kind, laid, clause)


def _amount(on: Standing) -> Tried:
    """Smaller parts and more of them from the same first day."""
    frame, number = on.frame, len(on.offer.schedule)
    days = on.dates(on.first)
    cap = frame.part_cap
    fitting = frame.fewest(cap, days) if cap is not None and cap < on.largest else None
    single = (wanted(frame, days)[0] or 2) if number == 1 else 0
    longest = frame.terms.widest.periods
    kind: PlanKind = on.offer.kind if on.offer.kind in LONG else "instalments"
    for n in dict.fromkeys((fitting or 0, single, number + -(-number // 2), number * 2, number + 1, longest)):
        if number < n <= to_fen(frame.debt):
            for found in on.lay(kind, equal(n), days, ""):
                if isinstance(found, Declined):
                    yield found
                elif n == fitting or on.smaller("amount", found):  # a ceiling that the member named is kept, whatever was given before
                    yield replace(found, why=f"每期从{speak(on.largest)}降到{speak(found.schedule[0].amount)}，第一期还是{day_words(on.first, frame.today)}")


def _start(on: Standing) -> Tried:
    """The same sums from a later day on: the start that was named, else a month later, then two weeks, then one."""
    frame, schedule = on.frame, on.offer.schedule
    running = weekly_run(schedule)
    named = frame.floor if frame.floor > on.first else None
    weeks = [on.first + number * WEEK for number in (2, 1)]
    later = weeks if running else [add_months(on.first, 1, on.day), *weeks]
    for target in [frame.first_day(named)] if named else later:
        gap = target - on.first
        regular = on.offer.kind == "seasonal" or running or _monthly(schedule)
        days = on.dates(target) if regular else _on(frame, [p.due + gap for p in schedule])
        for found in on.lay(on.offer.kind, _like(schedule), days, f"第一期从{day_words(on.first, frame.today)}往后挪，每期差不多还是原来的数"):
            if isinstance(found, Declined) or named or on.smaller("start", found):
                yield found


def _length(on: Standing) -> Tried:
    """Fewer parts, as few as the ceilings allow; more where the member named more."""
    frame, number = on.frame, len(on.offer.schedule)
    named = frame.said.periods
    numbers = [named] if named and named != number else list(range(-(-number // 2), number))
    for n in numbers:
        if n != named and on.below is not None and number - n >= on.below:
            continue
        kind: PlanKind = on.offer.kind if on.offer.kind in LONG else "instalments" if n > 1 else "whole"
        yield from on.lay(kind, equal(n), on.dates(on.first), f"从{number}期改成{n}期，{'更早还完' if n < number else '每期更轻'}")


def _interest(on: Standing) -> Tried:
    """The cheapest that still fits: soon and whole, or the fewest parts."""
    frame = on.frame
    cheaper = chain(BUILDERS["whole"](frame), *(on.lay("instalments", equal(n), on.dates(frame.first_day()), "") for n in range(2, len(on.offer.schedule))))
    for found in cheaper:
        if isinstance(found, Offer) and on.smaller("interest", found) and found.schedule not in on.refused:
            yield replace(found, why=f"早点还完利息就少，从{speak(on.offer.cost)}降到{speak(found.cost)}")


def _on(frame: Frame, days: Sequence[date]) -> Callable[[int], Dated]:
    return frame.dates(lambda: iter(days))


def _monthly(schedule: Sequence[Part]) -> bool:
    """Whether the parts come a month apart, give or take a long holiday."""
    return all(17 <= (b.due - a.due).days <= 45 for a, b in pairwise(schedule))


def _like(schedule: Sequence[Part]) -> Shape:
    """The shape of a schedule: its sums, what changes in cost falling on the last run of equal parts."""
    last = len(schedule) - 1
    while last > 0 and abs(schedule[last - 1].amount - schedule[-1].amount) <= FEN:
        last -= 1
    return first_then([to_fen(p.amount) for p in schedule[:last]], equal(len(schedule) - last))


def _waiver(on: Standing) -> Declined:
    """What can be said of interest and penalty: the plan's cost, and who decides on a waiver; nothing is promised."""
    approver = on.frame.terms.waiver_by
    cost = cost_in_words(on.offer, on.frame.loan)
    return Declined("settlement", f"{cost}；减免我这里定不了，要{APPROVER_WORDS[approver]}看过才能答复", approver)


def _trust(on: Standing) -> Proposal | Declined:
    """The same plan explained, with a written form; nothing of it is at issue. Explained once already, it is a person's turn."""
    if WRITTEN in on.offer.notes:
        return Declined(on.offer.kind, f"{WRITTEN}；想当面核对，信贷员可以拿账给您看", "collector")
    words = cost_in_words(on.offer, on.frame.loan)
    return Proposal((replace(on.offer, notes=(*on.offer.notes, words, WRITTEN)),), (), on.frame.said, on.frame.debt)


def _cannot(on: Standing, objection: Objection) -> Declined:
    """What cannot change and who could decide otherwise."""
    cap, terms = on.frame.part_cap, on.frame.terms
    kind = on.offer.kind
    if objection == "amount":
        return Declined(kind, f"期数最多只能到{terms.widest.periods}期，每期没法再低了，要请信贷员按困难情况单独看", "collector")
    if objection == "start":
        return Declined(kind, f"第一笔最晚要在{terms.widest.defer_months}个月内还，没法再往后挪，要请信贷员单独看", "collector")
    if cap is not None:
        return Declined(kind, f"期数再少，每期就会超过{speak(cap)}，这样您会吃紧", "collector")
    return Declined(kind, f"“{KIND_WORDS[kind]}”已经是最短的了", None)


CHANGES: dict[Objection, Callable[[Standing], Tried]] = {"amount": _amount, "start": _start, "length": _length, "interest": _interest}


def adjust(
    loan: LoanFacts, said: Said, standing: Offer, objection: Objection | None, policy: Policy, today: date, refused: Collection[OfferKey] = (),
    below: Decimal | None = None,
) -> Proposal | Declined:
    """A plan that answers an objection to `standing`: only what was objected to changes, and what was not asked is not given.

    amount: smaller parts, more of them, the same first day. start: later, the same sums. length: fewer parts (more where `said.periods`
    names more). interest: the cheapest that fits, with who may decide on a waiver. trust: the same plan explained and in writing.
    None: other plans altogether. Neither `standing` nor a schedule in `refused` comes again, except for trust. `below`: what the last
    concession to this objection gave (see `given`); the next one gives less. What keeps every ceiling named goes first, then what needs no
    higher approval than the plan on the table does. Declined where the thing cannot change, with the reason and who could decide otherwise.
    """
    frame = frame_of(loan, said, policy, today)
    on = Standing(frame, standing, frozenset({standing.schedule, *(schedule for _, schedule in refused)}), below)
    if objection is None:
        other = propose(loan, said, policy, today, [*refused, standing.key])
        return other if other.offers else other.declined[0]
    if objection == "trust":
        return _trust(on)
    declined: Declined | None = _waiver(on) if objection == "interest" else None
    ranked: list[tuple[bool, bool, Offer]] = []
    for found in CHANGES[objection](on):
        if isinstance(found, Declined):
            declined = declined or found
            continue
        breaks = not frame.holds(found.kind, found.schedule)
        beyond = APPROVERS.index(found.approval) > APPROVERS.index(standing.approval)
        ranked.append((breaks, beyond, found))
        if not breaks and not beyond:
            break
    if ranked:
        best = min(ranked, key=lambda row: row[:2])[2]
        return Proposal((best,), (declined,) if declined else (), said, frame.debt)
    return declined or _cannot(on, objection)
