"""`zhuhuan plans propose --jsonl` and `policy-check`, as they are called."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from zhuhuan.plans.cli import app

LINE: dict[str, Any] = {
    "loan": {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12,
             "instalment_amount": "1860.00", "due_date": "2026-11-12", "balance": "1860.00", "annual_rate": None},
    "said": {"at_most_month": "800.00", "start": "2027-01-01", "periods": None, "defer_months": None, "pay_day": 15, "income": "4000.00", "outgoings": "3500.00",
             "reason": "income_drop"},
    "today": "2026-11-24",
}


def ask(*lines: object, args: tuple[str, ...] = ("propose", "--jsonl")) -> tuple[int, list[Any], str]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    done = CliRunner().invoke(app, list(args), input=text.encode())
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


def test_a_policy_that_is_right_passes_and_one_that_is_wrong_is_named_by_line(tmp_path: Path) -> None:
    good = resources.files("zhuhuan.plans").joinpath("policy.yml").read_text(encoding="utf-8")
    path = tmp_path / "policy.yml"
    path.write_text(good, encoding="utf-8")
    assert ask(args=("policy-check", str(path)))[0] == 0
    path.write_text(good.replace("late_days: 1 ", "late_days: often "), encoding="utf-8")
    code, _, errors = ask(args=("policy-check", str(path)))
    assert code == 2 and "late_days" in errors and "第" in errors
    assert ask(args=("policy-check", str(tmp_path / "none.yml")))[0] == 2
