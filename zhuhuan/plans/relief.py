"""Kinds that lighten the loan itself: interest alone for some months, a longer loan (展期), a settlement with a waiver that a person decides on.

Each is offered only where the book has what it needs: a rate, a contract, penalty interest that somebody may waive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from zhuhuan.calendar import add_months, is_workday
from zhuhuan.loans.owing.methods import due_dates
from zhuhuan.loans.values import Approver, Part
from zhuhuan.money import ZERO, from_fen, speak, to_fen
from zhuhuan.plans import why
from zhuhuan.plans.explain import APPROVER_WORDS, day_words
from zhuhuan.plans.frame import Frame
from zhuhuan.plans.policy import months_between
from zhuhuan.plans.schedule import Dated, Laid, equal, fewest_parts, lay_out, monthly, workday
from zhuhuan.plans.sizing import Variants, level, waiting
from zhuhuan.plans.values import Declined, Offer

DAY = timedelta(days=1)
MOST_PARTS = 400  # no extension has more payments
COLLECTOR: Approver = "collector"
CHECKED_THEN = "到那天按账上的利息再核一遍"


def interest_first(frame: Frame, days: Callable[[int], Dated], months: int, number: int) -> Laid:
    """`months` payments of the interest that came up since the payment before, then the debt with its own interest in `number` equal parts.

    The cost is that of paying the debt on the later days, rounded once; the first payments are what of it has come up by their days.
    """
    (on, moves), cost_of, owed = days(months + number), waiting(frame), to_fen(frame.debt)
    come_up = [0, *(cost_of([owed], [day]) for day in on[:months])]
    interest = [after - before for before, after in pairwise(come_up)]
    cost = cost_of(equal(number)(owed), on[months:])
    if len(on) < months + number or min(interest, default=1) <= 0:  # before the first interest comes up there is nothing to pay
        return Laid((), ZERO, (), months)
    fen = [*interest, *equal(number)(owed + cost - come_up[-1])]
    return Laid(tuple(Part(day, from_fen(part)) for day, part in zip(on, fen, strict=True)), from_fen(cost), moves)


def _after(frame: Frame, days: Callable[[int], Dated], months: int) -> int | None:
    """The fewest equal parts within the ceiling that clear the debt after so many months of interest; without a ceiling the policy's usual number."""
    cap, cost_of = frame.part_cap, waiting(frame)
    if cap is None:
        return level(frame, days, None)
    paid = cost_of([to_fen(frame.debt)], [days(months)[0][-1]])
    most = min(frame.most_parts, MOST_PARTS) - months
    return fewest_parts(frame.debt, cap, most, lambda n: days(months + n)[0][months:], None, frame.since, lambda parts, on: cost_of(parts, on) - paid)


def interest_only(frame: Frame) -> Variants:
    """Some months of interest alone, then the debt in parts, or at once where the hardship is not a lasting one."""
    terms, said, rate = frame.terms, frame.said, frame.loan.annual_rate
    usual = min(terms.interest_only_months, terms.widest.interest_months)
    if not rate or frame.debt * rate / 12 < terms.interest_only_from:
        if said.wish == "interest_only":
            little = f"这笔一个月的利息不到{speak(terms.interest_only_from)}，单还利息帮不上多少" if rate else "系统里没有这笔的利率，利息多少要请信贷员核"
            yield Declined("interest_only", little, None if rate else COLLECTOR)
        return
    if frame.weekly or frame.paused_until is not None or usual < 1:
        return
    days = frame.rhythm(frame.first_day())
    for months in dict.fromkeys((usual, min(usual, max(1, terms.limits[0].interest_months)))):
        number = _after(frame, days, months)
        if number is None:
            return
        if said.periods is not None:
            numbers = [max(number, said.periods)] if frame.part_cap is not None else [said.periods]
        else:
            numbers = [number, 1] if frame.hard else [1, number]
        for n in dict.fromkeys(numbers):
            laid = interest_first(frame, days, months, n)
            if laid.schedule and frame.holds("interest_only", laid.schedule):
                yield frame.offer("interest_only", laid, why.interest_only(frame, laid.schedule[:months]), interest_months=months)


def extension(frame: Frame) -> Variants:
    """All that is owed over a longer time than the contract's, as far as rule and policy let it go; a person decides.

    A loan that is paid in one sum stays one; the others are paid in equal parts in the rhythm of their contract.
    """
    contract, terms, today, asked = frame.loan.contract, frame.terms, frame.today, frame.said.wish == "extension"
    if contract is None or frame.loan.owed is None:
        if asked:
            yield Declined("extension", "展期要对着合同看，系统里没有这笔的合同资料，要请信贷员查了再答复", COLLECTOR)
        return
    if not frame.whole_loan:
        return
    ends = due_dates(contract)[-1]
    longest = min(terms.extension_months(contract.periods * contract.period_months), terms.widest.extension_months)
    if ends < today or longest < 1:
        if asked:
            late = f"展期要在到期日之前申请，这笔{day_words(ends, today)}已经到期了" if ends < today else "这类贷款没有展期的规定"
            yield Declined("extension", f"{late}，别的办法要请信贷员看", COLLECTOR)
        return
    limit = add_months(ends, longest)
    notes = (f"展期要在到期日（{day_words(ends, today)}）之前申请，批了才算数", f"连以前展过的一起最长到{day_words(limit, today)}，利率以批下来的为准")
    for months in dict.fromkeys((-(-longest // 2), longest)):
        laid = _longer(frame, add_months(ends, months))
        if laid is None or not laid.schedule or laid.schedule[-1].due <= ends or not frame.holds("extension", laid.schedule):
            continue
        beyond = _months_beyond(ends, laid.schedule[-1].due)
        approver = terms.extension_approver(laid.schedule, frame.debt, beyond)
        if approver is None:
            yield Declined("extension", f"{speak(frame.debt)}展期{beyond}个月超出了能批的范围", None)
        else:
            yield frame.made("extension", laid, approver, why.extension(frame, ends, laid.schedule[-1].due), *notes)


def _months_beyond(ends: date, last: date) -> int:
    """Months by which `last` lies after `ends`, begun ones counted whole."""
    whole = months_between(ends, last)
    return whole + (add_months(ends, whole) < last)


def _workday_by(day: date) -> date:
    """`day`, or the last workday before it: an extension may not run over its end."""
    while not is_workday(day):
        day -= DAY
    return day


def _longer(frame: Frame, limit: date) -> Laid | None:
    """The whole debt laid out up to `limit` in the way of its contract, or in as many equal parts as the ceiling needs; None where none fits."""
    contract = frame.loan.contract
    assert contract is not None
    rate, since, cap, asked = frame.loan.annual_rate, frame.since, frame.part_cap, frame.said.periods
    once = contract.method == "bullet"
    if once and asked is None and cap is None:
        return lay_out(frame.debt, equal(1), lambda n: ((_workday_by(limit),), ()), rate, since)
    on: list[date] = []
    for nominal in _stepping(frame.first_day(), 1 if once else contract.period_months, frame.said.pay_day):
        day = workday(nominal)
        if day > limit or len(on) == MOST_PARTS:
            break
        on.append(day)

    def days(number: int) -> Dated:
        return tuple(on[:number]), ()

    least = 1 if cap is None else fewest_parts(frame.debt, cap, len(on), lambda n: days(n)[0], rate, since)
    if not on or least is None:
        return None
    if contract.method == "interest_first" and rate and asked is None and cap is None:
        return interest_first(frame, days, len(on) - 1, 1)
    number = len(on) if asked is None and cap is None else max(least, min(asked or 1, len(on)))
    return lay_out(frame.debt, equal(number), days, rate, since, MOST_PARTS)


def _stepping(first: date, months: int, day: int | None) -> Iterator[date]:
    """`first` and the same day (or `day`) every so many months after it, without end."""
    return (found for i, found in enumerate(monthly(first, day)) if i % months == 0)


def settlement(frame: Frame) -> Variants:
    """All of it today or by a near day, less as much penalty interest as the lowest person who decides on it may waive. Only where asked for.

    Nothing is promised: the sum holds only once that person has agreed, and the words say so.
    """
    said, terms, today = frame.said, frame.terms, frame.today
    if said.wish not in ("settlement", "waiver"):
        return
    found = terms.waiver(frame.penalty, frame.debt)
    if found is None and said.wish == "waiver":
        owed = f"账上的罚息{speak(frame.penalty)}" if frame.penalty else "账上没有记罚息，"
        yield Declined("settlement", f"{owed}减免我这里定不了，要{APPROVER_WORDS[terms.waiver_by]}看过才能答复", terms.waiver_by)
        return
    last = workday(today + timedelta(days=terms.settlement_within_days))
    named = said.until if said.until is not None and said.until >= today else frame.named_start()
    if named is not None and named > last:
        yield Declined("settlement", f"一次结清要在{day_words(last, today)}之前，再晚就要重新算、重新批", terms.waiver_by)
        return
    soon = workday(today + timedelta(days=min(terms.approval_days, terms.settlement_within_days)))
    for day in (named,) if named is not None else (soon, today) if found else (today, soon):
        yield _settled(frame, day, found)


def _settled(frame: Frame, day: date, granted: tuple[Approver, Decimal] | None) -> Offer | Declined:
    """The settlement on one day, less what may be waived; declined where what was said does not allow so large a sum."""
    approver, waived = granted or (None, ZERO)
    bare = frame.lay(equal(1), frame.dates(lambda: iter((day,))))
    full = frame.cleared("settlement", bare) or bare
    laid = replace(full, schedule=tuple(replace(part, amount=part.amount - waived) for part in full.schedule))
    if not laid.schedule or not frame.holds("settlement", laid.schedule):
        least = laid.schedule[0].amount if laid.schedule else frame.debt - waived
        return Declined("settlement", f"一次结清要{speak(least)}，比您说的能拿出的多；钱有别的来处的话，要请信贷员和您一起看", COLLECTOR)
    clause, notes = why.settlement(frame, waived), (CHECKED_THEN,) if day > frame.today else ()
    if approver is not None:
        note = f"减的这{speak(waived)}要{APPROVER_WORDS[approver]}批了才算数，没批下来就还是{speak(full.schedule[0].amount)}"
        return frame.made("settlement", laid, approver, clause, note, *notes)
    plain = frame.terms.approver(laid.schedule, frame.debt, frame.today, "whole")
    if plain is None:
        return Declined("settlement", frame.beyond_everyone("settlement", laid.schedule), None)
    return frame.made("settlement", laid, plain, clause, *notes, papers=())
