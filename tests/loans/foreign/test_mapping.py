"""Mapping files: any core banking export, told column by column."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from openpyxl import Workbook
from typer.testing import CliRunner

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.cli import app
from zhuhuan.loans.errors import BadFile
from zhuhuan.loans.foreign.mapping import BadMapping, read_mapping
from zhuhuan.loans.importing import import_files, preview
from zhuhuan.loans.sources import Sources
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan

SHIPPED = Path(str(resources.files("zhuhuan.loans.foreign").joinpath("mappings")))
TODAY = date(2026, 11, 24)
HEADER = (
    "机构号|客户号|客户名称|证件号码|手机号码|联系电话|借据号|产品代码|币种|借据状态|借据金额|借据余额|发放日期|首次还款日|总期数|还款方式|月利率|罚息上浮|复利标志|宽限天数|"
    "逾期本金|欠息|罚息|复利|首次逾期日期|数据日期|客户经理"
)
LIN = "0301|C0001|林晓燕|110101199002084411|19900000001||JJ0001|N01|CNY|2|1200000|700000|20260110|00000000|12|02|5.0|50|0|0|100000|5500|0|0|20261110|20261124|周建国"
ZHAO = "0399|C0002|赵满仓|110101196105030316||0912-3456789|JJ0002|X01|CNY|1|500000|500000|20260901|00000000|4|05|6.0|0|0|0|0|0|0|0|00000000|20261124|周建国"


def core(path: Path, *rows: str) -> Path:
    path.write_bytes("\r\n".join(("农村信用社贷款台账", "机构：0301　打印日期：20261124", HEADER, *rows, "")).encode("gb18030"))
    return path


def loans(url: str) -> dict[str, LoanFacts]:
    with LoanBook(url) as book:
        return {loan.loan_id: loan for file in book.every_file(TODAY) for loan in file.loans}


def mapping(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_mappings_are_right() -> None:
    assert sorted(path.name for path in SHIPPED.glob("*.yml")) == ["frappe_flat.yml", "rural_core.yml"]
    for path in SHIPPED.glob("*.yml"):
        assert read_mapping(path).kind == "loans"
    Draft7Validator.check_schema(json.loads(resources.files("zhuhuan.loans.foreign").joinpath("mapping.schema.json").read_text(encoding="utf-8")))


def test_a_rural_core_banking_export_is_read_with_its_mapping(url: str, tmp_path: Path) -> None:
    other = LIN.replace("|CNY|", "|USD|").replace("JJ0001", "JJ0003"), LIN.replace("|CNY|2|", "|CNY|3|").replace("JJ0001", "JJ0004")
    sources = Sources((core(tmp_path / "t.csv", LIN, ZHAO, *other),), mappings=(SHIPPED / "rural_core.yml",))
    report = import_files(url, sources, TODAY)
    assert (report.problems, report.ignored, report.loans["added"]) == ([], ("客户经理",), 2)
    found = loans(url)
    lin, zhao = found["JJ0001"].contract, found["JJ0002"].contract
    assert lin is not None and zhao is not None
    assert (lin.principal, lin.annual_rate, lin.method, lin.penalty_uplift) == (yuan("12000"), Decimal("0.06"), "equal_principal", Decimal("0.5"))
    assert (zhao.method, zhao.annual_rate, zhao.penalty_uplift) == ("bullet", Decimal("0.072"), None)
    assert (found["JJ0001"].due_date, found["JJ0001"].days_past_due) == (date(2026, 11, 10), 14)
    assert found["JJ0001"].owed is not None and found["JJ0001"].owed.principal == yuan("1000")
    assert len(report.notes) == 2  # arrears and balance of the ledger are not those of the export
    with LoanBook(url) as book:
        assert [(f.member.region, f.member.phone) for f in book.every_file(TODAY)] == [("河东支社", "19900000001"), ("0399", "09123456789")]
    assert import_files(url, sources, TODAY).loans["unchanged"] == 2


def test_what_is_wrong_is_told_with_the_exports_own_line_and_column(url: str, tmp_path: Path) -> None:
    bad = LIN.replace("|02|5.0", "|99|五厘").replace("20260110", "2026-01-10").replace("|100000|5500", "|1千|5500")
    report = import_files(url, Sources((core(tmp_path / "t.csv", ZHAO, bad),), mappings=(SHIPPED / "rural_core.yml",)), TODAY)
    assert not report.stored
    told = {(p.line, p.column): p.reason for p in report.problems}
    assert told == {
        (5, "还款方式"): "对照文件的values里没有“99”",
        (5, "月利率"): "“五厘”不是数字",
        (5, "发放日期"): "“2026-01-10”不是%Y%m%d的日期",
        (5, "逾期本金、欠息、罚息、复利"): "“1千”不是数字",
    }


def test_a_flat_report_of_frappe_is_read_with_its_mapping(url: str, tmp_path: Path) -> None:
    header = "ID,Applicant,Applicant Name,Tax ID,Mobile No,Branch,Loan Product,Status,Overdue Amount,Monthly Repayment Amount,Days Past Due,Rate of Interest (%) / Year,Report Date"
    rows = (
        "ACC-LOAN-2026-00007,CUST-0021,周桂芳,110101197209140223,19900000021,青石支社,农户贷款,Disbursed,4212.00,2106.00,40,9.6,2026-11-24",
        "ACC-LOAN-2026-00009,CUST-0022,孙巧云,,,,农户贷款,Closed,0,0,0,9.6,2026-11-24",
    )
    path = tmp_path / "report.csv"
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    report = import_files(url, Sources((path,), mappings=(SHIPPED / "frappe_flat.yml",)), TODAY)
    assert (report.problems, report.loans["added"]) == ([], 1)
    found = loans(url)["ACC-LOAN-2026-00007"]
    assert (found.overdue_amount, found.days_past_due, found.annual_rate) == (yuan("4212"), 40, Decimal("0.096"))


PAYMENTS = """version: 1
kind: payments
sheet: 流水
skip_lines: 1
money: wan
dates: ["%d/%m/%Y", "%Y.%m.%d"]
where:
  - {column: 科目, not: [利息计提]}
fields:
  loan_id: 借据
  day: 记账日
  amount: 金额（万元）
  kind: {column: 借贷, values: {C: 还款, D: 冲正}}
  source_id: 传票号
  of: 原传票号
"""


def test_payments_are_mapped_too_from_a_sheet_in_ten_thousands(url: str, tmp_path: Path) -> None:
    rows = [["二〇二六年十一月流水"], ["科目", "借据", "记账日", "金额（万元）", "借贷", "传票号", "原传票号"], ["本金", "JJ0001", "10/02/2026", 0.106, "C", "P1", None],
            ["利息计提", "JJ0001", "2026.03.01", 0.005, "?", "X", None], ["本金", "JJ0001", "2026.03.12", "0.1", "C", "P2", None],
            ["本金", "JJ0001", "2026.03.13", "0.1", "D", "P3", "P2"]]  # fmt: skip
    book = Workbook()
    sheet = book.create_sheet("流水")
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "p.xlsx")
    mine = mapping(tmp_path / "p.yml", PAYMENTS)
    files = (core(tmp_path / "t.csv", LIN), tmp_path / "p.xlsx")
    report = import_files(url, Sources(files, mappings=(SHIPPED / "rural_core.yml", mine)), TODAY)
    assert (report.problems, report.lines) == ([], 3)
    found = loans(url)["JJ0001"]
    assert found.due_date == date(2026, 3, 10) and found.instalments[0].paid == yuan("1060")
    with pytest.raises(BadFile, match="没有工作表“汇总”"):
        preview(url, Sources(files[1:], mappings=(mapping(tmp_path / "q.yml", PAYMENTS.replace("sheet: 流水", "sheet: 汇总")),)), TODAY)


def test_as_many_mappings_as_files_or_one(url: str, tmp_path: Path) -> None:
    file, mine = core(tmp_path / "t.csv", LIN), SHIPPED / "rural_core.yml"
    with pytest.raises(BadFile, match="给了 2 个对照文件、3 个数据文件"):
        import_files(url, Sources((file, file, file), mappings=(mine, mine)), TODAY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "第1行：文件是空的"),
        ("version: 1\nkind: [", "第2行：不是合格的YAML"),
        ("version: 2\nkind: loans\nfields: {name: 姓名}", "第1行：“version”的值2不在可选范围"),
        ("version: 1\nkind: loans\nmoney: 角\nfields: {name: 姓名}", "第3行：“money”的值'角'不在可选范围：yuan、fen、wan"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: 借据\n  day: 日\n", "第3行：fields缺少：金额"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: 借据\n  day: 日\n  amount: 额\n  nmae: 姓名\n", "第7行：没有“nmae”这一项"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: 借据\n  day: 日\n  amount: {column: 额, sum: [甲, 乙]}\n", "第6行：“amount”要在 column、first、sum、constant 中写一个"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: {column: 借据, money: fen}\n  day: 日\n  amount: 额\n", "第4行：“money”不能用于loan_id，只能用于amount"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: 借据\n  day: {column: 日, dates: [YYYYMMDD]}\n  amount: 额\n", "第5行：“dates”的值'YYYYMMDD'不是日期格式"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: 借据\n  day: 日\n  amount: 额\n  amount: 额二\n", "第7行：“amount”写了两次"),
        ("version: 1\nkind: payments\nwhere:\n  - {column: 甲}\nfields: {loan_id: 借据, day: 日, amount: 额}\n", "第4行：要在 is、in、not 中写一个"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: {column: 借据, others: keep}\n  day: 日\n  amount: 额\n", "第4行：写了others就要有values"),
        ("version: 1\nkind: payments\ncolumns: {}\nfields: {loan_id: 借据, day: 日, amount: 额}\n", "第3行：不认识“columns”"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: {column: 借据, unit: fen}\n  day: 日\n  amount: 额\n", "第4行：不认识“unit”"),
        ("version: 1\nkind: payments\nfields:\n  loan_id: [借据]\n  day: 日\n  amount: 额\n", "第4行：“loan_id”的值['借据']应当是文字或一组"),
    ],
)
def test_each_mistake_of_a_mapping_is_told_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadMapping) as error:
        read_mapping(mapping(tmp_path / "m.yml", text))
    assert told in str(error.value)


def test_a_column_that_the_table_has_not_is_told_by_its_line(url: str, tmp_path: Path) -> None:
    mine = mapping(tmp_path / "m.yml", "version: 1\nkind: payments\nfields:\n  loan_id: 借据\n  day: 日期\n  amount: {sum: [本金, 利息]}\n")
    (tmp_path / "p.csv").write_text("借据,日期,本金\nJJ1,2026-01-01,5\n", encoding="utf-8")
    with pytest.raises(BadMapping, match="第6行：表里没有“利息”这一列"):
        import_files(url, Sources((tmp_path / "p.csv",), mappings=(mine,)), TODAY)


@pytest.mark.parametrize(
    ("form", "written", "yearly"),
    [("percent", "7.2", "0.072"), ("percent", "0.5%", "0.005"), ("fraction", "0.072", "0.072"), ("monthly_permille", "6‰", "0.072"), ("daily_per_10000", "2", "0.072")],
)
def test_rates_are_read_in_every_usual_way(url: str, tmp_path: Path, form: str, written: str, yearly: str) -> None:
    fields = "name: 姓名\n  id_number: 证\n  phone: 电话\n  product: {constant: 农户贷款}\n  overdue_amount: 欠\n  due_date: 日"
    mine = mapping(tmp_path / "m.yml", f"version: 1\nkind: loans\nfields:\n  {fields}\n  annual_rate: {{column: 率, rate: {form}}}\n")
    (tmp_path / "f.csv").write_text(f"姓名,证,电话,欠,日,率\n林晓燕,110101199002084411,19900000001,500,2026-11-01,{written}\n", encoding="utf-8")
    assert import_files(url, Sources((tmp_path / "f.csv",), mappings=(mine,)), TODAY).problems == []
    (loan,) = loans(url).values()
    assert (loan.annual_rate, loan.product) == (Decimal(yearly), "农户贷款")


def test_the_command_looks_first_and_then_imports(tmp_path: Path) -> None:
    run, db = CliRunner(), tmp_path / "var" / "book.db"
    file = core(tmp_path / "t.csv", LIN, ZHAO)
    arguments = ["import", str(file), "--mapping", str(SHIPPED / "rural_core.yml"), "--db", f"sqlite:///{db}", "--today", "2026-11-24"]
    look = run.invoke(app, [*arguments, "--dry-run"], env={"COLUMNS": "160"})
    assert look.exit_code == 0 and "将会——会员：新增 2" in look.stdout and "林晓燕 199****0001" in look.stdout
    assert "19900000001" not in look.output and "110101199002084411" not in look.output and not db.exists()
    assert "客户经理" in look.stderr and "对账" in look.stderr
    done = run.invoke(app, arguments, env={"COLUMNS": "160"})
    assert done.exit_code == 0 and "会员：新增 2" in done.stdout and db.exists()
    again = run.invoke(app, [*arguments, "--dry-run"], env={"COLUMNS": "160"})
    assert again.exit_code == 0 and "会员：新增 0，更新 0，不变 2" in again.stdout and "将有" not in again.stdout


def test_the_command_tells_mistakes_with_exit_code_two(tmp_path: Path) -> None:
    run, db = CliRunner(), f"sqlite:///{tmp_path}/book.db"
    wrong = mapping(tmp_path / "m.yml", "version: 1\nkind: 贷款\nfields: {name: 姓名}\n")
    result = run.invoke(app, ["import", str(core(tmp_path / "t.csv", LIN)), "--mapping", str(wrong), "--db", db])
    assert result.exit_code == 2 and "第2行：“kind”的值'贷款'" in result.stderr and result.stdout == ""
    (tmp_path / "p.csv").write_text("贷款编号,日期,金额\nL1,2026-01-01,5\n", encoding="utf-8")
    nothing = run.invoke(app, ["import", "--payments", str(tmp_path / "p.csv"), "--db", db, "--dry-run"], env={"COLUMNS": "160"})
    assert nothing.exit_code == 2 and "账本中没有贷款 L1" in nothing.stderr
    assert run.invoke(app, ["import", "--db", db]).exit_code == 2
