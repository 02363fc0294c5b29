"""`zhuhuan plans propose`, as it is called: --jsonl without a book, and for a loan of the book from what was said."""

from __future__ import annotations

import doctest
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook
from PIL import Image
from plans_given import POLICY, loans, words
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close
from zhuhuan.loans.migrations import upgrade
from zhuhuan.loans.showing import KINDS
from zhuhuan.loans.values import LoanFacts
from zhuhuan.plans import pairs, telling_tables
from zhuhuan.plans.cli import app
from zhuhuan.plans.explain import KIND_WORDS
from zhuhuan.plans.jsonl import SAID, answer_of
from zhuhuan.plans.on_paper import offer_sheet
from zhuhuan.plans.pairs import DEFAULTS, as_contract, from_pairs, pair_of
from zhuhuan.plans.propose import propose
from zhuhuan.plans.telling_tables import FIELD_WORDS, proposal_tables, said_table
from zhuhuan.plans.values import Said
from zhuhuan.proposing.cli import app as whole_app

LINE: dict[str, Any] = {
    "loan": {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12,
             "instalment_amount": "1860.00", "due_date": "2026-11-12", "balance": "1860.00", "annual_rate": None},
    "said": {"at_most_month": "800.00", "start": "2027-01-01", "periods": None, "defer_months": None, "pay_day": 15, "income": "4000.00", "outgoings": "3500.00",
             "reason": "income_drop"},
    "today": "2026-11-24",
}


def ask(*lines: object, args: tuple[str, ...] = ("propose", "--jsonl"), command: Any = app) -> tuple[int, list[Any], str]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    done = CliRunner().invoke(command, list(args), input=text.encode())
    return done.exit_code, [json.loads(x) for x in done.stdout.splitlines() if x], done.stderr


def with_said(**said: object) -> dict[str, Any]:
    return {**LINE, "said": said}


def test_a_line_is_answered_by_a_line_with_the_fields_of_the_contract() -> None:
    code, answers, _ = ask(LINE, "", LINE)
    assert code == 0 and len(answers) == 2 and answers[0] == answers[1]
    first = answers[0]["offers"][0]
    assert {"kind", "schedule", "total", "cost", "approval", "why"} <= first.keys()
    assert all(part["due"] >= "2027-01-01" and float(part["amount"]) <= 200 for part in first["schedule"])  # 4000 - 3500 - 300
    assert first["total"] == "1860.00" and first["cost"] == "0.00"


def test_an_income_range_weeks_months_and_named_parts_are_understood() -> None:
    code, answers, _ = ask(
        with_said(income={"low": "3000", "high": "5000", "per": "month"}, outgoings="2200"),
        with_said(at_most_week="200.00"),
        with_said(pay_months=[{"month": 6, "at_most": "4000.00"}, {"month": 10}]),
        with_said(first_at_most="500.00"),
        with_said(parts=[{"amount": "500.00", "due": "2026-11-30"}, {"due": "2027-01-27"}]),
    )
    assert code == 0 and len(answers) == 5
    assert all(answer["offers"] for answer in answers)
    assert answers[4]["offers"][0]["schedule"] == [{"due": "2026-11-30", "amount": "500.00"}, {"due": "2027-01-27", "amount": "1360.00"}]


@pytest.mark.parametrize(("line", "words"), [
    ("{", "JSON"),
    ("[1]", "JSON对象"),
    ({"said": {}}, "loan"),
    ({**LINE, "loan": {**LINE["loan"], "overdue_amount": None}}, "overdue_amount"),
    ({**LINE, "loan": {**LINE["loan"], "overdue_amount": "many"}}, "overdue_amount"),
    ({**LINE, "loan": {**LINE["loan"], "overdue_amount": "-1"}}, "overdue_amount"),
    ({**LINE, "loan": {**LINE["loan"], "overdue_amount": 12.5}}, "overdue_amount"),
    ({**LINE, "loan": {**LINE["loan"], "balance": "1.00"}}, "balance"),
    ({**LINE, "loan": {**LINE["loan"], "annual_rate": "6.75"}}, "0.0675"),
    ({**LINE, "loan": {**LINE["loan"], "annual_rate": "NaN"}}, "annual_rate"),
    ({**LINE, "today": "2026-02-30"}, "today"),
    (with_said(at_most_month="NaN"), "at_most_month"),
    (with_said(start="tomorrow"), "start"),
    (with_said(periods="three"), "periods"),
    (with_said(pay_day=32), "pay_day"),
    (with_said(income={"low": "5", "high": "3"}), "income"),
    (with_said(income={"low": "5", "per": "hour"}), "hour"),
    (with_said(pay_months=[{"month": 13}]), "month"),
    (with_said(parts=[3]), "parts"),
    (with_said(wish="free"), "free"),
])
def test_a_bad_line_ends_with_its_number_and_the_reason(line: object, words: str) -> None:
    code, answers, errors = ask(LINE, line)
    assert code == 2 and len(answers) == 1
    assert "第2行" in errors and words in errors


def test_an_unknown_word_in_said_is_told_and_left_out() -> None:
    code, answers, errors = ask(with_said(at_most_mouth="800.00"))
    assert code == 0 and answers and "at_most_mouth" in errors


def test_without_jsonl_the_command_says_what_it_needs() -> None:
    code, answers, errors = ask(args=("propose",))
    assert code == 2 and not answers and "--jsonl" in errors


def test_the_whole_command_answers_lines_in_the_same_way() -> None:
    assert ask(LINE, with_said(at_most_mouth="1"), command=whole_app) == ask(LINE, with_said(at_most_mouth="1"))
    assert ask(LINE, "{", command=whole_app) == ask(LINE, "{")
    code, answers, errors = ask(args=("propose",), command=whole_app)
    assert code == 2 and not answers and "--jsonl" in errors and "--means" in errors
    assert ask(LINE, args=("propose", "L1", "--jsonl"), command=whole_app)[0] == 2


# --- for a loan of the book ---------------------------------------------------------------------------------------------------------------

ACCOUNT: dict[str, Any] = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "phone": "19900000088", "loans": [
    {"id": "LN1", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12, "instalment_amount": "1860.00", "due_date": "2026-11-12"},
    {"id": "LN2", "product": "农户种植贷款", "overdue_amount": "0.00", "instalment_amount": "500.00", "balance": "5000.00", "due_date": "2026-12-10", "annual_rate": "0.0675"},
]}  # fmt: skip
OTHER: dict[str, Any] = {"name": "李大山", "id_tail": "123X", "birth_date": "1980-02-08", "phone": "19900000099", "loans": [
    {"id": "LN3", "product": "个人消费贷款", "overdue_amount": "33861.49", "days_overdue": 60, "instalment_amount": "1861.49", "due_date": "2026-09-25", "annual_rate": "0.072"},
    {"id": "LN4", "product": "汽车贷款", "overdue_amount": "100.00", "days_overdue": 60, "instalment_amount": "100.00", "due_date": "2026-09-25"},
]}  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('book')}/book.db"
    upgrade(url)
    with LoanBook(url) as book:
        for account in (ACCOUNT, OTHER):
            book.add_account(account, date(2026, 11, 24))
    yield url
    close(url)


def propose_for(db: str, who: str, *options: str, columns: int = 100) -> tuple[int, str, str]:
    arguments = ["propose", who, "--db", db, "--today", "2026-11-24", *options]
    done = CliRunner().invoke(whole_app, arguments, env={"COLUMNS": str(columns)})
    return done.exit_code, done.stdout, done.stderr


def as_json(db: str, who: str, *options: str) -> dict[str, Any]:
    code, out, errors = propose_for(db, who, "--json", *options)
    assert code == 0, errors
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_loan_is_meant_by_its_id_or_by_its_member(db: str) -> None:
    answers = [as_json(db, who, "--means", "at_most_month=800 pay_day=15") for who in ("LN1", "林晓燕", "199 0000 0088")]
    assert answers[0] == answers[1] == answers[2] and answers[0]["loan"] == "LN1"
    assert as_json(db, "LN2")["loan"] == "LN2"
    code, out, errors = propose_for(db, "李大山")
    assert code == 2 and not out and "LN3" in errors and "LN4" in errors
    code, _, errors = propose_for(db, "王五")
    assert code == 2 and "王五" in errors
    assert propose_for("sqlite:////nowhere/x.db", "LN1")[0] == 2


def test_the_offers_are_those_of_the_engine_and_the_json_goes_back_into_it(db: str) -> None:
    found = as_json(db, "LN1", "--means", '{"at_most_month": "800.00", "pay_day": 15, "income": "4000.00", "outgoings": "3500.00", "reason": "income_drop"}')
    line = {"loan": {"id": "LN1", "product": "个人消费贷款", "overdue_amount": "1860.00", "instalment_amount": "1860.00", "days_overdue": 12, "due_date": "2026-11-12"},
            "said": found["said"], "today": found["today"]}  # fmt: skip
    _, (answer,), _ = ask(line)
    assert answer["offers"] == found["offers"] and answer["declined"] == found["declined"] and found["offers"]


@pytest.mark.parametrize("columns", [80, 120])
def test_the_tables_tell_every_payment_the_cost_the_approver_and_why_within_the_width(db: str, columns: int) -> None:
    means = "at_most_month=2300 pay_day=15 reason=illness"
    code, out, _ = propose_for(db, "LN3", "--means", means, columns=columns)
    assert code == 0
    tables = [line for line in out.splitlines() if line[:1] in "┏┃┡│├└"]
    assert tables and all(cell_len(line) <= columns for line in tables)
    flat = re.sub(r"[\s│┃]", "", out)
    offers = as_json(db, "LN3", "--means", means)["offers"]
    assert len(offers) >= 2
    for offer in offers:
        assert f"{Decimal(offer['total']):,}" in out and f"{Decimal(offer['cost']):,}" in out
        assert {p["due"] for p in offer["schedule"]} <= set(re.findall(r"\d{4}-\d\d-\d\d", out))
    assert "主管" in flat and "每月最多2,300.00元" in flat.replace("每月最多│", "每月最多") and "本人伤病" in flat and "at_most_month=2300.00" in flat
    assert "年利率7.2%" in flat


def test_where_nothing_fits_it_says_why_and_who_could_decide(db: str) -> None:
    code, out, _ = propose_for(db, "LN3", "--means", "at_most_month=20")
    assert code == 0 and "没有合适的方案" in out and "没有排的办法" in out and "信贷员" in out


def test_a_sentence_is_understood_by_the_model_and_told_with_how_to_correct_it(db: str) -> None:
    code, out, errors = propose_for(db, "LN1", "--means", "每月最多八百，15号发工资；收入四千，开支三千五。身份证110101199002084410", columns=140)
    assert code == 0
    for pair in ("at_most_month=800.00", "pay_day=15", "income=4000.00", "outgoings=3500.00"):
        assert pair in out
    assert "每月最多八百，15号发工资" in out and "每月最多排 200.00 元" in out
    assert "110101199002084410" not in out + errors


def test_the_chosen_offer_is_drawn_and_written(db: str, tmp_path: Path) -> None:
    means = ("--means", "at_most_month=800 pay_day=15")
    picture, workbook = tmp_path / "new" / "plan.png", tmp_path / "plan.xlsx"
    code, _, errors = propose_for(db, "LN1", *means, "--offer", "2", "--png", str(picture), "--xlsx", str(workbook))
    assert code == 0 and str(picture) in errors and str(workbook) in errors
    assert Image.open(io.BytesIO(picture.read_bytes())).size[0] > 1000
    second = as_json(db, "LN1", *means)["offers"][1]
    page = load_workbook(workbook).active
    rows = [[c.value for c in row] for row in page.iter_rows(max_col=3) if isinstance(row[0].value, int)]  # type: ignore[union-attr]
    assert [[row[1], row[2]] for row in rows] == [[datetime.fromisoformat(p["due"]), float(p["amount"])] for p in second["schedule"]]
    code, _, errors = propose_for(db, "LN1", *means, "--offer", "9", "--png", str(tmp_path / "none.png"))
    assert code == 2 and "9" in errors and not (tmp_path / "none.png").exists()
    (tmp_path / "file").write_text("")
    assert propose_for(db, "LN1", *means, "--png", str(tmp_path / "file" / "x.png"))[0] == 2


def test_what_is_worth_asking_is_told_and_nothing_else(db: str) -> None:
    assert "再问一句" in propose_for(db, "LN3")[1] and as_json(db, "LN3")["worth_asking"] == ["income", "outgoings"]
    known = ("--means", "at_most_month=800 income=9000 outgoings=1000 dependants=0 other_debts=0")
    assert "再问一句" not in propose_for(db, "LN3", *known)[1] and as_json(db, "LN3", *known)["worth_asking"] == []


@pytest.mark.parametrize(("options", "told"), [
    (("--means", "at_most_mouth=3"), "at_most_mouth"), (("--means", "{"), "JSON"), (("--policy", "nowhere.yml"), "nowhere.yml"),
])  # fmt: skip
def test_what_cannot_be_used_ends_with_two_and_a_reason(db: str, options: tuple[str, ...], told: str) -> None:
    code, out, errors = propose_for(db, "LN1", *options)
    assert code == 2 and not out and told in errors
    assert CliRunner().invoke(whole_app, ["propose", "LN1", "--db", db, "--today", "2026-02-30"]).exit_code == 2


def printed(*tables: Any, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), emoji=False, markup=False)
    for table in tables:
        console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_every_field_of_what_may_be_said_has_a_name_for_staff() -> None:
    assert FIELD_WORDS.keys() == SAID.keys()


@given(words())
def test_what_was_said_can_be_written_as_pairs_and_as_json_and_read_again(said: Said) -> None:
    pairs = {name: pair_of(name, getattr(said, name)) for name in SAID if getattr(said, name) != getattr(DEFAULTS, name)}
    assert from_pairs(pairs) == said
    raw = json.loads(json.dumps(as_contract(said)))
    assert Said(**{name: SAID[name](value, name) for name, value in raw.items()}) == said
    assert from_pairs(dict.fromkeys(SAID, ""), said) == Said()


@settings(max_examples=60, deadline=None)
@given(loans(), words())
def test_any_proposal_can_be_told_within_eighty_columns_and_put_on_paper(loan: LoanFacts, said: Said) -> None:
    found = propose(loan, said, POLICY, date(2026, 11, 24))
    told = printed(said_table(said, {}), *proposal_tables(found), width=80)
    assert all(cell_len(line) <= 80 for line in told.splitlines())
    for offer, line in zip(found.offers, answer_of(found)["offers"], strict=True):
        sheet = offer_sheet(offer, loan, "林晓燕", date(2026, 11, 24))
        assert [(p.due.isoformat(), str(p.amount)) for p in sheet.payments] == [(p["due"], p["amount"]) for p in line["schedule"]]
        assert sheet.total == offer.total and sheet.left[-1] == 0


@pytest.mark.parametrize("module", [pairs, telling_tables])
def test_the_examples_in_the_docstrings_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0 and result.failed == 0


def test_a_kind_of_plan_has_one_name_on_all_tables() -> None:
    assert KINDS == KIND_WORDS
