"""Many members and loans at once into an open unit of work: what is there is read once, what is new is written in batches."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from zhuhuan.loans import tables as t
from zhuhuan.loans.accounts import member_id_of
from zhuhuan.loans.checking import Row
from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.ledger import charge_rows, instalment_rows, loan_id_of
from zhuhuan.loans.values import STANDING_ARRANGEMENT

BATCH = 20_000  # rows of the largest table that wait in memory
ID_LIST = 400  # SQLite takes 999 parameters a statement in old versions


class BulkImport:
    """`add` each row, then `finish`. Counts: members and loans added, updated, unchanged; promises added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.members: Counter[str] = Counter()
        self.loans: Counter[str] = Counter()
        self.promises = 0
        self._counted: set[str] = set()
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._read()

    def _read(self) -> None:
        run = self._connection.execute
        member = t.Member
        self._people: dict[str, tuple[str, str, date]] = {}
        self._reach: dict[str, tuple[str, str]] = {}
        for row in run(select(member.id, member.name, member.id_tail, member.birth_date, member.phone, member.region)):
            self._people[row.id] = (row.name, row.id_tail, row.birth_date)
            self._reach[row.id] = (row.phone, row.region)
        self._ids = {person: member_id for member_id, person in self._people.items()}
        self._owners: dict[str, str] = {}
        self._digests: dict[str, str | None] = {}
        self._numbers: Counter[str] = Counter()
        for row in run(select(t.Loan.id, t.Loan.member_id, t.Loan.number, t.Loan.source_digest)):
            self._owners[row.id] = row.member_id
            self._digests[row.id] = row.source_digest
            self._numbers[row.member_id] = max(self._numbers[row.member_id], row.number)
        self._promised: set[tuple[str, date, Decimal]] = set()
        self._standing: set[str] = set()
        for row in run(select(t.Promise.loan_id, t.Promise.due, t.Promise.amount, t.Promise.status)):
            self._promised.add((row.loan_id, row.due, row.amount))
            if row.status == "open":
                self._standing.add(row.loan_id)
        plans = select(t.Arrangement.loan_id).where(t.Arrangement.status.in_(sorted(STANDING_ARRANGEMENT)))
        self._standing.update(run(plans).scalars())

    def add(self, row: Row) -> None:
        """Queue one row. Raises BadRecord, and queues nothing of it, where it contradicts the book."""
        known = self._ids.get(row.person)
        member_id = row.member_id or known or member_id_of(*row.person)
        if known is not None and known != member_id:
            raise BadRecord(f"{row.name} 已在账本中，会员号是 {known}，不是 {member_id}")
        if known is None and member_id in self._people:
            raise BadRecord(f"会员号 {member_id} 已属于另一人（{self._people[member_id][0]}）")
        loan_id = row.loan_id or loan_id_of(member_id, row.statement.product, row.nth)
        if self._owners.get(loan_id, member_id) != member_id:
            raise BadRecord(f"贷款编号 {loan_id} 已属于另一名会员")
        promises = [p for p in row.promises if (loan_id, p.due, p.amount) not in self._promised]
        if any(p.status == "open" for p in promises) and loan_id in self._standing:
            raise BadRecord(f"贷款 {loan_id} 已有有效的安排或承诺，不能再加一个待履行的承诺")
        self._member(row, member_id)
        self._loan(row, member_id, loan_id)
        for p in promises:
            self._promised.add((loan_id, p.due, p.amount))
            self._waiting["promise"].append({"loan_id": loan_id, "due": p.due, "amount": p.amount, "status": p.status})
            self.promises += 1
        if sum(len(rows) for rows in self._waiting.values()) >= BATCH:
            self.finish()

    def _member(self, row: Row, member_id: str) -> None:
        outcome = "unchanged"
        reach = {"phone": row.phone, "region": row.region}
        if member_id not in self._people:
            outcome = "added"
            self._people[member_id], self._ids[row.person] = row.person, member_id
            self._waiting["member"].append(
                {"id": member_id, "name": row.name, "id_tail": row.id_tail, "birth_date": row.birth_date, **reach}
            )
        elif self._reach[member_id] != (row.phone, row.region):
            outcome = "updated"
            self._waiting["member_change"].append({"changed_id": member_id, **reach})
        self._reach[member_id] = (row.phone, row.region)
        if member_id not in self._counted:
            self._counted.add(member_id)
            self.members[outcome] += 1

    def _loan(self, row: Row, member_id: str, loan_id: str) -> None:
        statement = row.statement
        values = {
            "product": statement.product,
            "instalment_amount": statement.instalment_amount,
            "annual_rate": statement.annual_rate,
            "source_digest": row.digest,
        }
        if loan_id not in self._owners:
            self._numbers[member_id] += 1
            self._owners[loan_id] = member_id
            self._waiting["loan"].append({"id": loan_id, "member_id": member_id, "number": self._numbers[member_id], **values})
            self.loans["added"] += 1
        elif self._digests[loan_id] == row.digest:
            self.loans["unchanged"] += 1
            return
        else:
            self._waiting["loan_change"].append({"changed_id": loan_id, **values})
            self.loans["updated"] += 1
        self._digests[loan_id] = row.digest
        self._waiting["instalment"] += instalment_rows(loan_id, statement, row.as_of)
        self._waiting["charge"] += charge_rows(loan_id, statement, row.as_of)

    def finish(self) -> None:
        """Write what waits: members before their loans, loans before what hangs on them."""
        run, waiting = self._connection.execute, self._waiting
        if waiting["member"]:
            run(insert(t.Member), waiting["member"])
        if waiting["member_change"]:
            run(update(t.Member.__table__).where(t.Member.id == bindparam("changed_id")), waiting["member_change"])
        if waiting["loan"]:
            run(insert(t.Loan), waiting["loan"])
        if waiting["loan_change"]:
            run(update(t.Loan.__table__).where(t.Loan.id == bindparam("changed_id")), waiting["loan_change"])
            changed = [row["changed_id"] for row in waiting["loan_change"]]
            for start in range(0, len(changed), ID_LIST):
                part = changed[start : start + ID_LIST]
                run(delete(t.Instalment).where(t.Instalment.loan_id.in_(part)))
                run(delete(t.Charge).where(t.Charge.loan_id.in_(part)))
        for name, table in (("instalment", t.Instalment), ("charge", t.Charge), ("promise", t.Promise)):
            if waiting[name]:
                run(insert(table), waiting[name])
        waiting.clear()
