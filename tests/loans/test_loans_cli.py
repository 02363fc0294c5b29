from __future__ import annotations

import doctest
import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from rich.cells import cell_len
from typer.testing import CliRunner

from zhuhuan.loans import showing_contract
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.cli import app
from zhuhuan.loans.sample import SHIPPED
from zhuhuan.loans.values import AddArrangement, AddPromise, OpenCase, Part
from zhuhuan.money import yuan

run = CliRunner()


def test_the_sample_book_is_made_imported_and_shown(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/var/book.db"
    made = run.invoke(app, ["sample", "--out", str(tmp_path / "s.csv"), "--today", "2026-11-24"])
    assert made.exit_code == 0 and (tmp_path / "s.csv").read_bytes() == SHIPPED.read_bytes()
    first = run.invoke(app, ["import", str(tmp_path / "s.csv"), "--db", db])
    assert first.exit_code == 0 and "新增 200" in first.stdout
    second = run.invoke(app, ["import", str(SHIPPED)], env={"ZHUHUAN_DB": db})
    assert second.exit_code == 0 and "新增 0，更新 0，不变 200" in second.stdout
    for who in ("M0002", "199 0000 0002"):
        shown = run.invoke(app, ["show", who, "--db", db, "--today", "2026-11-24"], env={"COLUMNS": "140"})
        assert shown.exit_code == 0
        assert "400 天（长期）" in shown.stdout and "199****0002" in shown.stdout
        assert "19900000002" not in shown.stdout and "1956-11-02" not in shown.stdout


def test_bad_rows_are_told_on_standard_error_with_exit_code_two(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/book.db"
    text = SHIPPED.read_text(encoding="utf-8-sig").splitlines()[:4]
    text[2] = text[2].replace("2026-11-07", "2027-11-07")
    (tmp_path / "bad.csv").write_text("\n".join(text), encoding="utf-8")
    result = run.invoke(app, ["import", str(tmp_path / "bad.csv"), "--db", db], env={"COLUMNS": "140"})
    assert result.exit_code == 2 and result.stdout == ""
    assert "应还日期" in result.stderr and "晚于数据日期" in result.stderr and "一行也没有导入" in result.stderr
    result = run.invoke(app, ["import", str(tmp_path / "bad.csv"), "--db", db, "--partial"])
    assert result.exit_code == 0 and "贷款：新增 2" in result.stdout and "晚于" in result.stderr


def test_a_member_or_database_that_is_not_there_is_told_with_exit_code_two(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/book.db"
    missing = run.invoke(app, ["show", "林晓燕", "--db", db])
    assert missing.exit_code == 2 and "没有数据库文件" in missing.stderr
    assert run.invoke(app, ["migrate", "--db", db]).stdout == "数据库版本：0004\n"
    nobody = run.invoke(app, ["show", "林晓燕", "--db", db])
    assert nobody.exit_code == 2 and "没有会员" in nobody.stderr
    wrong = run.invoke(app, ["show", "林晓燕", "--db", "foo://x"])
    assert wrong.exit_code == 2 and "数据库地址不对" in wrong.stderr
    none = run.invoke(app, ["import", str(tmp_path / "none.csv"), "--db", db])
    assert none.exit_code == 2 and "打不开文件" in none.stderr
    assert run.invoke(app, ["migrate", "base", "--down", "--db", db]).stdout == "数据库版本：（空）\n"


# --- a loan with a contract ---------------------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0)
ACCOUNT: dict[str, Any] = {
    "name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "phone": "19900000088",
    "loans": [
        {"id": "LN1", "product": "农户种植贷款",
         "contract": {"principal": "52000", "annual_rate": "0.072", "method": "equal_instalments", "disbursed": "2026-01-10", "periods": 12, "compound": True, "grace_days": 3},
         "payments": [
             {"day": "2026-02-10", "amount": "4504.19"}, {"day": "2026-03-10", "amount": "4504.19"},
             {"day": "2026-03-20", "kind": "reversal", "of": 2, "note": "退票，身份证110101199002084410"}, {"day": "2026-04-02", "amount": "5000"},
             {"day": "2026-09-01", "kind": "fee", "amount": "80", "note": "公证费"}, {"day": "2026-09-05", "amount": "3000"}]},
        {"id": "LN2", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12, "instalment_amount": "1860.00", "due_date": "2026-11-12"},
    ],
}  # fmt: skip


@pytest.fixture
def contracted(url: str) -> str:
    """A book with a member of two loans, one of them with a contract, a ledger of every kind, and agreements."""
    with LoanBook(url) as book:
        member = book.add_account(ACCOUNT, TODAY)
        book.waive("LN1", yuan("10"), "penalty", date(2026, 10, 1), note="主管批准")
        parts = (Part(date(2026, 12, 15), yuan("930")), Part(date(2027, 1, 15), yuan("930")))
        book.write(member, AddArrangement("LN2", "instalments", parts, yuan("1860"), "assistant", "active"), NOW)
        book.write(member, AddPromise("LN1", yuan("500"), date(2026, 12, 1)), NOW)
        book.write(member, OpenCase("hardship", "来电13800001234，尾号4410", "LN2"), NOW)
    return url


def show(url: str, who: str, *options: str, columns: int = 100) -> tuple[int, str, str]:
    done = run.invoke(app, ["show", who, "--db", url, "--today", "2026-11-24", *options], env={"COLUMNS": str(columns)})
    return done.exit_code, done.stdout, done.stderr


def shown_json(url: str, who: str) -> dict[str, Any]:
    code, out, errors = show(url, who, "--json")
    assert code == 0, errors
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize("columns", [80, 120])
def test_a_contract_is_shown_with_its_terms_statement_ledger_and_schedule_within_the_width(contracted: str, columns: int) -> None:
    code, out, _ = show(contracted, "林晓燕", "--schedule", columns=columns)
    assert code == 0 and all(cell_len(line.rstrip()) <= columns for line in out.splitlines())
    for words in ("合同：农户种植贷款", "等额本息，12 期", "合同利率加五成，年利率 10.8%", "2026-11-24 欠款", "逾期明细", "账目", "还款计划", "还款安排", "还款承诺", "困难"):
        assert words in out
    with LoanBook(contracted) as book:
        loan = book.file_of(book.owner_of("LN1"), TODAY).loan("LN1")
        ledger = book.ledger_of("LN1", TODAY)
    assert loan.owed is not None
    for amount in (loan.owed.principal, loan.owed.interest, loan.owed.penalty, loan.owed.compound, loan.owed.overdue, loan.owed.payoff):
        assert f"{amount:,}" in out
    assert f"{loan.days_past_due} 天" in out and f"{loan.days_delinquent} 天（扣去宽限、暂停）" in out and loan.days_past_due == loan.days_delinquent + 3
    for posted in ledger:
        row = next(line for line in out.splitlines() if f"{posted.entry.id}号" in line and str(posted.entry.day) in line)
        assert f"{posted.overdue:,}" in row and f"{posted.balance:,}" in row and f"{posted.entry.amount:,}" in row
    for instalment in loan.instalments:
        assert re.search(rf"│ +{instalment.number} │ {instalment.due} │ +{instalment.amount:,} │", out)


def test_each_line_of_the_statement_shows_its_own_sum(contracted: str) -> None:
    _, out, _ = show(contracted, "LN1", columns=140)
    worked = re.findall(r"│ (?:罚息|复利) │ （?([^│]*?)）? × ([\d.]+)% ÷ 360 = ([\d.]+)元", out)
    assert len(worked) >= 8
    for spans, rate, result in worked:
        bases = re.findall(r"([\d.]+)元 × (\d+)天", spans)
        assert bases
        total = sum(Decimal(base) * int(days) for base, days in bases)
        assert yuan(total * Decimal(rate) / 100 / 360) == Decimal(result)


def test_the_json_tells_the_same_with_every_line_and_span(contracted: str) -> None:
    found = shown_json(contracted, "199 0000 0088")
    loan, other = found["loans"]
    statement = loan["statement"]
    assert loan["loan_id"] == "LN1" and other["contract"] is None and other["statement"] is None and other["ledger"] == []
    for line in statement["lines"]:
        assert Decimal(line["accrued"]) - Decimal(line["paid"]) == Decimal(line["outstanding"]) > 0
        if line["spans"]:
            total = sum(Decimal(s["base"]) * s["days"] for s in line["spans"]) * Decimal(line["rate"]) / 360
            assert yuan(total) == Decimal(line["accrued"])
    assert sum(Decimal(line["outstanding"]) for line in statement["lines"]) == Decimal(statement["overdue"]) == Decimal(loan["overdue_amount"])
    assert [e["kind"] for e in loan["ledger"]] == ["payment", "payment", "reversal", "payment", "fee", "payment", "waiver"]
    for entry in loan["ledger"]:
        if entry["kind"] == "payment" and entry["id"] != 2:
            assert sum((Decimal(s["amount"]) for s in entry["shares"]), Decimal(entry["credit"])) == Decimal(entry["amount"])
    assert sum(Decimal(i["principal"]) for i in loan["instalments"]) == 52000 and len(loan["instalments"]) == 12
    assert found["promises"][0]["amount"] == "500.00" and found["arrangements"][0]["status"] == "active"


def test_personal_data_is_masked_in_tables_and_in_json(contracted: str) -> None:
    for options in ((), ("--schedule",), ("--json",)):
        _, out, _ = show(contracted, "林晓燕", *options, columns=160)
        for secret in ("19900000088", "1990-02-08", "110101199002084410", "13800001234"):
            assert secret not in out
        assert not re.search(r"(?<!\d)4410(?!\d)", out)
    assert "2026-01-10" in show(contracted, "LN1", "--json")[1], "days of the loan are no birth dates"


def test_a_loans_number_shows_that_loan_alone(contracted: str) -> None:
    code, out, _ = show(contracted, "LN2")
    assert code == 0 and "LN2" in out and "LN1" not in out and "合同：" not in out and "还款承诺" not in out and "还款安排" in out
    assert [loan["loan_id"] for loan in shown_json(contracted, "LN1")["loans"]] == ["LN1"]


def test_the_contracts_schedule_is_drawn_and_written(contracted: str, tmp_path: Path) -> None:
    picture, workbook = tmp_path / "a" / "s.png", tmp_path / "s.xlsx"
    code, _, errors = show(contracted, "林晓燕", "--png", str(picture), "--xlsx", str(workbook))
    assert code == 0 and "s.png" in errors
    assert Image.open(picture).size[0] > 1000
    page = load_workbook(workbook).active
    rows = [[c.value for c in row] for row in page.iter_rows(max_col=7) if isinstance(row[0].value, int)]  # type: ignore[union-attr]
    schedule = shown_json(contracted, "LN1")["loans"][0]["instalments"]
    assert [[r[1].date().isoformat(), *(str(yuan(str(v))) for v in r[2:6])] for r in rows] == [[i["due"], i["amount"], i["principal"], i["interest"], i["paid"]] for i in schedule]  # type: ignore[union-attr]


def test_a_schedule_that_cannot_be_drawn_is_told_with_exit_code_two(contracted: str, tmp_path: Path) -> None:
    code, out, errors = show(contracted, "LN2", "--png", str(tmp_path / "x.png"))
    assert code == 2 and not out and "没有合同" in errors and not (tmp_path / "x.png").exists()
    (tmp_path / "file").write_text("")
    code, _, errors = show(contracted, "LN1", "--xlsx", str(tmp_path / "file" / "x.xlsx"))
    assert code == 2 and "写不了文件" in errors
    with LoanBook(contracted) as book:
        book.add_account({**ACCOUNT, "id_tail": "5521", "phone": "19900000077", "loans": [{**ACCOUNT["loans"][0], "id": "LN9", "payments": []}]}, TODAY)
    code, _, errors = show(contracted, "林晓燕", "--png", str(tmp_path / "x.png"))
    assert code == 2 and "LN1" in errors and "LN9" in errors


def test_a_member_without_a_number_is_not_found_by_words_without_digits(url: str) -> None:
    with LoanBook(url) as book:
        member = book.add_account({**ACCOUNT, "loans": [ACCOUNT["loans"][1]]}, TODAY)
    assert show(url, "没有这个人")[0] == 2 and show(url, member)[0] == 0


def test_many_loans_of_one_member_still_fit_eighty_columns(url: str) -> None:
    loans = [{**ACCOUNT["loans"][1], "id": f"LN{number}", "product": f"贷款种类{number}"} for number in range(7)]
    with LoanBook(url) as book:
        book.add_account({**ACCOUNT, "loans": loans}, TODAY)
    code, out, _ = show(url, "林晓燕", columns=80)
    assert code == 0 and all(cell_len(line.rstrip()) <= 80 for line in out.splitlines()) and out.count("1,860.00 元") >= 21
    assert all(f"LN{number}" in out for number in range(7))


def test_the_examples_in_the_docstrings_run() -> None:
    result = doctest.testmod(showing_contract)
    assert result.attempted > 0 and result.failed == 0
