"""The ledger of a loan in an open unit of work: payments, reversals, waivers and fees are added, never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from zhuhuan.loans import tables as t
from zhuhuan.loans.errors import BadRecord, UnknownRecord
from zhuhuan.loans.owing.position import Ledger, Posted, posted, replay
from zhuhuan.loans.owing.values import Component, Contract, Scheduled
from zhuhuan.loans.payments import OpenCharge, Share, allocate
from zhuhuan.loans.reading import contracts_of, entries_of, scheduled
from zhuhuan.loans.values import Instalment
from zhuhuan.money import ZERO, from_fen

STAY = {"synchronize_session": False}


def contract_row(loan_id: str, contract: Contract) -> dict[str, Any]:
    """A contract as its row in the table."""
    names = ("principal", "annual_rate", "method", "disbursed", "periods", "period_months", "first_due", "accrual", "penalty_uplift", "compound",
             "year_days", "across", "grace_days")  # fmt: skip
    return {"loan_id": loan_id, "allocation_order": list(contract.order), **{name: getattr(contract, name) for name in names}}


def scheduled_rows(loan_id: str, schedule: tuple[Scheduled, ...], ledger: Ledger | None = None) -> list[dict[str, Any]]:
    """The rows of a contract's instalments, with what the ledger paid of each; instalments of nothing are left out."""
    paid = {row.number: from_fen(row.paid["principal"] + row.paid["interest"]) for row in ledger.rows} if ledger else {}
    return [
        {"loan_id": loan_id, "number": s.number, "due": s.due, "amount": s.amount, "principal": s.principal, "interest": s.interest, "paid": paid.get(s.number, ZERO)}
        for s in schedule
        if s.amount > 0
    ]


def instalments_of(session: Session, loan_id: str) -> list[Instalment]:
    """The instalments of a loan by number."""
    columns = (t.Instalment.number, t.Instalment.due, t.Instalment.amount, t.Instalment.paid, t.Instalment.principal, t.Instalment.interest)
    return [Instalment(*row) for row in session.execute(select(*columns).where(t.Instalment.loan_id == loan_id).order_by(t.Instalment.number))]


def contract_of_loan(session: Session, loan_id: str) -> Contract | None:
    """The contract of a loan; None where the book has none."""
    return contracts_of(session.connection(), {"loans": [loan_id]}).get(loan_id)


def ledger_of(session: Session, loan_id: str, day: date) -> tuple[Posted, ...]:
    """Every entry of a loan up to `day`, where it went, and what was owed after it. Raises BadRecord for a loan without a contract."""
    contract = contract_of_loan(session, loan_id)
    if contract is None:
        raise BadRecord(f"贷款 {loan_id} 没有合同信息，只有来源给的数字，算不出每笔还款后的余额")
    entries = entries_of(session.connection(), {"loans": [loan_id]})[loan_id]
    return posted(contract, scheduled(instalments_of(session, loan_id)), entries, day)


def take_payment(session: Session, loan_id: str, amount: Decimal, day: date, now: datetime | None = None) -> tuple[Share, ...]:
    """Book a payment and allocate it; what is paid beyond all that is owed stands as a credit where the loan has a contract.

    Raises BadRecord for an amount that cannot be (not above 0; more than all that is owed of a loan without a contract).
    """
    if amount <= 0:
        raise BadRecord(f"还款金额 {amount} 元不大于 0")
    contract = contract_of_loan(session, loan_id)
    if contract is not None:
        return _post(session, loan_id, contract, day, now, kind="payment", amount=amount)
    instalments = instalments_of(session, loan_id)
    charges = [
        OpenCharge(row.id, row.kind, row.amount - row.paid)
        for row in session.execute(
            select(t.Charge.id, t.Charge.kind, t.Charge.amount, t.Charge.paid).where(t.Charge.loan_id == loan_id).order_by(t.Charge.day, t.Charge.id)
        )
    ]
    shares = allocate(amount, instalments, charges, day)
    payment = t.LedgerEntry(loan_id=loan_id, kind="payment", amount=amount, day=day, booked_at=now)
    session.add(payment)
    session.flush()
    _allocated(session, payment.id, shares)
    for share in shares:
        if share.instalment is not None:
            number = share.instalment.number
            paid = update(t.Instalment).where(t.Instalment.loan_id == loan_id, t.Instalment.number == number)
            session.execute(paid.values(paid=share.instalment.paid + share.amount), execution_options=STAY)
        elif share.charge is not None:
            spent = update(t.Charge).where(t.Charge.id == share.charge.id)
            session.execute(spent.values(paid=t.Charge.paid + share.amount), execution_options=STAY)
    session.flush()
    return shares


def reverse(session: Session, loan_id: str, entry_id: int, day: date, now: datetime | None = None, note: str = "") -> None:
    """Book that a payment never counted (a bounced transfer). Raises UnknownRecord for no such payment of that loan, BadRecord where it is reversed already."""
    entry = session.get(t.LedgerEntry, entry_id)
    if entry is None or entry.loan_id != loan_id or entry.kind != "payment":
        raise UnknownRecord(f"贷款 {loan_id} 的账上没有编号 {entry_id} 的还款")
    if session.execute(select(t.LedgerEntry.id).where(t.LedgerEntry.reverses_id == entry_id)).first() is not None:
        raise BadRecord(f"编号 {entry_id} 的还款已经冲正过")
    if day < entry.day:
        raise BadRecord(f"冲正日 {day} 早于还款日 {entry.day}")
    contract = contract_of_loan(session, loan_id)
    if contract is not None:
        _post(session, loan_id, contract, day, now, kind="reversal", amount=entry.amount, reverses_id=entry_id, note=note)
        return
    session.add(t.LedgerEntry(loan_id=loan_id, kind="reversal", amount=entry.amount, day=day, reverses_id=entry_id, note=note, booked_at=now))
    for share in session.execute(select(t.Allocation).where(t.Allocation.entry_id == entry_id)).scalars():
        if share.instalment_number is not None:
            paid = update(t.Instalment).where(t.Instalment.loan_id == loan_id, t.Instalment.number == share.instalment_number)
            session.execute(paid.values(paid=t.Instalment.paid - share.amount), execution_options=STAY)
        else:
            spent = update(t.Charge).where(t.Charge.loan_id == loan_id, t.Charge.kind == share.charge_kind, t.Charge.paid >= share.amount)
            session.execute(spent.values(paid=t.Charge.paid - share.amount), execution_options=STAY)
    session.flush()


def waive(session: Session, loan_id: str, amount: Decimal, component: Component, day: date, now: datetime | None = None, note: str = "") -> None:
    """Book an authorised waiver of penalty, compound interest or fees. Raises BadRecord where it is of something else or more than is owed of it."""
    if component not in ("penalty", "compound", "fee"):
        raise BadRecord("只能减免罚息、复利和费用，本金和合同利息不能减免")
    contract = contract_of_loan(session, loan_id)
    if contract is None:
        raise BadRecord(f"贷款 {loan_id} 没有合同信息，不能在这里登记减免")
    schedule = scheduled(instalments_of(session, loan_id))
    entries = entries_of(session.connection(), {"loans": [loan_id]})[loan_id]
    ledger = replay(contract, schedule, entries, day)
    rows = ledger.reach(day.toordinal())
    owed = ledger.fees - ledger.fees_paid if component == "fee" else sum(ledger.open(row, component) for row in rows)
    if not 0 < amount <= from_fen(owed):
        raise BadRecord(f"减免 {amount} 元不在 0 和所欠的 {from_fen(owed)} 元之间")
    _post(session, loan_id, contract, day, now, kind="waiver", amount=amount, component=component, note=note)


def charge_fee(session: Session, loan_id: str, amount: Decimal, day: date, now: datetime | None = None, note: str = "") -> None:
    """Book a cost of the loan, such as a court fee. Raises BadRecord where it is not above 0."""
    if amount <= 0:
        raise BadRecord(f"费用 {amount} 元不大于 0")
    contract = contract_of_loan(session, loan_id)
    if contract is not None:
        _post(session, loan_id, contract, day, now, kind="fee", amount=amount, note=note)
        return
    session.add(t.Charge(loan_id=loan_id, kind="fee", day=day, amount=amount, paid=ZERO))
    session.flush()


def pause_delinquency(session: Session, loan_id: str, first: date, last: date, reason: str, now: datetime | None = None) -> None:
    """Days `first` to `last` (both included, also past ones) do not count as delinquent. Raises BadRecord where they do not rise."""
    if first > last:
        raise BadRecord(f"暂停的第一天 {first} 晚于最后一天 {last}")
    session.add(t.DelinquencyPause(loan_id=loan_id, first=first, last=last, reason=reason, made_at=now))
    session.flush()


def _post(session: Session, loan_id: str, contract: Contract, day: date, now: datetime | None, **values: Any) -> tuple[Share, ...]:
    """Add an entry to a loan with a contract, replay the ledger, and bring `paid` of the instalments and the allocations up to date."""
    entry = t.LedgerEntry(loan_id=loan_id, day=day, booked_at=now, **values)
    session.add(entry)
    session.flush()
    instalments = instalments_of(session, loan_id)
    entries = entries_of(session.connection(), {"loans": [loan_id]})[loan_id]
    last = max(e.day for e in entries)
    ledger = replay(contract, scheduled(instalments), entries, last)
    before = {i.number: i.paid for i in instalments}
    for row in ledger.rows:
        paid = from_fen(row.paid["principal"] + row.paid["interest"])
        if before[row.number] != paid:
            changed = update(t.Instalment).where(t.Instalment.loan_id == loan_id, t.Instalment.number == row.number)
            session.execute(changed.values(paid=paid), execution_options=STAY)
    if entry.kind != "payment":
        return ()
    by_number = {i.number: i for i in instalments}
    found = next(p for p in posted(contract, scheduled(instalments), entries, last) if p.entry.id == entry.id)
    shares = tuple(
        Share(s.amount, by_number[s.number]) if s.number is not None and s.component in ("principal", "interest")
        else Share(s.amount, charge=OpenCharge(0, s.component, s.amount))
        for s in found.shares
    )  # fmt: skip
    _allocated(session, entry.id, shares)
    return shares


def _allocated(session: Session, entry_id: int, shares: tuple[Share, ...]) -> None:
    """Note where a payment went when it was booked."""
    rows = [
        {
            "entry_id": entry_id,
            "amount": share.amount,
            "instalment_number": share.instalment.number if share.instalment else None,
            "instalment_due": share.instalment.due if share.instalment else None,
            "charge_kind": share.charge.kind if share.charge else None,
        }
        for share in shares
    ]
    if rows:
        session.execute(insert(t.Allocation), rows)
