"""The ledgers of many loans in an import: what the source has and the book has not is added, nothing is changed or taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from zhuhuan.loans import tables as t
from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.owing.values import Entry
from zhuhuan.loans.rows import OPENING, SourceLine
from zhuhuan.money import ZERO

ID_LIST = 400  # SQLite takes 999 parameters a statement in old versions
POSTED = {"fee": 0, "payment": 1, "waiver": 2, "reversal": 3}  # of one day: what a payment is for comes before it
KINDS = {"payment": "还款", "reversal": "冲正", "waiver": "减免", "fee": "费用"}


class BadLine(BadRecord):
    """A line of the ledger that contradicts the book."""

    def __init__(self, entry: SourceLine, reason: str) -> None:
        super().__init__(reason)
        self.entry = entry


@dataclass(frozen=True)
class Known:
    """A line that the book has."""

    id: int
    day: date
    kind: str
    amount: Decimal
    of: int | None
    component: Any
    note: str
    source_id: str | None


@dataclass(frozen=True)
class Planned:
    """What an import does to a loan's ledger: lines to add, booked lines that turn out to be the source's (id, source id), what is left out since the
    opening lines stand for it, and all entries as they are afterwards."""

    add: tuple[SourceLine, ...]
    adopt: tuple[tuple[int, str], ...]
    covered: int
    entries: tuple[Entry, ...]


class LedgerImport:
    """`look` at the loans of the next rows, `plan` each, `write` what was planned."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, list[Known]] = {}
        self._new: list[tuple[str, SourceLine]] = []
        self._adopted: list[dict[str, Any]] = []

    def look(self, loan_ids: Sequence[str]) -> None:
        """Read the ledgers of these loans. Those of the loans before are forgotten."""
        e, self._known = t.LedgerEntry, defaultdict(list)
        columns = (e.id, e.day, e.kind, e.amount, e.reverses_id, e.component, e.note, e.source_id)
        for start in range(0, len(loan_ids), ID_LIST):
            found = select(e.loan_id, *columns).where(e.loan_id.in_(loan_ids[start : start + ID_LIST])).order_by(e.day, e.id)
            for loan_id, *values in self._connection.execute(found):
                self._known[loan_id].append(Known(*values))

    def __len__(self) -> int:
        return len(self._new)

    def has_lines(self, loan_id: str) -> bool:
        """Whether the book has lines of that loan that are no opening lines."""
        return any(k.source_id is None or not k.source_id.startswith(OPENING) for k in self._known.get(loan_id, ()))

    def plan(self, loan_id: str, lines: Iterable[SourceLine], opening: Sequence[SourceLine] = ()) -> Planned:
        """What the source's lines add to a loan. Raises BadLine, and queues nothing, where they contradict the book."""
        known = self._known.get(loan_id, [])
        by_source = {k.source_id: k for k in known if k.source_id is not None}
        until = opened_until(k.source_id for k in known)
        lines = sorted(lines, key=lambda line: (line.day, POSTED[line.kind]))
        covered = {line.source_id for line in lines if until is not None and line.day <= until and line.source_id not in by_source}
        if not lines and not self.has_lines(loan_id):
            have = {source_id.rpartition(":")[2] for source_id in by_source}
            lines = [line for line in opening if line.source_id.rpartition(":")[2] not in have]
        add: list[SourceLine] = []
        adopt: list[tuple[int, str]] = []
        for line in lines:
            if line.source_id in covered or line.of in covered:
                continue
            same = by_source.get(line.source_id)
            if line.kind == "fee" and same is not None:
                add += _fee_changes(line, by_source)
            elif same is not None:
                _check_same(line, same, {k.id: k for k in known})
            elif line.kind == "payment" and (own := _unnamed(line, known, {a for a, _ in adopt})) is not None:
                adopt.append((own.id, line.source_id))
            else:
                add.append(line)
        return Planned(tuple(add), tuple(adopt), len(covered), self._entries(known, add, adopt))

    def _entries(self, known: Sequence[Known], add: Sequence[SourceLine], adopt: Sequence[tuple[int, str]]) -> tuple[Entry, ...]:
        ids = {k.source_id: k.id for k in known if k.source_id is not None} | {source_id: number for number, source_id in adopt}
        amounts = {k.id: k.amount for k in known}
        taken_back = {k.of for k in known if k.of is not None}
        entries = [Entry(k.id, k.day, k.kind, k.amount, k.of, k.component, k.note) for k in known]  # type: ignore[arg-type]
        after = max((k.id for k in known), default=0)
        for number, line in enumerate(add, after + 1):
            of = None
            if line.kind == "reversal":
                of = ids.get(line.of or "")
                if of is None:
                    raise BadLine(line, f"冲正的原流水 {line.of} 不在账本里，也不在文件里")
                if of in taken_back:
                    raise BadLine(line, f"流水 {line.of} 已经冲正过")
                if amounts[of] != line.amount:
                    raise BadLine(line, f"冲正 {line.amount} 元与原流水 {line.of} 的 {amounts[of]} 元不同")
                taken_back.add(of)
            ids[line.source_id], amounts[number] = number, line.amount
            entries.append(Entry(number, line.day, line.kind, line.amount, of, line.component, line.note))
        return tuple(entries)

    def queue(self, loan_id: str, planned: Planned) -> int:
        """Queue what was planned; returns how many lines that adds."""
        self._new += [(loan_id, line) for line in planned.add]
        self._adopted += [{"adopted_id": number, "source_id": source_id} for number, source_id in planned.adopt]
        return len(planned.add)

    def forget(self) -> None:
        """Drop what is queued."""
        self._new, self._adopted = [], []

    def write(self) -> None:
        """Write what is queued: reversals last, when the lines that they take back have their numbers."""
        run = self._connection.execute
        if self._adopted:
            run(update(t.LedgerEntry.__table__).where(t.LedgerEntry.id == bindparam("adopted_id")), self._adopted)
        plain = [(loan_id, line) for loan_id, line in self._new if line.kind != "reversal"]
        if plain:
            run(insert(t.LedgerEntry), [_values(loan_id, line, None) for loan_id, line in plain])
        reversals = [(loan_id, line) for loan_id, line in self._new if line.kind == "reversal"]
        if reversals:
            ids = self._ids(sorted({loan_id for loan_id, _ in reversals}))
            run(insert(t.LedgerEntry), [_values(loan_id, line, ids[loan_id, line.of]) for loan_id, line in reversals])
        self.forget()

    def _ids(self, loan_ids: Sequence[str]) -> dict[tuple[str, str | None], int]:
        e, ids = t.LedgerEntry, {}
        for start in range(0, len(loan_ids), ID_LIST):
            found = select(e.loan_id, e.source_id, e.id).where(e.loan_id.in_(loan_ids[start : start + ID_LIST]), e.source_id.is_not(None))
            for loan_id, source_id, number in self._connection.execute(found):
                ids[loan_id, source_id] = number
        return ids


def opened_until(source_ids: Iterable[str | None]) -> date | None:
    """The day up to which opening lines stand for all that was paid; None where there are none."""
    days = [source_id.split(":")[1] for source_id in source_ids if source_id is not None and source_id.startswith(OPENING)]
    return date.fromisoformat(max(days)) if days else None


def _check_same(line: SourceLine, same: Known, known: dict[int, Known]) -> None:
    of = known[same.of].source_id if same.of is not None and same.of in known else None
    if (line.day, line.kind, line.amount, line.component, line.of) != (same.day, same.kind, same.amount, same.component, of):
        book, file = (f"{x.day} {KINDS[x.kind]} {x.amount} 元" for x in (same, line))
        raise BadLine(line, f"流水 {line.source_id} 在账本中是“{book}”，文件中是“{file}”；已记的流水不能改，请在来源系统冲正后重记")


def _fee_changes(line: SourceLine, by_source: dict[str, Known]) -> list[SourceLine]:
    """A fee that has grown at the source (a charge that runs on): the rest as a further line; one that has shrunk: a waiver of the rest."""
    family = [k for source_id, k in by_source.items() if source_id == line.source_id or source_id.startswith(f"{line.source_id}#")]
    rest = line.amount - sum((k.amount if k.kind == "fee" else -k.amount for k in family), ZERO)
    if rest == 0:
        return []
    source_id = f"{line.source_id}#{len(family) + 1}"
    if rest > 0:
        return [replace(line, source_id=source_id, amount=rest)]
    return [replace(line, source_id=source_id, amount=-rest, kind="waiver", component="fee")]


def _unnamed(line: SourceLine, known: Sequence[Known], taken: set[int]) -> Known | None:
    """A payment that was booked here and now comes from the source: same day, same amount, no number yet."""
    gone = {k.of for k in known}
    for k in known:
        if (k.source_id, k.kind, k.day, k.amount) == (None, "payment", line.day, line.amount) and k.id not in taken and k.id not in gone:
            return k
    return None


def _values(loan_id: str, line: SourceLine, reverses_id: int | None) -> dict[str, Any]:
    return {
        "loan_id": loan_id, "day": line.day, "kind": line.kind, "amount": line.amount, "reverses_id": reverses_id, "component": line.component,
        "note": line.note, "source_id": line.source_id,
    }  # fmt: skip
