"""An imported file, row by row, to members and loans; each cell that is wrong becomes a Problem."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from zhuhuan.loans import cells
from zhuhuan.loans.errors import BadFile, BadStatement
from zhuhuan.loans.headers import Header, read_header
from zhuhuan.loans.sheets import read_lines
from zhuhuan.loans.statement import LoanStatement, unpaid_instalments
from zhuhuan.loans.values import Promise

PARSERS: dict[str, Callable[[str], Any]] = {
    "member_id": cells.words, "name": cells.name, "id_tail": cells.tail, "id_number": cells.id_number, "phone": cells.phone,
    "region": cells.words, "loan_id": cells.words, "product": cells.words, "overdue_amount": cells.amount, "penalty": cells.amount,
    "instalment_amount": cells.amount, "due_date": cells.day, "days_overdue": cells.whole, "balance": cells.amount,
    "annual_rate": cells.rate, "as_of": cells.day, "promises": cells.promises,
}  # fmt: skip
NEEDED = ("name", "phone", "product", "overdue_amount")
WHOLE_ROW = "整行"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell or a row of the file."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One loan of one member, as a row of the file tells it; ids are None where the file has none."""

    line: int
    member_id: str | None
    name: str
    id_tail: str
    birth_date: date
    phone: str
    region: str
    loan_id: str | None
    nth: int
    statement: LoanStatement
    as_of: date
    promises: tuple[Promise, ...]
    digest: str

    @property
    def person(self) -> tuple[str, str, date]:
        return (self.name, self.id_tail, self.birth_date)


@dataclass
class Checked:
    """The good rows, the problems of the others, and the headers that mean nothing here."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


def check_file(path: Path, today: date) -> Checked:
    """Read and check every row. `today`: the day of the figures where the file has no column for it. Raises BadFile."""
    lines = iter(read_lines(path))
    first = next(lines, None)
    if first is None:
        raise BadFile(f"文件 {path.name} 是空的")
    header = read_header(first[1])
    checked = Checked(ignored=header.ignored)
    seen = _Seen()
    for line, texts in lines:
        row, problems = _row(line, texts, header, today, seen)
        problems = problems or seen.conflicts(row, header) if row is not None else problems
        if problems or row is None:
            checked.problems += problems
        else:
            seen.add(row)
            checked.rows.append(row)
    if not checked.rows and not checked.problems:
        raise BadFile(f"文件 {path.name} 只有表头，没有数据")
    return checked


class _Seen:
    """The good rows so far, to find rows that contradict or repeat them."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str, date], Row] = {}
        self._members: dict[str, Row] = {}
        self._loans: dict[str, int] = {}
        self._digests: dict[tuple[Any, ...], int] = {}
        self._counts: dict[tuple[Any, ...], int] = {}

    def nth(self, person: tuple[str, str, date], product: str) -> int:
        return self._counts.get((person, product), 0) + 1

    def conflicts(self, row: Row, header: Header) -> list[Problem]:
        def bad(name: str, reason: str) -> list[Problem]:
            return [Problem(row.line, header.column(name), reason)]

        before = self._people.get(row.person)
        if before is not None:
            for name in ("phone", "region", "member_id"):
                if getattr(before, name) != getattr(row, name):
                    return bad(name, f"与第 {before.line} 行同一会员的不同")
        owner = self._members.get(row.member_id or "")
        if owner is not None and owner.person != row.person:
            return bad("member_id", f"与第 {owner.line} 行另一人的相同")
        if row.loan_id is not None and row.loan_id in self._loans:
            return bad("loan_id", f"与第 {self._loans[row.loan_id]} 行重复")
        if row.loan_id is None and (row.person, row.digest) in self._digests:
            return [Problem(row.line, WHOLE_ROW, f"与第 {self._digests[row.person, row.digest]} 行重复；确是两笔请加贷款编号")]
        return []

    def add(self, row: Row) -> None:
        self._people.setdefault(row.person, row)
        if row.member_id is not None:
            self._members[row.member_id] = row
        if row.loan_id is not None:
            self._loans[row.loan_id] = row.line
        else:
            self._counts[row.person, row.statement.product] = row.nth
            self._digests[row.person, row.digest] = row.line


def _row(line: int, texts: Sequence[str], header: Header, today: date, seen: _Seen) -> tuple[Row | None, list[Problem]]:
    if len(texts) > len(header.written) and any(texts[len(header.written) :]):
        reason = f"有 {len(texts)} 格，表头只有 {len(header.written)} 列；内容里的逗号要放在引号中"
        return None, [Problem(line, WHOLE_ROW, reason)]
    problems: list[Problem] = []
    values: dict[str, Any] = {}

    def bad(name: str, reason: str) -> None:
        problems.append(Problem(line, header.column(name), reason))

    for name, place in header.places.items():
        text = texts[place] if place < len(texts) else ""
        if not text:
            if name in NEEDED:
                bad(name, "没有填写")
            continue
        try:
            values[name] = cells.birth(text, today) if name == "birth_date" else PARSERS[name](text)
        except cells.BadCell as error:
            bad(name, str(error))
    if problems:
        return None, problems
    _identity(values, bad)
    as_of = values.get("as_of", today)
    _due(values, as_of, bad)
    if problems:
        return None, problems
    statement = LoanStatement(
        product=values["product"],
        overdue_amount=values["overdue_amount"],
        instalment_amount=values.get("instalment_amount", values["overdue_amount"] - values.get("penalty", 0)),
        due_date=values.get("due_date"),
        balance=values.get("balance"),
        annual_rate=values.get("annual_rate"),
        penalty=values.get("penalty", cells.amount("0")),
    )
    try:
        unpaid_instalments(statement, as_of)
    except BadStatement as error:
        bad(error.field, error.reason)
        return None, problems
    person = (values["name"], values["id_tail"], values["birth_date"])
    # The day of the figures counts only where the file says it: the same file is the same on every day.
    digest = hashlib.sha256(repr((statement, values.get("as_of"))).encode()).hexdigest()
    return Row(
        line=line,
        member_id=values.get("member_id"),
        name=values["name"],
        id_tail=values["id_tail"],
        birth_date=values["birth_date"],
        phone=values["phone"],
        region=values.get("region", ""),
        loan_id=values.get("loan_id"),
        nth=seen.nth(person, statement.product),
        statement=statement,
        as_of=as_of,
        promises=values.get("promises", ()),
        digest=digest,
    ), problems


def _identity(values: dict[str, Any], bad: Callable[[str, str], None]) -> None:
    """ID tail and birth date, from their own columns or from the whole ID number, which must not contradict them."""
    if "id_number" in values:
        tail, born = values["id_number"]
        for name, value, words in (("id_tail", tail, "身份证后四位"), ("birth_date", born, "出生日期")):
            if values.setdefault(name, value) != value:
                bad(name, f"与身份证号中的{words}不符")
    for name in ("id_tail", "birth_date"):
        if name not in values:
            bad(name, "没有填写")


def _due(values: dict[str, Any], as_of: date, bad: Callable[[str, str], None]) -> None:
    """The due date, worked out from the days overdue where only those are given; both must agree."""
    days, due = values.get("days_overdue"), values.get("due_date")
    if days is None:
        return
    if due is None:
        if values["overdue_amount"] > 0:
            values["due_date"] = as_of - timedelta(days=days)
        return
    real = max(0, (as_of - due).days)
    if days != real:
        bad("days_overdue", f"{days} 天与应还日期 {due} 不符（截至 {as_of} 是 {real} 天；数据日期可用 --today 给出）")
