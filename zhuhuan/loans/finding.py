"""Whose file is meant by what is typed at a command: a name, a phone number, a loan's id or a member's id."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.errors import UnknownRecord
from zhuhuan.loans.ledger import plain_phone
from zhuhuan.loans.values import MemberFile


def files_meant(book: LoanBook, who: str, today: date) -> tuple[MemberFile, ...]:
    """The files of all members of that name or number, or of the one with that id; of a loan's id, its owner's file with that loan alone.

    Raises UnknownRecord where the book holds nothing by that name.
    """
    who = who.strip()
    files = book.find(who, today) or (book.files_by_phone(who, today) if plain_phone(who) else ())
    if files:
        return files
    try:
        return (of_loan(book.file_of(book.owner_of(who), today), who),)
    except UnknownRecord:
        pass
    try:
        return (book.file_of(who, today),)
    except UnknownRecord:
        raise UnknownRecord(f"账本中没有会员或贷款“{who}”：请写姓名、手机号、会员号或贷款编号") from None


def of_loan(file: MemberFile, loan_id: str) -> MemberFile:
    """The file with one loan, its agreements, and the matters that are about it or about no loan."""

    def near(other: str | None) -> bool:
        return other in (None, loan_id)

    return replace(
        file,
        loans=(file.loan(loan_id),),
        arrangements=tuple(a for a in file.arrangements if a.loan_id == loan_id),
        promises=tuple(p for p in file.promises if p.loan_id == loan_id),
        cases=tuple(c for c in file.cases if near(c.loan_id)),
        notices=tuple(n for n in file.notices if near(n.loan_id)),
    )
