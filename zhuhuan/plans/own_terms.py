"""The plan that the member's own words describe, or the one thing that is still missing in them.

>>> from zhuhuan.plans.policy import load_policy
>>> from zhuhuan.plans.values import NamedPart
>>> loan = LoanFacts("L1", "个人消费贷款", Decimal("3380"), 12, date(2026, 11, 12), Decimal("3380"), Decimal("3380"))
>>> said = Said(parts=(NamedPart(Decimal("1380"), date(2026, 11, 24)), NamedPart(Decimal("2000"), date(2026, 12, 4))))
>>> [(str(p.due), str(p.amount)) for p in own_terms(loan, said, load_policy(), date(2026, 11, 24)).schedule]
[('2026-11-24', '1380.00'), ('2026-12-04', '2000.00')]
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhuhuan.calendar import add_months
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import from_fen, speak, to_fen
from zhuhuan.plans import kinds, why
from zhuhuan.plans.explain import day_words
from zhuhuan.plans.frame import Frame, frame_of
from zhuhuan.plans.named_parts import named_parts
from zhuhuan.plans.policy import Policy, months_between
from zhuhuan.plans.schedule import Shape, day_of_month, equal, first_then, of_each
from zhuhuan.plans.values import Declined, Missing, Offer, PlanKind, Said

Terms = Offer | Declined | Missing
ASKED_FOR: dict[PlanKind, str] = {  # kinds that are asked for by name, and what is said where the book cannot tell
    "extension": "展期要对着合同和到期日看，要请信贷员查了再答复", "interest_only": "先还利息这个办法我这里排不出来，要请信贷员单独看",
}  # fmt: skip


def own_terms(loan: LoanFacts, said: Said, policy: Policy, today: date) -> Terms:
    """The plan that `said` describes, exactly as described.

    Beyond the policy it is still an Offer whose `approval` names who decides, and Declined only where nobody may. Missing where a date, a
    sum or a number of parts is not said yet, or where the figures contradict each other (`why` then names them). Sums are taken as said,
    also above what the figures allow: see `affordability.beyond_means`. Interest, where the book has a rate, is spread over equal parts
    and otherwise joins the last one.
    """
    frame = frame_of(loan, said, policy, today)
    if frame.debt <= 0:
        return Declined("whole", "这笔贷款现在没有要还的钱", None)
    for day in (said.until, said.start):
        if day is not None and day < today and not said.parts:
            return Missing("date", f"{day_words(day, today)}已经过去了")
    wish = said.wish
    if wish is not None and wish != "waiver" and wish in ASKED_FOR:
        return next(kinds.BUILDERS[wish](frame), Declined(wish, ASKED_FOR[wish], "collector"))
    if said.parts:
        return named_parts(frame)
    if said.pay_months:
        return _seasonal(frame)
    if _pauses(said, today):
        return _deferred(frame)
    if said.each is not None or said.first_at_most is not None or (said.periods or 0) > 1:
        return _regular(frame)
    if said.until is not None and said.at_most_month is None and said.at_most_week is None:
        return _by(frame, "whole", said.until)
    if said.at_most_month is not None or said.at_most_week is not None:
        return _regular(frame)
    if said.periods == 1 or said.wish == "whole":
        day = frame.named_start()
        return _by(frame, "whole", day) if day else Missing("date")
    return Missing("amount")


def _pauses(said: Said, today: date) -> bool:
    """Whether a pause is meant: one was named, or a day or span of days a month away or more is first and last alike."""
    if said.defer_months is not None or said.defer_days is not None or said.wish in ("deferral", "grace"):
        return True
    if said.start is None or said.until is None or said.each is not None or said.at_most_month is not None or (said.periods or 1) > 1:
        return False
    return said.start == said.until or months_between(today, said.start) > 0


def _by(frame: Frame, kind: PlanKind, day: date) -> Terms:
    """All of it in one sum on `day`."""
    said = frame.said
    if said.start is not None and day < said.start:
        return Missing("date", f"您说{day_words(said.start, frame.today)}之后才方便，又说{day_words(day, frame.today)}还")
    clause = why.deferral(frame) if kind == "deferral" else why.grace(frame) if kind == "grace" else why.whole(frame)
    return frame.offer(kind, frame.lay(equal(1), frame.dates(lambda: iter((day,)))), clause)


def _deferred(frame: Frame) -> Terms:
    """Nothing until the day to which the pause leads, then all of it or the parts that were named."""
    said, today = frame.said, frame.today
    if said.wish == "grace" and said.defer_days is None and said.until is None:
        return _by(frame, "grace", max(frame.floor, today + timedelta(days=frame.terms.grace_days)))
    if said.defer_months is not None and said.defer_months > frame.terms.widest.defer_months:
        return Declined("deferral", f"缓{said.defer_months}个月太久，最长只能缓{frame.terms.widest.defer_months}个月", None)
    start = frame.paused_until or said.until or said.start
    if start is None:
        return Missing("date")
    start = max(start, frame.floor)
    if said.pay_day is not None:
        start = day_of_month(said.pay_day, start)
    if said.each is not None or (said.periods or 1) > 1 or said.at_most_month is not None:
        return _regular(frame, start, "deferral")
    kind: PlanKind = "grace" if said.wish == "grace" or (said.defer_days is not None and said.defer_days <= frame.terms.grace_days) else "deferral"
    return _by(frame, kind if kind in frame.terms.kinds else "deferral", start)


def _seasonal(frame: Frame) -> Terms:
    """In the months named; their maxima decide how much in each."""
    for found in kinds.seasonal(frame):
        return found
    return Declined("seasonal", f"您说的几个月加起来还不到{speak(frame.debt)}", "collector")


def _cap(frame: Frame) -> tuple[Decimal | None, str]:
    """The ceiling named for one payment, and its period in words."""
    said = frame.said
    return (said.at_most_week, "周") if frame.weekly and said.at_most_week is not None else (said.at_most_month, "月")


def _sums(frame: Frame, each: Decimal) -> tuple[Shape, tuple[str, ...]] | Missing | Declined:
    """The shape where the sum of one payment was named."""
    said, debt, (cap, per) = frame.said, frame.debt, _cap(frame)
    if each <= 0:
        return Missing("amount")
    if cap is not None and each > cap:
        return Missing("amount", f"您说每{per}最多{speak(cap)}，又说每期{speak(each)}")
    if said.periods is not None and each * said.periods < debt:
        rest = debt - each * said.periods
        return Missing("periods", f"每期{speak(each)}、还{said.periods}期一共{speak(each * said.periods)}，离{speak(debt)}还差{speak(rest)}", rest)
    owed, fen = to_fen(debt), to_fen(each)
    needed = -(-owed // fen)
    if needed > frame.most_parts:
        return Declined("instalments", frame.too_many(needed), None)
    notes = (f"每期{speak(each)}的话，{needed}期就够了",) if said.periods is not None and said.periods > needed else ()
    if each > debt:
        notes = (f"您说的{speak(each)}比要还的多，按{speak(debt)}安排",)
    if said.first_at_most is not None and said.first_at_most < each:
        return first_then([to_fen(said.first_at_most)], of_each(fen)), notes
    # Where the sums come out even, only interest is left over: it joins the last payment, unless that would break a ceiling.
    return of_each(fen, fen // 2 if owed % fen == 0 and cap is None else 0), notes


def _numbers(frame: Frame) -> tuple[Shape, tuple[str, ...]] | Missing:
    """The shape where the number of payments was named, or follows from a ceiling."""
    said, debt, (cap, per) = frame.said, frame.debt, _cap(frame)
    number, first = said.periods, said.first_at_most
    if number is None:
        if first is not None and first >= debt:
            return equal(1), ()
        if cap is None:
            return Missing("periods", rest=debt - first) if first is not None else Missing("amount")
        found = frame.fewest(cap, frame.rhythm(frame.named_start() or frame.today))
        return (equal(found), ()) if found is not None else Missing("amount", kinds.too_low(frame, "instalments").why)
    owed = to_fen(debt)
    if number > owed:
        return Missing("periods", f"{speak(debt)}分不成{number}期")
    shape = equal(number)
    if first is not None and number > 1 and to_fen(first) * number < owed:
        shape = first_then([to_fen(first)], equal(number - 1))
    largest = from_fen(max(shape(owed)))
    if cap is not None and largest > cap:
        return Missing("amount", f"分{number}期的话每期要{speak(largest)}，您说每{per}最多{speak(cap)}")
    return shape, ()


def _regular(frame: Frame, start: date | None = None, kind: PlanKind = "instalments") -> Terms:
    """Sums in a rhythm from the day named on."""
    said, (cap, per) = frame.said, _cap(frame)
    shaped = _sums(frame, said.each) if said.each is not None else _numbers(frame)
    if isinstance(shaped, Missing | Declined):
        return shaped
    shape, notes = shaped
    first = start or frame.named_start() or _ending(frame, shape)
    if first is None:
        return Missing("date")
    laid = frame.lay(shape, frame.rhythm(first))
    number = len(laid.schedule)
    largest = max((p.amount for p in laid.schedule), default=frame.debt)
    if cap is not None and largest > cap and laid.schedule:
        return Missing("amount", f"分{number}期，加上利息每期要{speak(largest)}，您说每{per}最多{speak(cap)}")
    if said.until is not None and said.until != said.start and number > 1 and not frame.weekly:
        nominal = add_months(first, number - 1, said.pay_day)
        if nominal > said.until:
            late = f"从{day_words(first, frame.today)}起分{number}期，最后一期要到{day_words(nominal, frame.today)}"
            return Missing("periods", f"{late}，您说{day_words(said.until, frame.today)}前还清")
    clause = why.deferral(frame) if kind == "deferral" else why.instalments(frame)
    if number == 1 and kind == "instalments":
        kind, clause = "whole", "按您说的，一次还清"
    return frame.offer(kind, laid, clause, *notes)


def _ending(frame: Frame, shape: Shape) -> date | None:
    """The first day of a monthly run that ends on the day by which all is to be paid; None where that was not said or lies too near."""
    until = frame.said.until
    if until is None:
        return None
    first = add_months(until, 1 - len(shape(to_fen(frame.debt))))
    return first if first >= frame.today else None
