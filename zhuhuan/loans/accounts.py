"""Accounts as contract.md gives them to `converse` and `plans propose`: read, checked, and turned into figures of the loan book."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhuhuan.loans.contracts import GivenContract, given_contract
from zhuhuan.loans.errors import BadAccount, BadStatement
from zhuhuan.loans.given import day_at, money_at, rate_at, word_at
from zhuhuan.loans.statement import LoanStatement, facts_of, unpaid_instalments
from zhuhuan.loans.values import (
    STANDING_ARRANGEMENT,
    AddArrangement,
    Approver,
    ArrangementStatus,
    Case,
    CaseKind,
    CaseStatus,
    LoanFacts,
    Part,
    Promise,
    PromiseStatus,
)
from zhuhuan.money import ZERO

LOAN_FIELDS = ("product", "overdue_amount", "days_overdue", "instalment_amount", "due_date", "balance", "annual_rate", "penalty")


@dataclass(frozen=True)
class Account:
    """One member with loans and what already stands; `loan_id` in arrangements, promises and cases is the place in `loans` as text."""

    name: str
    id_tail: str
    birth_date: date
    phone: str
    region: str
    loans: tuple[tuple[str | None, LoanStatement, GivenContract | None], ...]
    arrangements: tuple[AddArrangement, ...]
    promises: tuple[Promise, ...]
    cases: tuple[Case, ...]


def member_id_of(name: str, id_tail: str, birth_date: date) -> str:
    """The id of a member whom the source gives none: always the same for the same person."""
    digest = hashlib.sha256(f"{name}|{id_tail}|{birth_date.isoformat()}".encode()).hexdigest()
    return f"M{int(digest[:12], 16) % 10**9:09d}"


def loan_statement(loan: Mapping[str, Any], today: date, place: str = "account") -> LoanStatement:
    """One loan's fields of an account. Without `due_date` it is `days_overdue` before `today`. Raises BadAccount."""
    overdue = money_at(loan.get("overdue_amount", "0"), f"{place}.overdue_amount")
    due = loan.get("due_date")
    days = loan.get("days_overdue")
    due_date: date | None = None
    if due is not None:
        due_date = day_at(due, f"{place}.due_date")
    elif days is not None and overdue > 0:
        try:
            due_date = today - timedelta(days=int(days))
        except (ValueError, TypeError, OverflowError):
            raise BadAccount(f"{place}.days_overdue：“{days}”不是天数") from None
    penalty = money_at(loan.get("penalty") or "0", f"{place}.penalty")
    instalment = loan.get("instalment_amount")
    balance = loan.get("balance")
    return LoanStatement(
        product=str(loan.get("product") or "贷款"),
        overdue_amount=overdue,
        instalment_amount=money_at(instalment, f"{place}.instalment_amount") if instalment is not None else overdue - penalty,
        due_date=due_date,
        balance=max(overdue, money_at(balance, f"{place}.balance")) if balance is not None else None,
        annual_rate=rate_at(loan.get("annual_rate"), f"{place}.annual_rate"),
        penalty=penalty,
    )


def account_facts(loan: Mapping[str, Any], today: date, loan_id: str = "") -> LoanFacts:
    """A loan of an account as it stands on `today`, with no database (`plans propose --jsonl`). Raises BadAccount."""
    given = given_contract(loan, "account")
    if given is not None:
        return given.facts(loan_id or str(loan.get("id") or ""), str(loan.get("product") or "贷款"), today)
    try:
        return facts_of(loan_statement(loan, today), today, today, loan_id or str(loan.get("id") or ""))
    except BadStatement as error:
        raise BadAccount(f"account.{error.field}：{error.reason}") from error


def _which_loan(value: Any, loans: Sequence[tuple[str | None, LoanStatement, GivenContract | None]], place: str) -> str:
    """The place of the loan that `value` (id, product, or both as the `book` form has them) names; the only one where none is named."""
    if value is None or value == "":
        if len(loans) == 1:
            return "0"
        raise BadAccount(f"{place}：名下有 {len(loans)} 笔贷款，请用 loan 写明是哪一笔")
    wanted = str(value)
    for test in (
        lambda loan_id, product: loan_id == wanted,
        lambda loan_id, product: loan_id is not None and wanted == f"{product} {loan_id}",
        lambda loan_id, product: product == wanted,
        lambda loan_id, product: wanted in product,
    ):
        for number, (loan_id, statement, _) in enumerate(loans):
            if test(loan_id, statement.product):
                return str(number)
    raise BadAccount(f"{place}：名下没有“{wanted}”这笔贷款")


def _arrangement(entry: Mapping[str, Any], loan: str, place: str) -> AddArrangement:
    schedule = tuple(
        Part(day_at(part.get("due"), f"{place}.schedule"), money_at(part.get("amount"), f"{place}.schedule"))
        for part in entry.get("schedule") or ()
    )
    total = sum((part.amount for part in schedule), ZERO)
    given = entry.get("total")
    if given is not None and money_at(given, f"{place}.total") != total:
        raise BadAccount(f"{place}.total：{given} 与各期合计 {total} 不符")
    return AddArrangement(
        loan_id=loan,
        kind=str(entry.get("kind") or "instalments"),
        schedule=schedule,
        total=total,
        approval=word_at(entry.get("approval") or "assistant", Approver, f"{place}.approval"),
        status=word_at(entry.get("status") or "active", ArrangementStatus, f"{place}.status"),
        cost=money_at(entry.get("cost") or "0", f"{place}.cost"),
        why=str(entry.get("why") or ""),
    )


def _promise(entry: Mapping[str, Any], loan: str, place: str) -> Promise:
    return Promise(
        id=0,
        loan_id=loan,
        product="",
        amount=money_at(entry.get("amount"), f"{place}.amount"),
        due=day_at(entry.get("due"), f"{place}.due"),
        status=word_at(entry.get("status") or "open", PromiseStatus, f"{place}.status"),
    )


def read_account(account: Mapping[str, Any], today: date) -> Account:
    """An account of contract.md, checked. Unknown keys are ignored. Raises BadAccount with the place of what is wrong."""
    for key in ("name", "id_tail", "birth_date"):
        if account.get(key) in (None, ""):
            raise BadAccount(f"account.{key}：没有填写")
    tail = str(account["id_tail"]).strip().upper().zfill(4)
    if not re.fullmatch(r"\d{3}[\dX]", tail):
        raise BadAccount(f"account.id_tail：“{account['id_tail']}”不是身份证后四位（最后一位可以是 X）")
    born = day_at(account["birth_date"], "account.birth_date")
    name = str(account["name"]).strip()
    given = account.get("loans")
    entries = [(f"account.loans[{i}]", loan) for i, loan in enumerate(given)] if given is not None else [("account", account)]
    loans = []
    for place, loan in entries:
        contract = given_contract(loan, place)
        statement = contract.as_statement(str(loan.get("product") or "贷款"), today) if contract else loan_statement(loan, today, place)
        try:
            if contract is None:
                unpaid_instalments(statement, today)
        except BadStatement as error:
            raise BadAccount(f"{place}.{error.field}：{error.reason}") from error
        loans.append((str(loan["id"]) if given is not None and loan.get("id") else None, statement, contract))

    def listed(key: str) -> list[tuple[str, Mapping[str, Any]]]:
        return [(f"account.{key}[{i}]", entry) for i, entry in enumerate(account.get(key) or ())]

    arrangements = tuple(_arrangement(e, _which_loan(e.get("loan"), loans, place), place) for place, e in listed("arrangements"))
    promises = tuple(_promise(e, _which_loan(e.get("loan"), loans, place), place) for place, e in listed("promises"))
    standing = [a.loan_id for a in arrangements if a.status in STANDING_ARRANGEMENT]
    standing += [p.loan_id for p in promises if p.status == "open"]
    if len(standing) > len(set(standing)):
        raise BadAccount("account：同一笔贷款只能有一个有效的安排或待履行的承诺")
    return Account(
        name=name,
        id_tail=tail,
        birth_date=born,
        phone=str(account.get("phone") or f"1990001{member_id_of(name, tail, born)[-4:]}"),
        region=str(account.get("region") or ""),
        loans=tuple(loans),
        arrangements=arrangements,
        promises=promises,
        cases=tuple(
            Case(
                id=0,
                kind=word_at(e.get("kind"), CaseKind, f"{place}.kind"),
                status=word_at(e.get("status") or "open", CaseStatus, f"{place}.status"),
                about=str(e.get("about") or ""),
                loan_id=_which_loan(e["loan"], loans, place) if e.get("loan") else None,
            )
            for place, e in listed("cases")
        ),
    )
