"""Whom to remind of what, and when: before each due date, kindly early, never on a day that is not one for it. Pure.

>>> from datetime import datetime
>>> from zhuhuan.loans.values import Member, Promise
>>> from zhuhuan.money import yuan
>>> promise = Promise(1, "L1", "个人消费贷款", yuan("500"), date(2026, 12, 8), "open", datetime(2026, 11, 24, 10))
>>> file = MemberFile(Member("M1", "林晓燕", "4410", date(1990, 2, 8), "19900000001"), (), promises=(promise,))
>>> [str(r.on) for r in reminders(file, date(2026, 11, 30))]
['2026-12-04', '2026-12-07']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhuhuan.calendar import DAY, day_in_words, is_workday, spring_festival
from zhuhuan.loans.keeping import IN_FORCE, AgreementKind, Followed, Kept, match
from zhuhuan.loans.values import Arrangement, ContactState, IssueNotice, MemberFile, Part, Promise
from zhuhuan.money import speak

DAYS_BEFORE = (3, 1)  # own default: once with time to see to it, once on the eve
QUIET_DAYS = 3  # the first days of Spring Festival, when nobody is spoken to of money (own default)
WRITTEN_WAYS = frozenset({"sms", "chat"})  # a reminder is a message: where these are stopped there is no way to send one
RESTING = ("dispute", "claim_paid")  # what is being looked into is not reminded of until it is answered
AT_REST = ("crisis", "fraud")  # nor is anything, while these are open


@dataclass(frozen=True)
class Reminder:
    """One thing to remind a member of: part `number` of what was agreed on a loan, `amount` yuan still to come by `due`. on: the day to remind."""

    member_id: str
    loan_id: str
    product: str
    kind: AgreementKind
    agreement_id: int
    number: int
    due: date
    amount: Decimal
    on: date

    def to_notice(self) -> IssueNotice:
        """The notice that carries it: one drafted for each due date."""
        return IssueNotice("reminder", self.loan_id, f"{self.product}，{day_in_words(self.due, self.on)}还{speak(self.amount)}", self.due, self.on)


def quiet(day: date, quiet_days: int = QUIET_DAYS) -> bool:
    """Whether `day` is one of the first days of Spring Festival or its eve."""
    first = spring_festival(day.year)
    return first - DAY <= day < first + timedelta(days=quiet_days)


def day_to_remind(due: date, days_before: int, quiet_days: int = QUIET_DAYS) -> date:
    """`days_before` days ahead of `due`; where that is a day of rest or a quiet one, the last workday before it.

    >>> day_to_remind(date(2026, 12, 8), 3)  # the 5th is a Saturday
    datetime.date(2026, 12, 4)
    """
    day = due - timedelta(days=days_before)
    while not is_workday(day) or quiet(day, quiet_days):
        day -= DAY
    return day


def may_remind(contact: ContactState, on: date) -> bool:
    """Whether a written reminder may go out on a day: not during a pause, not where writing was stopped, not to a wrong number."""
    paused = contact.paused_until is not None and on <= contact.paused_until
    stopped = "all" in contact.stopped or set(contact.stopped) >= WRITTEN_WAYS
    return not (paused or stopped or contact.wrong_number)


def _in_force(file: MemberFile) -> Iterator[tuple[AgreementKind, Arrangement | Promise, tuple[Part, ...]]]:
    for plan in file.arrangements:
        if plan.status in IN_FORCE:
            yield "arrangement", plan, plan.schedule
    for promise in file.promises:
        if promise.status in IN_FORCE:
            yield "promise", promise, (Part(promise.due, promise.amount),)


def _rests(file: MemberFile, loan_id: str) -> bool:
    return any(
        case.status != "closed" and (case.kind in AT_REST or (case.kind in RESTING and case.loan_id in (None, loan_id))) for case in file.cases
    )


def reminders(
    file: MemberFile,
    today: date,
    days_before: Sequence[int] = DAYS_BEFORE,
    followed: Sequence[Followed] = (),
    within_days: int | None = None,
    quiet_days: int = QUIET_DAYS,
) -> tuple[Reminder, ...]:
    """What to remind a member of, by the day to do it: each unpaid part of what is in force that is not past its day.

    Those to come, and of those whose day has come already the last one (so that a night without a run loses none), unless it lay before the agreement
    itself. followed: what came in for each part; an agreement that is not in it counts as unpaid. A part of which the member said that it comes later
    is reminded of before that day. within_days: only what falls due so many days from `today` on.
    """
    received = {(f.kind, f.id): f.parts for f in followed}
    found = []
    for kind, agreement, schedule in _in_force(file):
        if _rests(file, agreement.loan_id):
            continue
        made = agreement.made_at.date() if agreement.made_at else None
        for part in received.get((kind, agreement.id)) or match(schedule, (), today):
            days = _days(part, made, today, days_before, quiet_days)
            if part.outstanding > 0 and (within_days is None or part.due <= today + timedelta(days=within_days)):
                found += [
                    Reminder(file.member.id, agreement.loan_id, agreement.product, kind, agreement.id, part.number, part.due, part.outstanding, on)
                    for on in days
                    if may_remind(file.contact, max(on, today))
                ]
    return tuple(sorted(found, key=lambda r: (r.on, r.due, r.loan_id)))


def _days(part: Kept, made: date | None, today: date, days_before: Sequence[int], quiet_days: int) -> list[date]:
    due = max(part.due, part.told) if part.told else part.due
    if due < today:
        return []
    days = sorted({day_to_remind(due, number, quiet_days) for number in days_before if number > 0})
    days = [day for day in days if made is None or day > made]
    return [*[day for day in days if day <= today][-1:], *[day for day in days if day > today]]
