"""Apache Fineract's loans: GET /loans/{id}?associations=all, pages and lists of them, one a line; with its clients and their identifiers.

Field names are those of Fineract's LoanAccountData, LoanSchedulePeriodData, LoanTransactionData, LoanChargeData, CollectionData and ClientData
(1.10, October 2024; the reversed flag also as later versions write it). Fineract keeps penalties as charges with an amount, not as a rate: they become
fees of the ledger, and the contract here bears no penalty interest of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.loans.foreign.converted import Converted, row_of
from zhuhuan.loans.foreign.fields import Fields, fen_parts
from zhuhuan.loans.foreign.identity import People, identity_numbers, joined_name, told_by_client
from zhuhuan.loans.owing.values import Accrual, Component, Contract, EntryKind, Method, Scheduled
from zhuhuan.loans.rows import SourceLine, SourcePause, Told
from zhuhuan.money import ZERO

ACTIVE, TRANSFERS = 300, (303, 304)
PAID_OFF, GIVEN_UP = (600, 700), (601, 602)  # obligations met, overpaid; written off, rescheduled into another loan
NOT_LENT = (100, 200, 400, 500)  # applied for, approved, withdrawn, rejected
MONTHS, YEARS = 2, 3  # PeriodFrequencyType; days 0 and weeks 1 have no place in a contract here

# LoanTransactionType by id, to the kind of line; None: accounting that moves no money of the member.
KINDS: dict[int, tuple[EntryKind, Component | None, str] | None] = {
    1: None, 2: ("payment", None, ""), 3: None, 4: ("waiver", "interest", "减免利息"), 5: ("payment", None, "放款时扣收"), 6: None, 7: None,
    8: ("payment", None, "核销后收回"), 9: ("waiver", "fee", "减免费用"), 10: None, 12: None, 13: None, 14: None, 15: None,
    16: ("fee", None, "退款给会员"), 17: ("payment", None, "缴付费用"), 18: ("fee", None, "退款给会员"), 19: None, 20: ("fee", None, "退还多收款"),
    21: ("payment", None, "商户退款"), 22: ("payment", None, "退款入账"), 23: ("payment", None, "善意抵扣"), 24: ("payment", None, "费用退回"),
    25: ("fee", None, "退单"), 26: ("payment", None, "费用调整"), 27: None, 28: ("payment", None, "首付"), 29: None, 30: None,
    31: ("waiver", "interest", "减免利息"), 32: None, 33: ("payment", None, "利息退回"), 34: None,
}  # fmt: skip

# transactionProcessingStrategyCode to order and way of allocation. Penalties are fees here, so where they come first, fees do.
FEES_FIRST: tuple[Component, ...] = ("fee", "penalty", "compound", "interest", "principal")
STRATEGIES: dict[str, tuple[tuple[Component, ...], bool]] = {
    "rbi-india-strategy": (FEES_FIRST, True),
    "interest-principal-penalties-fees-order-strategy": (("interest", "principal", "penalty", "compound", "fee"), False),
    "principal-interest-penalties-fees-order-strategy": (("principal", "interest", "penalty", "compound", "fee"), False),
    "due-penalty-interest-principal-fee-in-advance-penalty-interest-principal-fee-strategy": (("interest", "principal", "penalty", "compound", "fee"), False),
}
CLIENT = {"phone": ("mobileNo",), "birth_date": ("dateOfBirth",), "region": ("officeName",), "id_number": ("idNumber", "documentKey")}


def is_loan(value: Mapping[str, Any]) -> bool:
    """Whether a record is a Fineract loan."""
    return "loanProductName" in value or "loanProductId" in value or ("accountNo" in value and ("repaymentSchedule" in value or "loanType" in value))


def is_client(value: Mapping[str, Any]) -> bool:
    """Whether a record is a Fineract client, or an identifier of one."""
    return "documentKey" in value or ("accountNo" in value and ("displayName" in value or "officeId" in value or "mobileNo" in value))


def read_client(record: Fields, people: People, today: date) -> None:
    """Keep what a client record, or an identifier, says of a person."""
    if "documentKey" in record.value:
        for tail, born in identity_numbers([record], ("documentKey",)):
            people.tell([record.text("clientId")], {"id_tail": tail, "birth_date": born})
        return
    told = told_by_client(record, today, CLIENT)
    documents = [record.inner(d, "identifiers") for d in record.get("identifiers", "clientIdentifiers") or () if isinstance(d, dict)]
    for tail, born in identity_numbers(documents, ("documentKey",)):
        told |= {"id_tail": tail, "birth_date": told.get("birth_date") or born}
    first, last = record.text("firstname"), record.text("lastname")
    told["name"] = record.text("fullname") or (joined_name(last, first) if first and last else record.text("displayName"))
    people.tell([record.text("id"), record.text("accountNo"), record.text("externalId")], told)


def convert(record: Fields, people: People, today: date) -> Converted:
    """A loan as a row, or why it is none."""
    status = record.whole("status.id")
    if status in NOT_LENT:
        return Converted(skipped=f"没有放款（{record.text('status.value') or status}）")
    number = record.text("accountNo") or record.text("id")
    if not number:
        record.bad("accountNo", "没有填写")
    if record.get("group.id") is not None and record.get("clientId") is None:
        return Converted(skipped="小组贷款，没有个人会员")
    client = record.text("clientId")
    keys = (record.text("clientExternalId"), record.text("clientAccountNo"), client, client.zfill(9))
    member_id = record.text("clientAccountNo") or client.zfill(9)  # Fineract's own account number by default
    inline = record.get("client")
    if isinstance(inline, dict):
        read_client(record.inner(inline, "client"), people, today)
    person = people.person([key for key in keys if key], member_id, record.text("clientName"), record)
    rate = record.number("annualInterestRate")
    instalments, paid = _schedule(record)
    contract = _contract(record, rate, len(instalments)) if instalments else None
    given_up = status in GIVEN_UP
    if not instalments and not given_up and not record.problems:
        record.bad("repaymentSchedule.periods", "没有还款计划：请用 associations=all 导出")
    received = record.money("summary.totalRepayment")
    if "transactions" not in record.value and received > 0 and not given_up:
        record.bad("transactions", f"已还 {received:,} 元，却没有流水：请用 associations=all 导出")
    entries = () if given_up else tuple(_lines(record))
    if record.problems or person is None:
        return Converted(problems=tuple(record.problems))
    row = row_of(
        record, person, number, record.text("loanProductName"), rate / 100 if rate is not None else None, today,
        contract=None if given_up else contract, schedule=() if given_up else instalments, paid=() if given_up or contract else paid, entries=entries,
        pauses=tuple(_pauses(record)), closed=given_up or status in PAID_OFF, penalty=ZERO if contract or given_up else _charges_open(record),
        told=_told(record) if contract is not None else None,
    )  # fmt: skip
    return Converted(row=row, problems=tuple(record.problems))


def _schedule(record: Fields) -> tuple[tuple[Scheduled, ...], tuple[Decimal, ...]]:
    """The instalments and what the source says is paid of each (waived or written off counts as paid)."""
    periods = [
        (place, period)
        for place, period in enumerate(record.get("repaymentSchedule.periods") or ())
        if isinstance(period, dict) and period.get("period") is not None
    ]
    told: list[tuple[int, date, Decimal]] = []
    parts = []
    for place, period in periods:
        f = record.inner(period, f"repaymentSchedule.periods[{place}]")
        number, due = f.whole("period"), f.day("dueDate")
        if due is None:
            f.bad("dueDate", "没有填写")
        parts.append((f.number("principalDue", "principalOriginalDue") or ZERO, f.number("interestDue", "interestOriginalDue") or ZERO))
        settled = ("principalPaid", "interestPaid", "interestWaived", "principalWrittenOff", "interestWrittenOff")
        told.append((number or place, due or date.max, sum((f.money(name) for name in settled), ZERO)))
    if record.problems:
        return (), ()
    lent = sum((principal for principal, _ in parts), ZERO).quantize(Decimal("0.01"))
    instalments = tuple(
        Scheduled(number, due, *part) for (number, due, _), part in zip(told, fen_parts(lent, parts), strict=True)
    )
    return instalments, tuple(done for _, _, done in told)


def _contract(record: Fields, rate: Decimal | None, periods: int) -> Contract | None:
    """The contract; None where it is of a kind that a contract here cannot say: flat interest, periods of days or weeks, no rate."""
    every, unit = record.whole("repaymentEvery") or 1, record.whole("repaymentFrequencyType.id")
    disbursed = record.day("timeline.actualDisbursementDate", "timeline.expectedDisbursementDate")
    principal = record.money("principal", "approvedPrincipal")
    if rate is None or disbursed is None or principal <= 0 or unit not in (MONTHS, YEARS) or record.whole("interestType.id") not in (0, None):
        return None
    order, across_components = STRATEGIES.get(record.text("transactionProcessingStrategyCode"), (FEES_FIRST, False))
    return Contract(
        principal=principal,
        annual_rate=rate / 100,
        method=_method(record, periods),
        disbursed=disbursed,
        periods=periods,
        period_months=every * (12 if unit == YEARS else 1),
        accrual=_accrual(record),
        penalty_uplift=None,
        order=order,
        across="component" if across_components else "instalment",
        grace_days=record.whole("graceOnArrearsAgeing") or 0,
    )


def _method(record: Fields, periods: int) -> Method:
    """How it is repaid. Fineract writes interest-first as principal grace on all periods but the last."""
    if periods == 1:
        return "bullet"
    if (record.whole("graceOnPrincipalPayment") or 0) >= periods - 1:
        return "interest_first"
    return "equal_principal" if record.whole("amortizationType.id") == 0 else "equal_instalments"


def _accrual(record: Fields) -> Accrual:
    """Days of interest: same as the repayment period, or by days in a year of 360 or 365."""
    if record.whole("interestCalculationPeriodType.id") != 0 or record.whole("daysInMonthType.id") == 30:
        return "30/360"
    return "actual/360" if record.whole("daysInYearType.id") == 360 else "actual/365"


def _lines(record: Fields) -> Iterator[SourceLine]:
    """Payments, waivers, refunds; reversed ones with their reversal; charges as fees."""
    for place, transaction in enumerate(record.get("transactions") or ()):
        if not isinstance(transaction, dict):
            continue
        f = record.inner(transaction, f"transactions[{place}]")
        type_id = f.whole("type.id")
        if type_id not in KINDS:
            f.bad("type", f"不认识的流水类型 {f.text('type.value', 'type.code') or type_id}")
            continue
        kind = KINDS[type_id]
        amount, day, number = f.money("amount"), f.day("date"), f.text("id")
        if kind is None or amount == 0:
            continue
        if day is None or not number:
            f.bad("date" if day is None else "id", "没有填写")
            continue
        what, component, note = kind
        line = SourceLine(number, day, what, amount, None, component, note, record.file, record.line)
        yield line
        if f.get("manuallyReversed", "reversed") is True or f.get("reversedOnDate") is not None:
            back = f.day("reversedOnDate") or day
            yield SourceLine(f"{number}:reversal", max(back, day), "reversal", amount, number, None, "来源系统冲正", record.file, record.line)
    yield from _fees(record)


def _fees(record: Fields) -> Iterator[SourceLine]:
    """What the schedule charges beside principal and interest: by its charges where they come with a day, the rest by period."""
    left: dict[tuple[date, str], Decimal] = {}
    for place, period in enumerate(record.get("repaymentSchedule.periods") or ()):
        if isinstance(period, dict):
            f = record.inner(period, f"repaymentSchedule.periods[{place}]")
            day = f.day("dueDate")
            for name in ("feeChargesDue", "penaltyChargesDue"):
                if day is not None and (amount := f.money(name)) > 0:
                    left[day, name] = left.get((day, name), ZERO) + amount
    due_days = sorted({day for day, _ in left})
    for place, charge in enumerate(record.get("charges") or ()):
        if not isinstance(charge, dict):
            continue
        f = record.inner(charge, f"charges[{place}]")
        day, amount = f.day("dueDate"), f.money("amount")
        if day is None or amount == 0 or not f.text("id"):
            continue  # spread over the instalments: the periods tell it
        name = "penaltyChargesDue" if f.get("penalty") is True else "feeChargesDue"
        holder = next((d for d in due_days if d >= day and left.get((d, name), ZERO) >= amount), None)
        if holder is None:
            continue  # not part of the schedule (any more)
        left[holder, name] -= amount
        yield SourceLine(f"charge:{f.text('id')}", day, "fee", amount, note=_charge_words(f, name), file=record.file, line=record.line)
    for (day, name), amount in sorted(left.items()):
        if amount > 0:
            yield SourceLine(f"{name}:{day}", day, "fee", amount, note=_charge_words(None, name), file=record.file, line=record.line)


def _charge_words(charge: Fields | None, name: str) -> str:
    words = "罚息（按来源系统）" if name == "penaltyChargesDue" else "费用（按来源系统）"
    return f"{words}：{charge.text('name')}" if charge is not None and charge.text("name") else words


def _charges_open(record: Fields) -> Decimal:
    """Unpaid fees and penalties of a loan that is known by its source's figures alone."""
    return record.money("summary.feeChargesOverdue") + record.money("summary.penaltyChargesOverdue", "summary.penaltyChargesOutstanding")


def _told(record: Fields) -> Told:
    """What Fineract itself says is overdue and outstanding."""
    names = ("summary.totalOverdue", "summary.totalOutstanding")
    return Told(*(record.money(name) if record.get(name) is not None else None for name in names))


def _pauses(record: Fields) -> Iterator[SourcePause]:
    """Periods in which delinquency was paused. One without an end has no last day yet and is told when it has."""
    for place, pause in enumerate(record.get("delinquent.delinquencyPausePeriods") or ()):
        if isinstance(pause, dict):
            f = record.inner(pause, f"delinquent.delinquencyPausePeriods[{place}]")
            first, last = f.day("pausePeriodStart"), f.day("pausePeriodEnd")
            if first is not None and last is not None and first <= last:
                yield SourcePause(first, last, "来源系统暂停计算逾期")
