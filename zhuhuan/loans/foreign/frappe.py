"""Frappe Lending's exports: Loan, Loan Repayment Schedule (with its Repayment Schedule), Loan Repayment, Loan Demand, Loan Product, Customer.

As JSON (documents, lists of them, answers of the API, one a line) or as the tables of its Data Export and Report views, headers as labels or as names
of fields; rows of a child table stand under their parent with the parent's cells empty. What belongs together is joined by the loan's name. Names are
those of the doctypes of 2023 to 2025. Penalties are kept there as amounts, not as a rate: they become fees of the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.loans.foreign.converted import Converted, row_of
from zhuhuan.loans.foreign.fields import Fields, fen_parts
from zhuhuan.loans.foreign.identity import People, told_by_client
from zhuhuan.loans.foreign.records import Record
from zhuhuan.loans.owing.values import Accrual, Component, Contract, EntryKind, Method, Scheduled
from zhuhuan.loans.rows import SourceLine
from zhuhuan.loans.sheets import Line
from zhuhuan.loans.transactions import fitting_id
from zhuhuan.money import ZERO

SCHEDULE = "repayment_schedule"  # the child table, in the schedule's document or (until 2023) in the loan's
# A doctype, and the fields by which one is known that does not carry its name; the first that fits.
DOCTYPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Loan Repayment": (("against_loan", "amount_paid"),),
    "Loan Demand": (("loan", "demand_type"), ("loan", "demand_amount")),
    "Loan Repayment Schedule": (("loan", SCHEDULE), ("loan", f"{SCHEDULE}.payment_date"), ("loan", "repayment_start_date")),
    "Loan": (("applicant", "loan_amount"),),
    "Repayment Schedule": (("parent", "payment_date"),),
    "Loan Product": (("product_code", "rate_of_interest"), ("penalty_interest_rate", "rate_of_interest"), ("loan_name", "rate_of_interest")),
    "Customer": (("customer_name",), ("member_name",), ("employee_name",)),
}
SAME = {"Member": "Customer", "Employee": "Customer", "Loan Type": "Loan Product"}
LABELS = {  # labels that are not the field's name in other letters
    "id": "name", "repayment period in months": "repayment_periods", "rate of interest (%) / year": "rate_of_interest",
    "rate of interest (%) yearly": "rate_of_interest", "penalty interest rate (%)": "penalty_interest_rate",
    "penalty interest rate (%) per day": "penalty_interest_rate", "total payable amount": "total_payment", "mobile number": "mobile_no",
    "mobile no": "mobile_no", "cell number": "cell_number", "document status": "docstatus",
}  # fmt: skip
NOT_LENT = ("sanctioned", "draft", "rejected", "pending")
GIVEN_UP = ("written off", "settled")
KINDS: dict[str, tuple[EntryKind, Component | None] | None] = {
    "interest waiver": ("waiver", "interest"), "penalty waiver": ("waiver", "fee"), "charges waiver": ("waiver", "fee"),
    "principal capitalization": None, "interest capitalization": None, "charges capitalization": None, "penalty capitalization": None,
    "interest carry forward": None,
}  # fmt: skip
"""repayment_type of a Loan Repayment that is no payment; None: only the schedule changes by it."""
EVERY = {"": 1, "monthly": 1, "quarterly": 3, "half yearly": 6, "yearly": 12, "one time": 0}  # months; days and weeks have no place in a contract here
CUSTOMER = {
    "name": ("customer_name", "member_name", "employee_name"), "phone": ("mobile_no", "cell_number", "phone", "custom_mobile_no"),
    "birth_date": ("date_of_birth", "custom_date_of_birth", "birth_date", "custom_birth_date"), "region": ("territory", "branch"),
    "id_number": ("custom_id_number", "id_number", "national_id", "custom_national_id", "tax_id"), "id_tail": ("custom_id_tail", "id_tail"),
}  # fmt: skip
SUBMITTED, CANCELLED = 1, 2


def doctype_of(value: Mapping[str, Any]) -> str | None:
    """The doctype of a document or of a table's fields; None where it is none of these."""
    named = value.get("doctype")
    if isinstance(named, str):
        named = SAME.get(named, named)
        return named if named in DOCTYPES else None
    return next((name for name, marks in DOCTYPES.items() if any(all(field in value for field in mark) for mark in marks)), None)


def field_name(header: str) -> str:
    """The field that a header of an export stands for: `Against Loan`, `against_loan`, `Payment Date (Repayment Schedule)`."""
    text = " ".join(header.strip().lstrip("\ufeff").lower().split())
    if text.endswith("(repayment schedule)"):
        return f"{SCHEDULE}.{field_name(text.removesuffix('(repayment schedule)'))}"
    if text in LABELS:
        return LABELS[text]
    return text.replace(" ", "_").replace("-", "_")


def table_records(header: Sequence[str], lines: Iterable[Line]) -> Iterator[Record]:
    """The documents of a table: a row with a name begins one, rows of a child table below it belong to it."""
    names = [field_name(cell) for cell in header]
    doc: dict[str, Any] = {}
    begun = 0
    for line, texts in lines:
        cells = {name: text for name, text in zip(names, texts, strict=False) if text}
        parent = {name: text for name, text in cells.items() if not name.startswith(f"{SCHEDULE}.")}
        child = {name.partition(".")[2]: text for name, text in cells.items() if name.startswith(f"{SCHEDULE}.")}
        if parent:
            if doc:
                yield Record(begun, doc)
            doc, begun = parent, line
        if child:
            doc.setdefault(SCHEDULE, []).append(child)
    if doc:
        yield Record(begun, doc)


class Documents:
    """The documents of an import, by doctype, until all files are read."""

    def __init__(self) -> None:
        self._of: dict[str, list[Fields]] = defaultdict(list)

    def add(self, doctype: str, record: Fields) -> None:
        """Keep a document."""
        self._of[doctype].append(record)

    @property
    def without_demands(self) -> bool:
        """Whether there are loans, but not what Frappe demands of them, so that penalties that are not paid yet are not known."""
        return bool(self._of["Loan"]) and not self._of["Loan Demand"]

    def unmatched(self) -> Iterator[Fields]:
        """Schedules and repayments of loans that are not in the import."""
        loans = {loan.text("name") for loan in self._of["Loan"]}
        for doctype, key in (("Loan Repayment", "against_loan"), ("Loan Repayment Schedule", "loan")):
            for record in self._of[doctype]:
                if record.text(key) not in loans:
                    yield record

    def read_clients(self, people: People, today: date) -> None:
        """Keep who the customers are."""
        for record in self._of["Customer"]:
            people.tell([record.text("name")], told_by_client(record, today, CUSTOMER))

    def loans(self, people: People, today: date) -> Iterator[Converted]:
        """Every loan as a row, or why it is none."""
        schedules = self._schedules()
        repayments, demands, products = self._by("Loan Repayment", "against_loan"), self._by("Loan Demand", "loan"), self._by("Loan Product", "name")
        for loan in self._of["Loan"]:
            name = loan.text("name")
            product = products.get(loan.text("loan_product", "loan_type"), [None])[0]
            yield _convert(loan, product, schedules.get(name, ()), repayments.get(name, ()), demands.get(name, ()), people, today)

    def _by(self, doctype: str, key: str) -> dict[str, list[Fields]]:
        found: dict[str, list[Fields]] = defaultdict(list)
        for record in self._of[doctype]:
            found[record.text(key)].append(record)
        return found

    def _schedules(self) -> dict[str, list[Fields]]:
        """The rows of each loan's schedule that is in force, by the loan's name."""
        rows: dict[str, list[Fields]] = defaultdict(list)
        alone = self._by("Repayment Schedule", "parent")
        for doctype, key in (("Loan Repayment Schedule", "loan"), ("Loan", "name")):
            for record in self._of[doctype]:
                if doctype == "Loan Repayment Schedule" and not _in_force(record):
                    continue
                children = record.get(SCHEDULE) or ()
                inner = [record.inner(row, f"{SCHEDULE}[{place}]") for place, row in enumerate(children) if isinstance(row, dict)]
                rows[record.text(key)] += inner or alone.get(record.text("name"), [])
        return rows


def _in_force(schedule: Fields) -> bool:
    return schedule.text("status").lower() in ("", "active") and _docstatus(schedule) == SUBMITTED


def _docstatus(record: Fields) -> int:
    """0 draft, 1 submitted, 2 cancelled; taken as submitted where the export leaves it out."""
    words = {"draft": 0, "submitted": SUBMITTED, "cancelled": CANCELLED}
    told = record.text("docstatus").lower()
    return words[told] if told in words else int(told) if told.isdigit() else SUBMITTED


def _convert(
    loan: Fields, product: Fields | None, rows: Sequence[Fields], repayments: Sequence[Fields], demands: Sequence[Fields], people: People, today: date
) -> Converted:
    status = loan.text("status").lower()
    if _docstatus(loan) != SUBMITTED or status in NOT_LENT:
        return Converted(skipped=f"没有放款（{loan.text('status') or '草稿或已取消'}）")
    name, applicant = loan.text("name"), loan.text("applicant")
    given_up = status in GIVEN_UP
    person = people.person([applicant], applicant, loan.text("applicant_name"), loan)
    for field in ("name", "applicant"):
        if not loan.text(field):
            loan.bad(field, "没有填写")
    rate, lent = loan.number("rate_of_interest"), loan.money("disbursed_amount") or loan.money("loan_amount")
    schedule = _schedule(loan, rows, lent)
    if not schedule and not given_up and not loan.problems:
        loan.bad(SCHEDULE, "没有还款计划：请一起给出 Loan Repayment Schedule 的导出（含子表 Repayment Schedule）")
    contract = _contract(loan, product, rate, lent, schedule) if schedule else None
    entries = () if given_up else tuple(_lines(loan, repayments, demands))
    if not repayments and loan.money("total_amount_paid") > 0 and not given_up:
        loan.bad("total_amount_paid", f"已还 {loan.money('total_amount_paid')} 元，却没有还款记录：请一起给出 Loan Repayment 的导出")
    if loan.problems or person is None:
        return Converted(problems=tuple(loan.problems))
    called = product.text("product_name", "loan_name") if product is not None else ""
    row = row_of(
        loan, person, name, called or loan.text("loan_product", "loan_type"), rate / 100 if rate is not None else None, today, contract=contract if not given_up else None,
        schedule=() if given_up else schedule, paid=() if given_up or contract else _paid(schedule, repayments), entries=entries,
        closed=given_up or status == "closed",
    )  # fmt: skip
    return Converted(row=row)


def _schedule(loan: Fields, rows: Sequence[Fields], lent: Decimal) -> tuple[Scheduled, ...]:
    """The instalments to the fen by date; Frappe keeps them with more decimals. Rows of one day (several disbursements) are one instalment."""
    by_day: dict[date, tuple[Decimal, Decimal]] = {}
    for row in rows:
        day = row.day("payment_date")
        if day is None:
            row.bad("payment_date", "没有填写")
            continue
        principal, interest = by_day.get(day, (ZERO, ZERO))
        by_day[day] = (principal + (row.number("principal_amount") or ZERO), interest + (row.number("interest_amount") or ZERO))
    for problems in {id(row.problems): row.problems for row in rows}.values():  # rows of one document share theirs
        if problems is not loan.problems:
            loan.problems += problems
    if loan.problems or not by_day:
        return ()
    days = sorted(by_day)
    parts = fen_parts(lent, [by_day[day] for day in days])
    return tuple(Scheduled(number, day, *part) for number, (day, part) in enumerate(zip(days, parts, strict=True), 1))


def _contract(loan: Fields, product: Fields | None, rate: Decimal | None, lent: Decimal, schedule: Sequence[Scheduled]) -> Contract | None:
    """The contract; None where it is of a kind that a contract here cannot say: periods of days or weeks, no rate."""
    months = EVERY.get(loan.text("repayment_frequency").lower())
    disbursed = loan.day("disbursement_date") or loan.day("posting_date")
    if rate is None or disbursed is None or months is None or lent <= 0:
        return None
    bullet = len(schedule) == 1
    method: Method = "bullet" if bullet else "interest_first" if not any(s.principal for s in schedule[:-1]) else "equal_instalments"
    monthly = loan.text("repayment_schedule_type").lower() in ("", "monthly as per repayment start date")
    accrual: Accrual = "30/360" if monthly else "actual/365"
    whole_term = max(1, (schedule[-1].due.year - disbursed.year) * 12 + schedule[-1].due.month - disbursed.month)
    return Contract(
        principal=lent,
        annual_rate=rate / 100,
        method=method,
        disbursed=disbursed,
        periods=len(schedule),
        period_months=whole_term if bullet else months or 1,
        first_due=schedule[0].due,
        accrual=accrual,
        penalty_uplift=None,
        order=("fee", "penalty", "compound", "interest", "principal"),
        across="instalment",
        grace_days=(product.whole("grace_period_in_days") or 0) if product is not None else 0,
    )


def _lines(loan: Fields, repayments: Sequence[Fields], demands: Sequence[Fields]) -> Iterator[SourceLine]:
    """Repayments and waivers, cancelled ones with their reversal; penalties and charges as fees: as demanded, else as they were paid."""
    for repayment in repayments:
        status = _docstatus(repayment)
        kind = KINDS.get(repayment.text("repayment_type").lower(), ("payment", None))
        day, amount, name = repayment.day("posting_date"), repayment.money("amount_paid"), repayment.text("name")
        if status not in (SUBMITTED, CANCELLED) or kind is None or (amount == 0 and not repayment.problems):
            continue
        if day is None or not name:
            repayment.bad("posting_date" if day is None else "name", "没有填写")
            continue
        source_id = fitting_id(name)
        what, component = kind
        yield SourceLine(source_id, day, what, amount, None, component, repayment.text("reference_number"), repayment.file, repayment.line)
        if status == CANCELLED:
            yield SourceLine(fitting_id(f"{name}:reversal"), day, "reversal", amount, source_id, None, "来源系统取消", repayment.file, repayment.line)
        elif not demands:
            for part, words, fields in (("penalty", "罚息", ("total_penalty_paid",)), ("charges", "费用", ("total_charges_paid", "total_paid_charges"))):
                if (paid := repayment.money(*fields)) > 0:
                    yield SourceLine(fitting_id(f"{name}:{part}"), day, "fee", paid, note=f"{words}（按来源系统）", file=repayment.file, line=repayment.line)
    for demand in demands:
        kind_of = demand.text("demand_type")
        day, amount, name = demand.day("demand_date", "posting_date"), demand.money("demand_amount"), demand.text("name")
        if kind_of.lower() in ("emi", "normal") or _docstatus(demand) != SUBMITTED or amount == 0:
            continue
        if day is None or not name:
            demand.bad("demand_date" if day is None else "name", "没有填写")
            continue
        words = "罚息（按来源系统）" if kind_of.lower() == "penalty" else f"费用（按来源系统）：{demand.text('demand_subtype') or kind_of}"
        yield SourceLine(fitting_id(name), day, "fee", amount, note=words, file=demand.file, line=demand.line)
    for other in (*repayments, *demands):
        loan.problems += other.problems


def _paid(schedule: Sequence[Scheduled], repayments: Sequence[Fields]) -> tuple[Decimal, ...]:
    """What is paid of each instalment, oldest first, by the principal and interest that the repayments covered."""
    left = sum(
        (r.money("principal_amount_paid") + r.money("total_interest_paid") for r in repayments if _docstatus(r) == SUBMITTED), ZERO
    )
    paid = []
    for instalment in schedule:
        share = min(left, instalment.amount)
        left -= share
        paid.append(share)
    return tuple(paid)
