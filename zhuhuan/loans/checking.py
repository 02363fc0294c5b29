"""An imported file, row by row, to members and loans; each cell that is wrong becomes a Problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from zhuhuan.loans import cells
from zhuhuan.loans.errors import BadFile, BadStatement
from zhuhuan.loans.headers import ALL, CONTRACT, Header, read_header
from zhuhuan.loans.rows import WHOLE_ROW, Checked, Problem, Row, Told, digest_of
from zhuhuan.loans.sheets import Line, read_lines
from zhuhuan.loans.statement import LoanStatement, unpaid_instalments
from zhuhuan.loans.terms import terms_of

__all__ = ["PARSERS", "WHOLE_ROW", "Checked", "Problem", "Row", "Seen", "check_file", "check_lines"]

PARSERS: dict[str, Callable[[str], Any]] = {
    "member_id": cells.words, "name": cells.name, "id_tail": cells.tail, "id_number": cells.id_number, "phone": cells.phone,
    "region": cells.words, "loan_id": cells.words, "product": cells.words, "overdue_amount": cells.amount, "penalty": cells.amount,
    "instalment_amount": cells.amount, "due_date": cells.day, "days_overdue": cells.whole, "balance": cells.amount,
    "annual_rate": cells.rate, "as_of": cells.day, "promises": cells.promises, "method": cells.method, "principal": cells.above_zero,
    "disbursed": cells.day, "periods": cells.count, "period_months": cells.months, "first_due": cells.day, "penalty_uplift": cells.uplift,
    "compound": cells.yes_no, "accrual": cells.accrual, "grace_days": cells.whole,
}  # fmt: skip
NEEDED = ("name", "phone", "product", "overdue_amount")
OF_STATEMENT = "overdue_amount"  # the one needed field that a row with a contract may leave empty


def check_file(path: Path, today: date) -> Checked:
    """Read and check every row of a file of loans. `today`: the day of the figures where the file has no column for it. Raises BadFile."""
    lines = iter(read_lines(path))
    first = next(lines, None)
    if first is None:
        raise BadFile(f"文件 {path.name} 是空的")
    header = read_header(first[1])
    checked = Checked(ignored=header.ignored)
    check_lines(lines, header, today, Seen(), checked)
    if not checked.rows and not checked.problems:
        raise BadFile(f"文件 {path.name} 只有表头，没有数据")
    return checked


def check_lines(lines: Iterable[Line], header: Header, today: date, seen: Seen, checked: Checked, file: str = "") -> None:
    """Check every line under `header` into `checked`. `seen`: the good rows of all files of this import."""
    for line, texts in lines:
        row, problems = _row(line, texts, header, today, seen, file)
        problems = problems or seen.conflicts(row, header) if row is not None else problems
        if problems or row is None:
            checked.problems += problems
        else:
            seen.add(row)
            checked.rows.append(row)


class Seen:
    """The good rows so far, to find rows that contradict or repeat them."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str, date], Row] = {}
        self._members: dict[str, Row] = {}
        self._loans: dict[str, Row] = {}
        self._digests: dict[tuple[Any, ...], Row] = {}
        self._counts: dict[tuple[Any, ...], int] = {}

    def nth(self, person: tuple[str, str, date], product: str) -> int:
        return self._counts.get((person, product), 0) + 1

    def conflicts(self, row: Row, header: Header | None = None) -> list[Problem]:
        def bad(name: str, reason: str) -> list[Problem]:
            return [Problem(row.line, header.column(name) if header else ALL["loans"][name][0], reason, row.file)]

        before = self._people.get(row.person)
        if before is not None:
            for name in ("phone", "region", "member_id"):
                if getattr(before, name) != getattr(row, name):
                    return bad(name, f"与{_at(before, row)}同一会员的不同")
        owner = self._members.get(row.member_id or "")
        if owner is not None and owner.person != row.person:
            return bad("member_id", f"与{_at(owner, row)}另一人的相同")
        if row.loan_id is not None and row.loan_id in self._loans:
            return bad("loan_id", f"与{_at(self._loans[row.loan_id], row)}重复")
        if row.loan_id is None and (row.person, row.digest) in self._digests:
            return [Problem(row.line, WHOLE_ROW, f"与{_at(self._digests[row.person, row.digest], row)}重复；确是两笔请加贷款编号", row.file)]
        return []

    def add(self, row: Row) -> None:
        self._people.setdefault(row.person, row)
        if row.member_id is not None:
            self._members[row.member_id] = row
        if row.loan_id is not None:
            self._loans[row.loan_id] = row
        else:
            self._counts[row.person, row.statement.product] = row.nth
            self._digests[row.person, row.digest] = row


def _at(before: Row, row: Row) -> str:
    """Where an earlier row stands, as it is told of a later one."""
    return f"第 {before.line} 行" if before.file == row.file else f"{before.file} 第 {before.line} 行"


def _row(line: int, texts: Sequence[str], header: Header, today: date, seen: Seen, file: str) -> tuple[Row | None, list[Problem]]:
    if len(texts) > len(header.written) and any(texts[len(header.written) :]):
        reason = f"有 {len(texts)} 格，表头只有 {len(header.written)} 列；内容里的逗号要放在引号中"
        return None, [Problem(line, WHOLE_ROW, reason, file)]
    problems: list[Problem] = []
    values: dict[str, Any] = {}

    def bad(name: str, reason: str) -> None:
        problems.append(Problem(line, header.column(name), reason, file))

    places = header.places
    contract = header.has_contract and bool(_text(texts, places["method"]))
    for name, place in places.items():
        text = texts[place] if place < len(texts) else ""
        if not text:
            if name in NEEDED and not (contract and name == OF_STATEMENT):
                bad(name, "没有填写")
            continue
        if name in CONTRACT and not contract:
            continue
        try:
            values[name] = cells.birth(text, today) if name == "birth_date" else PARSERS[name](text)
        except cells.BadCell as error:
            bad(name, str(error))
    if not contract and OF_STATEMENT not in places:
        bad(OF_STATEMENT, "没有填写；没有还款方式的贷款要有逾期金额")
    if problems:
        return None, problems
    _identity(values, bad)
    as_of = values.get("as_of", today)
    _due(values, as_of, bad)
    if problems:
        return None, problems
    person = (values["name"], values["id_tail"], values["birth_date"])
    told = _with_contract(values, as_of, bad) if contract else _statement(values, as_of, bad)
    if problems:
        return None, problems
    return Row(
        line=line,
        member_id=values.get("member_id"),
        name=values["name"],
        id_tail=values["id_tail"],
        birth_date=values["birth_date"],
        phone=values["phone"],
        region=values.get("region", ""),
        loan_id=values.get("loan_id"),
        nth=seen.nth(person, values["product"]),
        as_of=as_of,
        promises=values.get("promises", ()),
        file=file,
        **told,
    ), problems


def _text(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _statement(values: dict[str, Any], as_of: date, bad: Callable[[str, str], None]) -> dict[str, Any]:
    """What a row tells of a loan by its figures alone."""
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
    # The day of the figures counts only where the file says it: the same file is the same on every day.
    return {"statement": statement, "digest": digest_of(statement, values.get("as_of"))}


def _with_contract(values: dict[str, Any], as_of: date, bad: Callable[[str, str], None]) -> dict[str, Any]:
    """What a row tells of a loan with its contract; its figures are there to be compared."""
    terms = terms_of(values, as_of, bad)
    if terms is None:
        return {}
    statement = LoanStatement(
        product=values["product"],
        overdue_amount=cells.amount("0"),
        instalment_amount=values.get("instalment_amount", terms.instalment),
        annual_rate=terms.contract.annual_rate,
    )
    return {
        "statement": statement,
        "digest": digest_of(statement, terms.contract),
        "contract": terms.contract,
        "says_paid": terms.unpaid_since is not None,
        "unpaid_since": terms.unpaid_since,
        "told": Told(values.get("overdue_amount"), values.get("balance")),
    }


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
        if values.get("overdue_amount", days) > 0:
            values["due_date"] = as_of - timedelta(days=days)
        return
    real = max(0, (as_of - due).days)
    if days != real:
        bad("days_overdue", f"{days} 天与应还日期 {due} 不符（截至 {as_of} 是 {real} 天；数据日期可用 --today 给出）")
