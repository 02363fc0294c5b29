"""Many members and loans at once into an open unit of work: what is there is read once, what is new is written in batches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from zhuhuan.loans import tables as t
from zhuhuan.loans.accounts import member_id_of
from zhuhuan.loans.bulk_known import KnownLoan, differences, known_loans
from zhuhuan.loans.bulk_ledger import ID_LIST, LedgerImport, Planned
from zhuhuan.loans.changes import Changes
from zhuhuan.loans.entries import contract_row, scheduled_rows
from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.ledger import charge_rows, instalment_rows, loan_id_of
from zhuhuan.loans.masking import mask_phone
from zhuhuan.loans.owing.position import Ledger, replay
from zhuhuan.loans.owing.values import Contract, Entry, Scheduled
from zhuhuan.loans.rows import Note, Row, SourceLine, opening_lines
from zhuhuan.loans.values import STANDING_ARRANGEMENT

BATCH = 20_000  # rows that wait in memory
CHUNK = 2_000  # rows looked at together
NOTHING = Planned((), (), 0, ())
REPLACED: tuple[Any, ...] = (t.Instalment, t.Charge, t.LoanContract)  # what a newer row of a loan replaces
FILLED: tuple[tuple[str, Any], ...] = (
    ("instalment", t.Instalment), ("part", t.Instalment), ("charge", t.Charge), ("contract", t.LoanContract), ("promise", t.Promise),
    ("pause", t.DelinquencyPause),
)  # fmt: skip


class BulkImport:
    """`look` at some rows, `add` each of them, `finish` at the end. Counts: members and loans added, updated, unchanged; promises and ledger lines added.

    With `changes` nothing is written: what would be is noted there.
    """

    def __init__(self, connection: Connection, changes: Changes | None = None) -> None:
        self._connection = connection
        self._changes = changes
        self.members: Counter[str] = Counter()
        self.loans: Counter[str] = Counter()
        self.promises = 0
        self.lines = 0
        self.notes: list[Note] = []
        self._counted: set[str] = set()
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._ledgers = LedgerImport(connection)
        self._known: dict[str, KnownLoan] = {}
        self._planned: dict[str, Planned | BadRecord] = {}
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
        self._contracts: set[str] = set(run(select(t.LoanContract.loan_id)).scalars())
        self._promised: set[tuple[str, date, Decimal]] = set()
        self._standing: set[str] = set()
        for row in run(select(t.Promise.loan_id, t.Promise.due, t.Promise.amount, t.Promise.status)):
            self._promised.add((row.loan_id, row.due, row.amount))
            if row.status == "open":
                self._standing.add(row.loan_id)
        plans = select(t.Arrangement.loan_id).where(t.Arrangement.status.in_(sorted(STANDING_ARRANGEMENT)))
        self._standing.update(run(plans).scalars())

    # --- whose it is --------------------------------------------------------------------------------------------------

    def _ids_of(self, row: Row) -> tuple[str, str]:
        member_id = row.member_id or self._ids.get(row.person) or member_id_of(*row.person)
        return member_id, row.loan_id or loan_id_of(member_id, row.statement.product, row.nth)

    def look(self, rows: Sequence[Row]) -> None:
        """Read what the book has of the rows' loans, as far as it has to be known to add them."""
        if sum(len(waiting) for waiting in self._waiting.values()) + len(self._ledgers) >= BATCH:
            self.finish()
        loans = [(row, self._ids_of(row)[1]) for row in rows]
        self._ledgers.look([loan_id for row, loan_id in loans if loan_id in self._owners and (row.contract or row.entries or loan_id in self._contracts)])
        self._planned = {loan_id: self._plan(row, loan_id) for row, loan_id in loans if row.contract or row.entries or loan_id in self._contracts}
        self._known = known_loans(self._connection, [loan_id for row, loan_id in loans if loan_id in self._owners and self._to_know(row, loan_id)])

    def _plan(self, row: Row, loan_id: str) -> Planned | BadRecord:
        try:
            opening = row.unpaid_since is not None and not row.entries and not self._ledgers.has_lines(loan_id)
            lines = opening_lines(row.instalments, row.unpaid_since, row.as_of) if opening and row.unpaid_since is not None else ()
            return self._ledgers.plan(loan_id, row.entries, lines)
        except BadRecord as error:
            return error

    def _to_know(self, row: Row, loan_id: str) -> bool:
        """Whether the loan has to be read as the book has it, to add the row."""
        planned = self._planned.get(loan_id, NOTHING)
        new_lines = isinstance(planned, Planned) and bool(planned.add)
        changed = self._changes is not None and (new_lines or self._digests[loan_id] != row.digest)
        return changed or bool(row.pauses) or (loan_id in self._contracts and (row.contract is None or new_lines))

    def look_at(self, loan_ids: Sequence[str]) -> None:
        """Read these loans as the book has them, for lines that come without a row."""
        known = [loan_id for loan_id in loan_ids if loan_id in self._owners]
        self._ledgers.look(known)
        self._known = known_loans(self._connection, known)

    def add(self, row: Row) -> None:
        """Queue one row. Raises BadRecord, and queues nothing of it, where it contradicts the book."""
        known = self._ids.get(row.person)
        member_id, loan_id = self._ids_of(row)
        if known is not None and known != member_id:
            raise BadRecord(f"{row.name} 已在账本中，会员号是 {known}，不是 {member_id}")
        if known is None and member_id in self._people:
            raise BadRecord(f"会员号 {member_id} 已属于另一人（{self._people[member_id][0]}）")
        if self._owners.get(loan_id, member_id) != member_id:
            raise BadRecord(f"贷款编号 {loan_id} 已属于另一名会员")
        if row.closed and loan_id not in self._owners:
            self.loans["closed"] += 1
            return
        promises = [p for p in row.promises if (loan_id, p.due, p.amount) not in self._promised]
        if any(p.status == "open" for p in promises) and loan_id in self._standing:
            raise BadRecord(f"贷款 {loan_id} 已有有效的安排或承诺，不能再加一个待履行的承诺")
        self._check_opening(row, loan_id)
        planned = self._planned.get(loan_id, NOTHING)
        if isinstance(planned, BadRecord):
            raise planned
        contract = self._contract(row, loan_id, planned)
        self._member(row, member_id)
        self._loan(row, member_id, loan_id, contract, planned)
        self._lines(loan_id, planned, row.line, row.file)
        self._pauses(row, loan_id)
        for p in promises:
            self._promised.add((loan_id, p.due, p.amount))
            self._waiting["promise"].append({"loan_id": loan_id, "due": p.due, "amount": p.amount, "status": p.status})
            self.promises += 1
            if self._changes is not None:
                self._changes.note("承诺", loan_id, str(p.due), "", f"{p.amount:,} 元")

    def _check_opening(self, row: Row, loan_id: str) -> None:
        """Figures cannot stand for what was paid where the book has payments from the time when it had no contract: they would count twice."""
        if row.unpaid_since is not None and not row.entries and loan_id not in self._contracts and self._ledgers.has_lines(loan_id):
            raise BadRecord(f"账本里已有贷款 {loan_id} 在没有合同时记下的还款：请同时导入完整的还款流水，免得重复")

    def add_lines(self, loan_id: str, lines: Sequence[SourceLine]) -> None:
        """Queue lines of a loan's ledger without the loan itself. Raises BadRecord where the book has no such loan, or none with a contract."""
        known = self._known.get(loan_id)
        if known is None:
            raise BadRecord(f"账本中没有贷款 {loan_id}")
        if known.contract is None:
            raise BadRecord(f"贷款 {loan_id} 没有合同，只有来源给的数字：请把流水和这笔贷款的余额表一起导入")
        planned = self._ledgers.plan(loan_id, lines)
        self._cache_paid(loan_id, known, planned)
        self._lines(loan_id, planned, lines[0].line, lines[0].file)

    # --- queueing -----------------------------------------------------------------------------------------------------

    def _member(self, row: Row, member_id: str) -> None:
        outcome = "unchanged"
        reach = {"phone": row.phone, "region": row.region}
        if member_id not in self._people:
            outcome = "added"
            self._people[member_id], self._ids[row.person] = row.person, member_id
            self._waiting["member"].append(
                {"id": member_id, "name": row.name, "id_tail": row.id_tail, "birth_date": row.birth_date, **reach}
            )
            if self._changes is not None:
                self._changes.note("会员", member_id, "新增", "", f"{row.name} {mask_phone(row.phone)}")
        elif self._reach[member_id] != (row.phone, row.region):
            outcome = "updated"
            self._waiting["member_change"].append({"changed_id": member_id, **reach})
            if self._changes is not None:
                self._changes.reach(member_id, self._reach[member_id], (row.phone, row.region))
        self._reach[member_id] = (row.phone, row.region)
        if member_id not in self._counted:
            self._counted.add(member_id)
            self.members[outcome] += 1

    def _contract(self, row: Row, loan_id: str, planned: Planned) -> Contract | None:
        """The contract of the row's loan; of a row by figures alone that of the book. Raises BadRecord where nothing tells what was paid."""
        known = self._known.get(loan_id)
        contract = row.contract
        if contract is None and not row.schedule and not row.closed and known is not None:
            contract = known.contract
        if contract is None:
            return None
        if not row.says_paid and not planned.entries:
            due = sum(s.due < row.as_of for s in row.instalments)
            if due:
                raise BadRecord(f"合同有 {due} 期已到期，却看不出还过多少：请加“应还日期”（最早未还的）或“逾期天数”，或同时导入还款流水")
        overdue = row.told.overdue if row.told else row.statement.overdue_amount if row.contract is None else None
        balance = row.told.balance if row.told else row.statement.balance if row.contract is None else None
        if overdue is not None or balance is not None:
            schedule = known.schedule if row.contract is None and known is not None else row.instalments
            ledger = replay(contract, schedule, planned.entries, row.as_of)
            self.notes += [Note(row.line, text, row.file) for text in differences(loan_id, ledger, planned.entries, row.as_of, overdue, balance)]
        return contract

    def _loan(self, row: Row, member_id: str, loan_id: str, contract: Contract | None, planned: Planned) -> None:
        statement, known = row.statement, self._known.get(loan_id)
        if contract is not None and row.contract is None:  # figures alone: contract and ledger of the book stand
            self.loans["unchanged"] += 1
            if planned.add:
                self._cache_paid(loan_id, self._known[loan_id], planned)
            return
        values = {
            "product": statement.product,
            "instalment_amount": statement.instalment_amount,
            "annual_rate": statement.annual_rate,
            "source_digest": row.digest,
        }
        new = loan_id not in self._owners
        if new:
            self._numbers[member_id] += 1
            self._owners[loan_id] = member_id
            self._waiting["loan"].append({"id": loan_id, "member_id": member_id, "number": self._numbers[member_id], **values})
            self.loans["added"] += 1
        elif self._digests[loan_id] == row.digest:
            self.loans["unchanged"] += 1
            if contract is not None and planned.add and known is not None:
                self._cache_paid(loan_id, known, planned)
            return
        else:
            self._waiting["loan_change"].append({"changed_id": loan_id, **values})
            self.loans["updated"] += 1
        self._digests[loan_id] = row.digest
        parts, charges = _parts(row, loan_id, contract, planned)
        self._waiting["part" if contract is not None or row.schedule else "instalment"] += parts
        self._waiting["charge"] += charges
        terms = [contract_row(loan_id, contract)] if contract is not None else []
        self._waiting["contract"] += terms
        if self._changes is not None:
            self._changes.loan(row, loan_id, None if new else known, values, terms[0] if terms else {}, parts, charges)

    def _cache_paid(self, loan_id: str, known: KnownLoan, planned: Planned) -> None:
        """Bring `paid` of a stored contract loan's instalments up to what its ledger says."""
        if known.contract is None:
            return
        ledger = _replayed(known.contract, known.schedule, planned.entries, known.contract.disbursed)
        parts = scheduled_rows(loan_id, known.schedule, ledger)
        before = {i["number"]: i["paid"] for i in known.instalments}
        self._waiting["paid"] += [
            {"paid_loan": loan_id, "paid_number": p["number"], "paid": p["paid"]} for p in parts if before.get(p["number"]) != p["paid"]
        ]
        if self._changes is not None:
            self._changes.instalments(loan_id, known.instalments, parts)

    def _lines(self, loan_id: str, planned: Planned, line: int, file: str) -> None:
        self.lines += self._ledgers.queue(loan_id, planned)
        if planned.covered:
            self.notes.append(Note(line, f"贷款 {loan_id} 有 {planned.covered} 笔流水已含在期初数中，没有重复记入", file))
        if self._changes is not None:
            self._changes.lines(loan_id, planned.add, len(planned.adopt))

    def _pauses(self, row: Row, loan_id: str) -> None:
        known = self._known.get(loan_id)
        before = {(p["first"], p["reason"]): p for p in known.pauses} if known is not None else {}
        for pause in row.pauses:
            had = before.get((pause.first, pause.reason))
            if had is None:
                self._waiting["pause"].append({"loan_id": loan_id, "first": pause.first, "last": pause.last, "reason": pause.reason})
            elif had["last"] != pause.last:
                self._waiting["pause_change"].append({"changed_id": had["id"], "last": pause.last})
            if self._changes is not None and (had is None or had["last"] != pause.last):
                self._changes.note("暂停", loan_id, f"自 {pause.first}", str(had["last"]) if had else "", f"至 {pause.last}（{pause.reason}）")

    # --- writing ------------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Write what waits: members before their loans, loans before what hangs on them."""
        if self._changes is not None:
            self._waiting.clear()
            self._ledgers.forget()
            return
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
                for gone in REPLACED:
                    run(delete(gone).where(gone.loan_id.in_(part)))
        for name, table in FILLED:
            if waiting[name]:
                run(insert(table), waiting[name])
        if waiting["pause_change"]:
            run(update(t.DelinquencyPause.__table__).where(t.DelinquencyPause.id == bindparam("changed_id")), waiting["pause_change"])
        if waiting["paid"]:
            own = (t.Instalment.loan_id == bindparam("paid_loan")) & (t.Instalment.number == bindparam("paid_number"))
            run(update(t.Instalment.__table__).where(own), waiting["paid"])
        self._ledgers.write()
        waiting.clear()


def _replayed(contract: Contract, schedule: tuple[Scheduled, ...], entries: Sequence[Entry], until: date) -> Ledger:
    """The position after all entries, at least up to `until`."""
    return replay(contract, schedule, entries, max((e.day for e in entries), default=until))


def _parts(row: Row, loan_id: str, contract: Contract | None, planned: Planned) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The instalments and charges of a loan: by its contract, by the source's schedule and what is paid of it, or by its figures alone."""
    if contract is not None:
        instalments = row.instalments
        return scheduled_rows(loan_id, instalments, _replayed(contract, instalments, planned.entries, row.as_of)), []
    if row.closed:
        return [], []
    if not row.schedule:
        return instalment_rows(loan_id, row.statement, row.as_of), charge_rows(loan_id, row.statement, row.as_of)
    paid = dict(zip((s.number for s in row.schedule), row.paid, strict=True))
    parts = [{**part, "paid": min(paid[part["number"]], part["amount"])} for part in scheduled_rows(loan_id, row.schedule)]
    return parts, charge_rows(loan_id, row.statement, row.as_of)
