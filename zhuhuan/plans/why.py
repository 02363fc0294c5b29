"""Why a plan fits: one warm, short, concrete clause that names what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhuhuan.loans.values import Part
from zhuhuan.money import speak
from zhuhuan.plans.explain import day_words
from zhuhuan.plans.frame import Frame

BECAUSE = {
    "unemployment": "您还在找活儿", "income_drop": "您这阵子收入少了", "illness": "您身体要紧", "family_emergency": "您家里正是用钱的时候",
    "business_loss": "您生意上正周转不开", "crop_disaster": "您这一季受了损", "over_indebted": "您手上不止这一笔", "away": "您人在外头",
    "forgot": "只是忘了", "payment_failure": "只是没扣成", "not_informed": "之前没人跟您说清楚", "for_someone_else": "这钱不是您自己用的",
}


def _because(frame: Frame) -> str:
    words = BECAUSE.get(frame.said.reason or "")
    return f"{words}，" if words else ""


def _ceiling(frame: Frame) -> str | None:
    """The ceiling that was said or follows from the figures, as a clause; None where there is none."""
    said, cap = frame.said, frame.cap
    if frame.weekly and said.at_most_week is not None:
        return f"您说每周最多{speak(said.at_most_week)}，每期都不超过它"
    if cap.source == "said" and said.at_most_month is not None:
        return f"您说每月最多{speak(said.at_most_month)}，每期都不超过它"
    if cap.source == "said" and said.at_most_week is not None:
        return f"您说每周最多{speak(said.at_most_week)}，按这个凑出每月的数"
    if cap.source == "figures" and cap.month is not None:
        return f"按您说的收入和开支，每月能匀出{speak(cap.month)}，每期都在这以内"
    if cap.source == "income" and cap.month is not None:
        return f"按您说的收入，每期不超过{speak(cap.month)}，给生活留足余地"
    return None


def _when(frame: Frame) -> str | None:
    """What was said of the time of payment, as a clause."""
    said = frame.said
    if said.weekday is not None:
        return f"按您说的，每周{'一二三四五六日'[said.weekday]}还"
    if said.pay_day is not None:
        day = "月底" if said.pay_day == 31 else f"{said.pay_day}日"
        return f"每月{day}钱到手了再还"
    if said.start is not None and said.start > frame.today:
        return f"您说{day_words(said.start, frame.today)}起才方便，第一期就不早于这天"
    return None


def instalments(frame: Frame) -> str:
    said = frame.said
    if said.first_at_most is not None:
        return f"您说头一笔最多{speak(said.first_at_most)}，第一期就在这以内"
    if said.each is not None:
        return f"您说每{'周' if frame.weekly else '月'}还{speak(said.each)}，就按这个数排"
    found = _ceiling(frame)
    if found is None and said.periods is not None and said.periods > 1:
        start = f"{day_words(said.start, frame.today)}起" if said.start is not None and said.start >= frame.today else ""
        return f"按您说的，{start}分{said.periods}期，每期差不多，好记"
    found = found or _when(frame)
    if found:
        return found
    return _because(frame) + "摊开来还，每期的压力小一些"


def stepped(frame: Frame) -> str:
    if frame.said.first_at_most is not None:
        return f"您说头一笔最多{speak(frame.said.first_at_most)}，前面就少还，后面再补上"
    return _because(frame) + ("前面先还少一点，后面每期也在您说的数以内" if frame.cap.source == "said" else "前面先还少一点，等缓过来再多还")


def deferral(frame: Frame) -> str:
    said = frame.said
    if said.defer_months is not None:
        return f"您说想缓{said.defer_months}个月，这段时间先不用还"
    if said.defer_days is not None:
        return f"您说想缓{said.defer_days}天，这几天先不用还"
    if said.until is not None and said.until in (said.start, frame.floor):
        return f"您说想缓到{day_words(said.until, frame.today)}，这之前先不用还"
    if said.start is not None and said.start > frame.today:
        return f"您说{day_words(said.start, frame.today)}起才方便，这之前先不用还"
    return _because(frame) + "先缓一段再还，中间不用还"


def grace(frame: Frame) -> str:
    return _because(frame) + "多给您几天把钱凑齐，一次就了结"


def whole(frame: Frame) -> str:
    said = frame.said
    if said.until is not None:
        return f"您说{day_words(said.until, frame.today)}能还上，就按这天一次还清"
    if said.pay_day is not None:
        return f"{'月底' if said.pay_day == 31 else f'{said.pay_day}日'}钱到手就一次还清，后面不用再惦记"
    return _because(frame) + "一次还清，后面不用再惦记"


def partial(frame: Frame) -> str:
    if frame.said.first_at_most is not None:
        return f"您说眼下最多拿{speak(frame.said.first_at_most)}，先还这些，剩下的慢慢来"
    return _because(frame) + "手上有多少先还一点，剩下的分着还"


def seasonal(frame: Frame) -> str:
    months = [m.month for m in frame.said.pay_months]
    if months:
        return f"您说{'、'.join(f'{m}月' for m in sorted(months))}手上才有钱，就放在这几个月还"
    return _because(frame) + f"{'、'.join(f'{m}月' for m in frame.terms.harvest_months)}一般有收成，到那时再还"


def interest_only(frame: Frame, interest: Sequence[Part]) -> str:
    months = f"前{len(interest)}个月" if len(interest) > 1 else "头一个月"
    return _because(frame) + f"{months}每月只还利息，最多{speak(max(p.amount for p in interest))}，本金往后放"


def extension(frame: Frame, ends: date, last: date) -> str:
    return _because(frame) + f"把到期日从{day_words(ends, frame.today)}往后放到{day_words(last, frame.today)}，每次的压力小一些"


def settlement(frame: Frame, waived: Decimal) -> str:
    if waived:
        return f"您想一次了结，账上罚息{speak(frame.penalty)}，可以替您申请减{speak(waived)}"
    return "您想一次了结，结清以后就不再生利息"
