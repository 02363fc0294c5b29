"""A member's file for machines: one JSON object, amounts as decimal strings in yuan, days ISO, personal data masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.loans.contract import book_as_contract
from zhuhuan.loans.delinquency import classify
from zhuhuan.loans.masking import BIRTH, TAIL, mask_phone, mask_text
from zhuhuan.loans.owing.position import Posted
from zhuhuan.loans.owing.values import Contract, DayStatement, Line
from zhuhuan.loans.showing_contract import working
from zhuhuan.loans.values import LoanFacts, MemberFile


def plain(value: Any) -> Any:
    """A value of a frozen dataclass as JSON has it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def _fields(value: Any, *left_out: str) -> dict[str, Any]:
    return {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name not in left_out}


def statement_as_json(owed: DayStatement, contract: Contract) -> dict[str, Any]:
    """The statement of a day; each line with its spans and, in words, its working."""

    def line(one: Line) -> dict[str, Any]:
        spans = [{"base": plain(span.base), "days": span.days} for span in one.spans]
        return _fields(one, "spans") | {"outstanding": plain(one.outstanding), "spans": spans, "working": working(one, contract)}

    return _fields(owed, "lines") | {"overdue": plain(owed.overdue), "payoff": plain(owed.payoff), "lines": [line(one) for one in owed.lines]}


def _posted(posted: Posted, file: MemberFile) -> dict[str, Any]:
    entry = _fields(posted.entry) | {"note": mask_text(posted.entry.note, file.member)}
    shares = [_fields(share) for share in posted.shares]
    return entry | {"shares": shares, "credit": plain(posted.credit), "overdue_after": plain(posted.overdue), "balance_after": plain(posted.balance)}


def loan_as_json(loan: LoanFacts, ledger: Sequence[Posted], file: MemberFile) -> dict[str, Any]:
    """A loan with its instalments, and where it has a contract also this, the statement of the day and the ledger."""
    found = _fields(loan, "instalments", "contract", "owed") | {"class": classify(loan.days_past_due).name}
    contract, owed = loan.contract, loan.owed
    found["contract"] = _fields(contract) | {"penalty_rate": plain(contract.penalty_rate)} if contract else None
    found["statement"] = statement_as_json(owed, contract) if owed and contract else None
    found["ledger"] = [_posted(posted, file) for posted in ledger]
    found["instalments"] = [_fields(i) for i in loan.instalments]
    return found


def file_as_json(file: MemberFile, ledgers: Mapping[str, Sequence[Posted]]) -> dict[str, Any]:
    """A member's file; `ledgers` by loan id, for loans that have a contract."""
    member = file.member
    about = {"id": member.id, "name": member.name, "phone": mask_phone(member.phone), "id_tail": TAIL, "birth_date": BIRTH, "region": member.region}
    book = book_as_contract(file)
    for name, words in (("cases", "about"), ("flags", "reason")):
        book[name] = [row | {words: mask_text(row[words], member)} for row in book[name]]
    consents = [row | {name: mask_text(row[name], member) for name in ("person", "matter")} for row in book["contact"]["consents"]]
    book["contact"] = book["contact"] | {"consents": consents}
    return {"member": about, "loans": [loan_as_json(loan, ledgers.get(loan.loan_id, ()), file) for loan in file.loans], **book}
