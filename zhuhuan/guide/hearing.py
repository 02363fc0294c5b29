"""From what was understood to what was `said`: one place where a value finds its field.

`said` only grows: a value replaces its own field and nothing else is forgotten (conversation.md 5, 17).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from zhuhuan.calendar import DAY, is_workday, next_workday, spring_festival
from zhuhuan.guide.turn import Entity, Question, Understood
from zhuhuan.money import ZERO, yuan
from zhuhuan.plans.values import Income, NamedPart, PayMonth, PlanKind, Said

Asked = Question | Literal["outgoings"]  # what a question of means was about
OUTGOING = re.compile(r"房租|租金|房贷|车贷|药|看病|医|学费|补课|生活费|开销|开支|花|吃|水电|饲料|化肥|养|赡养|抚养|奶粉|伙食|油钱|保险|随礼|别家|别处|网贷|信用卡|借")
ABILITY = re.compile(r"能拿|拿得?出|能还|还得?起|还得?上|挤|凑|匀|腾|省|最多|顶多|封顶|以内|拿")
INCOME = re.compile(r"工资|月薪|薪水|挣|赚|收入|[月年]入|进账|退休|养老金|低保|到手|底薪|提成|一天|一趟|一单|卖|利润|补贴|流水|赶|打工|零工")
PAY_DAY = re.compile(r"发工资|发薪|开工资|开支那|工资.{0,4}[发到]|打工资|退休金.{0,3}到|到账")
MONTHLY_DAY = re.compile(r"(?:[每下这]个?月)?(?:[0-9一二三四五六七八九十廿]{1,3}[号號日]|月底|月初|月中)")  # 腊月二十 is a day of its own, no pay day
START = re.compile(r"开始|起(?!码)|以后|之后|后再|往后|才能|才有")
UNTIL = re.compile(r"之前|以前|前(?!后)|内(?!疚)|截止")
FIRST = re.compile(r"(?<![原事起预首])先|头一|第一|首")
TOO_MUCH = re.compile(r"^.{0,4}(?:还不动|还不起|太多|太高|太重|够呛|吃不消|拿不出|受不了|扛不住|压力)")  # a sum that is called too much is no wish
PAST = re.compile(r"(?:发|给|停|歇|干|病|住|赔|断|欠)了|没(?:发|给|活|干|收)|光发|拖到|(?:从|打).{1,4}月")
EXTENSION = re.compile(r"展期")
INTEREST_FIRST = re.compile(r"(?:先|只|光)(?:还|给|交|付)(?:着|点)?利息")
DEBTS = re.compile(r"房贷|车贷|网贷|信用卡|花呗|借呗|白条|别家|别处|别的(?:银行|贷款|账)|另外一?笔")
DEPENDANTS = re.compile(r"([一二两三四五六七八1-8])(?:个|口)(?:孩子|娃|小孩|老人|人(?:要|靠|等)|病人|学生)|(?:供|养|带)着?([一二两三四五六七八1-8])(?:个|口)|([三四五六七八3-8])口(?:之家|人)")
WEEKDAY = re.compile(r"(?:每个?)?(?:周|礼拜|星期|禮拜)([一二三四五六日天])")
THEN = re.compile(r"到时候?|那时|那天|那会|到那|等那|就那|卖了|结了|发了|拿到|收了|下来")
IN_TURNS = re.compile(r"分([两二三四五六])[道回次笔趟]")  # 剩下的分两道给
BEFORE_YEAR = re.compile(r"(?:过年|年|春节|除夕)(?:之)?前|年根|年关|腊月")
AFTER_YEAR = re.compile(r"过(?:完|了)年|年(?:过了|后|过完)|(?:春节|年)(?:之|以)?后|正月|过年(?:回|才|再|那|的时候)|开(?:了)?年")
FIRST_PART = re.compile(r"(?:头|第)一?(?:期|个月|笔|回|次)|首期|头期")
PLAN_INTENTS = frozenset({"propose_terms", "request_instalments", "reject_plan", "accept_plan", "ask_plan_options"})
MONTHS_IN = {"week": Decimal(52) / 12, "day": Decimal(30), "month": Decimal(1), "year": Decimal(1) / 12}


def _before(text: str, entity: Entity, span: int = 8) -> str:
    return text[max(0, entity.start - span) : entity.start]


def _around(text: str, entity: Entity, span: int = 8) -> str:
    return text[max(0, entity.start - span) : entity.end + 4]


def bounds_of(entity: Entity, arrears: Decimal) -> tuple[Decimal, Decimal] | None:
    """Low and high end in yuan of an amount entity; a fraction is taken of `arrears`. None where no figure was said."""
    if entity.value is None:
        return None
    if entity.bound == "fraction":
        share = yuan(arrears * Decimal(entity.value))
        return share, share
    low, _, high = entity.value.partition("/")
    return yuan(low), yuan(high or low)


def _first_day(entity: Entity) -> date | None:
    return date.fromisoformat(entity.value.partition("/")[0]) if entity.value else None


def _last_day(entity: Entity) -> date | None:
    if not entity.value:
        return None
    first, _, last = entity.value.partition("/")
    return date.fromisoformat(last or first)


def _role(text: str, entity: Entity, question: Asked | None) -> str:
    """income, outgoing or ability: the nearest word before the sum tells, else what was asked."""
    window = text[max(0, entity.start - 10) : entity.start]
    found = {name: max((m.end() for m in pattern.finditer(window)), default=-1)
             for name, pattern in (("outgoing", OUTGOING), ("ability", ABILITY), ("income", INCOME))}
    best = max(found, key=lambda name: found[name])
    if found[best] >= 0:
        return best
    if entity.bound == "at_most":
        return "ability"
    after = re.split(r"[，,。；;、 ]", text[entity.end : entity.end + 5])[0]  # what stands behind a comma belongs to the next sum
    if OUTGOING.search(after):
        return "outgoing"
    if question == "outgoings":
        return "outgoing"
    return "ability" if question in ("means", "amount") else "income"


def hear_means(said: Said, heard: Understood, question: Asked | None, arrears: Decimal) -> Said:
    """Income, outgoings and ability from a message that tells of them."""
    outgoings = debts = ZERO
    if (people := DEPENDANTS.search(heard.text)) is not None:
        said = replace(said, dependants=_number(people))
    for entity in heard.values("amount"):
        span = bounds_of(entity, arrears)
        if span is None or entity.per == "once":
            continue
        low, high = span
        role = _role(heard.text, entity, question)
        per = entity.per if entity.per in MONTHS_IN else "month"
        if role == "outgoing" and DEBTS.search(_before(heard.text, entity, 6)):
            debts += yuan(high * MONTHS_IN[per])
        elif role == "outgoing":
            outgoings += yuan(high * MONTHS_IN[per])
        elif role == "income":
            said = replace(said, income=Income(low, high, per))  # type: ignore[arg-type]
        elif per == "week":
            said = replace(said, at_most_week=low)
        else:
            said = replace(said, at_most_month=yuan(low * MONTHS_IN[per]))
    for entity in heard.values("date"):
        day = _first_day(entity)
        if day is not None and MONTHLY_DAY.fullmatch(heard.text[entity.start : entity.end]) and PAY_DAY.search(_around(heard.text, entity)):
            said = replace(said, pay_day=31 if "月底" in heard.text[entity.start : entity.end] else day.day)
    if debts:
        said = replace(said, other_debts=debts)
    return replace(said, outgoings=outgoings) if outgoings else said


def _number(people: re.Match[str]) -> int:
    """How many people live on the income beside the member; of a household of so many, one is the member."""
    beside, of_all = people[1] or people[2], people[3]
    digit = beside or of_all
    number = int(digit) if digit.isdigit() else "零一二三四五六七八".find(digit.replace("两", "二"))
    return number if beside else number - 1


def hear_dates(said: Said, heard: Understood, question: Question | None, wish: str | None) -> Said:
    """A day that was said: pay day, start, last day, or the day of a named part."""
    for entity in heard.values("date"):
        around = _around(heard.text, entity)
        first, last = _first_day(entity), _last_day(entity)
        if first is None or last is None:
            continue
        if said.pay_months and (last - first).days >= 27:
            continue  # a month named among those with money is no day of payment
        if PAY_DAY.search(around):
            said = replace(said, pay_day=first.day)
        if wish in ("instalments", "terms") or (wish is None and question in ("periods", "amount")) or START.search(heard.text[entity.end : entity.end + 4]):
            said = replace(said, start=first, until=None)
        elif wish == "deferral":
            said = replace(said, until=last, start=None)
        else:
            said = replace(said, until=last)
    return said


def _pair(heard: Understood, arrears: Decimal) -> tuple[NamedPart, ...]:
    """Sums and days of a message in the order said: a day belongs to the sum that stands nearest and has none yet."""
    amounts = [e for e in heard.values("amount") if e.value and e.per not in ("month", "week")]
    days = [e for e in heard.values("date") if e.value]
    taken: dict[int, date] = {}
    for day in days:
        free = [i for i in range(len(amounts)) if i not in taken]
        if free:
            near = min(free, key=lambda i: min(abs(amounts[i].start - day.end), abs(day.start - amounts[i].end)))
            last = _last_day(day)
            if last is not None:
                taken[near] = last
    parts = []
    for i, entity in enumerate(amounts):
        span = bounds_of(entity, arrears)
        if span is not None:
            parts.append(NamedPart(span[0], taken.get(i)))
    return tuple(parts)


def merge_parts(old: Sequence[NamedPart], new: Sequence[NamedPart]) -> tuple[NamedPart, ...]:
    """New sums and days into the parts named so far: a day alone fills the first part without one, an equal sum gets its day."""
    parts = list(old)
    for part in new:
        same = next((i for i, p in enumerate(parts) if p.amount == part.amount), None)
        if same is not None:
            parts[same] = NamedPart(part.amount, part.due or parts[same].due)
        else:
            parts.append(part)
    return tuple(parts)


def _fill_days(parts: Sequence[NamedPart], days: Sequence[date]) -> tuple[NamedPart, ...]:
    waiting = list(days)
    filled = [NamedPart(p.amount, waiting.pop(0)) if p.due is None and waiting else p for p in parts]
    return tuple(filled)


def hear_parts(said: Said, heard: Understood, question: Question | None, arrears: Decimal) -> Said:
    """The member's own payments: `先还五百`, `1380今天 两千5号之前`, and later the day alone."""
    new = _pair(heard, arrears)
    if new:
        return replace(said, parts=merge_parts(said.parts, new))
    days = [d for e in heard.values("date") if (d := _last_day(e))]
    if days and any(p.due is None for p in said.parts):
        return replace(said, parts=_fill_days(said.parts, days))
    return said


def span_is_all(span: tuple[Decimal, Decimal], arrears: Decimal) -> bool:
    """Whether a sum is the whole debt (`3600分六期`), not a part of it."""
    return span[0] == span[1] == arrears


def hear_sums(said: Said, heard: Understood, arrears: Decimal) -> Said:
    """Sums of instalments: a maximum, an exact one, a first one, one a week."""
    for entity in heard.values("amount"):
        span = bounds_of(entity, arrears)
        if span is None:
            continue
        low, high = span
        if TOO_MUCH.search(heard.text[entity.end : entity.end + 8]):
            continue
        if entity.per == "week":
            said = replace(said, at_most_week=low)
        elif span_is_all(span, arrears):
            continue
        elif FIRST.search(_before(heard.text, entity, 12)) or (FIRST_PART.search(heard.text[: entity.start]) and len(heard.values("amount")) == 1):
            said = replace(said, first_at_most=low)
        elif entity.bound in ("exact", "at_least", "fraction") or entity.bound is None:
            said = replace(said, each=low, at_most_month=max(said.at_most_month, low) if said.at_most_month else None)
        else:
            said = replace(said, at_most_month=low if entity.bound == "range" else high, each=None)
    return said


def hear_terms(said: Said, heard: Understood) -> Said:
    """Number of instalments and length of a delay."""
    for entity in heard.values("periods"):
        if entity.value:
            said = replace(said, periods=int(entity.value))
    if not heard.values("periods") and (turns := IN_TURNS.search(heard.text)):
        said = replace(said, periods="两二三四五六".index(turns[1]) + (2 if turns[1] == "两" else 1))
    for entity in heard.values("duration"):
        if entity.value:
            number = int(Decimal(entity.value))
            said = replace(said, defer_months=number, defer_days=None) if entity.unit == "month" else replace(said, defer_days=number, defer_months=None)
    return said


WISHES = {
    "request_instalments": "instalments", "request_deferral": "deferral", "offer_partial": "partial", "promise_to_pay": "whole",
    "request_settlement": "settlement", "request_waiver": "waiver",
}


def wish_of(heard: Understood, question: Question | None, wish: str | None) -> str | None:
    """What kind of arrangement the member has in mind now; a bare answer goes on with the last one."""
    if INTEREST_FIRST.search(heard.text):
        return "interest_only"
    if EXTENSION.search(heard.text) or (wish == "extension" and heard.intent == "request_deferral"):
        return "extension"
    if heard.intent == "promise_to_pay" and any(e.per in ("week", "month") for e in heard.values("amount")):
        return "terms"  # so much a week is a rhythm and no promise of one sum
    if heard.intent == "request_settlement" and (heard.values("periods") or IN_TURNS.search(heard.text)):
        return "instalments"  # `这笔分四次给吧`
    if heard.intent == "offer_partial" and heard.values("periods") and not heard.values("amount"):
        return "instalments"  # `先按三期看看` is about a number of parts
    if heard.intent in WISHES:
        if heard.intent == "promise_to_pay" and wish in ("partial", "instalments") and question in ("date", "amount"):
            return wish  # the day asked for belongs to the plan under discussion
        if heard.intent == "request_deferral" and wish in ("instalments", "terms") and heard.values("date"):
            return wish  # "从一月开始行不行" moves the start of the plan on the table
        if heard.intent == "offer_partial" and wish in ("instalments", "terms") and FIRST_PART.search(heard.text):
            return wish  # "头一期少点" is about the first instalment of the plan
        return WISHES[heard.intent]
    if heard.intent == "propose_terms" and wish is None:
        return "terms"
    return wish


PLAN_WISH: dict[str, PlanKind] = {"interest_only": "interest_only", "extension": "extension", "instalments": "instalments", "deferral": "deferral", "partial": "partial", "whole": "whole"}


def new_year_eve(today: date) -> date:
    """The next lunar New Year's Eve, today included."""
    return min(eve for year in (today.year, today.year + 1) if (eve := spring_festival(year) - DAY) >= today)


def before_new_year(text: str, today: date) -> date | None:
    """The last workday before the next New Year's Eve where that is what `text` names (`过年前`); else None."""
    if not BEFORE_YEAR.search(text):
        return None
    day = new_year_eve(today)
    while day > today and not is_workday(day):
        day -= DAY
    return day


def after_new_year(text: str, today: date) -> date | None:
    """First workday after the next Spring Festival where that is what `text` puts something off to (`等过了年`, `闺女过年回来`); else None."""
    return next_workday(new_year_eve(today) + DAY) if AFTER_YEAR.search(text) else None


def day_to_come(heard: Understood, today: date) -> date | None:
    """The last day to come that a message names, whatever it is about."""
    days = [day for e in heard.values("date") if (day := _last_day(e)) and day >= today]
    return days[-1] if days else before_new_year(heard.text, today)


def with_mentioned(heard: Understood, mentioned: date | None) -> Understood:
    """`到时候还清`, `卖了猪先给三千`: the day without a date of its own is the one named before."""
    if mentioned is None or any(e.value for e in heard.values("date")) or heard.intent not in ("promise_to_pay", "offer_partial", "request_deferral", "propose_terms", "request_settlement"):
        return heard
    if not THEN.search(heard.text):
        return heard
    found = THEN.search(heard.text)
    start = found.start() if found else 0
    entity = Entity("date", mentioned.isoformat(), start, start + 2)
    return replace(heard, entities=(*(e for e in heard.entities if e.entity != "date"), entity))


UNTOLD = frozenset({"greet", "ask_who", "ask_purpose", "nlu_fallback", "affirm", "ask_overdue_details"})


def reason_told(heard: Understood) -> str | None:
    """The reason that a message tells; who only asks what it is about (`何事`) has told none."""
    return None if heard.reason == "not_informed" and heard.intent in UNTOLD else heard.reason


def intent_of_identity(heard: Understood) -> bool:
    """Whether the message is about who is writing and nothing else."""
    return heard.intent in ("provide_verification", "confirm_identity")


def hear(said: Said, heard: Understood, about: Asked | None, wish: str | None, arrears: Decimal, today: date, mentioned: date | None = None) -> Said:
    """`said` with what this message adds. `about`: the question that it answers. `wish` is the one after `wish_of`; `arrears` in yuan, for fractions; `mentioned`: a day named before.

    Dates before `today` are told, not promised, and leave no trace.
    """
    question: Question | None = "means" if about == "outgoings" else about
    heard = with_mentioned(heard, mentioned)
    said = replace(said, wish=PLAN_WISH.get(wish or "", said.wish))
    heard = replace(heard, entities=tuple(e for e in heard.entities if e.entity != "date" or not e.value or (_last_day(e) or today) >= today))
    late_answer = heard.reason == "forgot" and intent_of_identity(heard)  # `前天忙忘了` says why the answer comes late, not why the payment does
    reason = reason_told(heard)
    if reason and not said.reason and not late_answer:
        said = replace(said, reason=reason)
    said = hear_terms(said, heard)
    if months := pay_months_of(heard.text):
        said = replace(said, pay_months=months)
    intent = heard.intent
    if intent == "state_means" or (intent in ("affirm", "deny", "refuse_to_pay") and question == "means"):
        return hear_means(said, heard, about, arrears)
    if intent == "state_reason":
        return hear_means(said, heard, about, arrears) if question in ("reason", "means", None) and INCOME.search(heard.text) else said
    if wish == "partial" and intent in ("offer_partial", "promise_to_pay", "propose_terms", "accept_plan", "affirm", "need_time", "state_means"):
        return hear_parts(said, heard, question, arrears)
    if (on := WEEKDAY.search(heard.text)) and said.at_most_week is not None:
        return replace(said, weekday="一二三四五六日天".index(on[1]) if on[1] != "天" else 6)
    if intent == "promise_to_pay" and wish != "terms":
        sums = [span[0] for e in heard.values("amount") if (span := bounds_of(e, arrears))]
        if sums and sums[0] < arrears:
            return hear_parts(said, heard, question, arrears)
        return hear_dates(said, heard, question, wish)
    if intent in PLAN_INTENTS or wish in ("instalments", "terms"):
        said = hear_sums(said, heard, arrears) if intent != "reject_plan" else said
        return hear_dates(said, heard, question, wish or "terms")
    if intent in ("request_deferral", "request_settlement", "affirm", "deny", "need_time"):
        return hear_dates(said, heard, question, wish)
    return said


def pay_months_of(text: str) -> tuple[PayMonth, ...]:
    """Months named as the ones with money (`六月和十月有钱`)."""
    if PAST.search(text):
        return ()  # `九月十月光发了点饭钱` tells of months that are over
    numerals = {n: i for i, n in enumerate("一二三四五六七八九", 1)} | {"十": 10, "十一": 11, "十二": 12}
    found = re.findall(r"(十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月份?(?![0-9一二三四五六七八九十]|号)", text)
    months = [int(m) if m.isdigit() else numerals[m] for m in found]
    return tuple(PayMonth(m) for m in dict.fromkeys(months)) if len(set(months)) > 1 else ()
