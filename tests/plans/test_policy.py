"""The policy file: what it says, and what is wrong with it, by line."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from plans_given import POLICY, TODAY, loan

from zhuhuan.loans.values import Part
from zhuhuan.money import yuan
from zhuhuan.plans.policy import load_policy, parse_policy
from zhuhuan.plans.policy_file import PolicyError
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Said

TEXT = resources.files("zhuhuan.plans").joinpath("policy.yml").read_text(encoding="utf-8")


def line_of(fragment: str) -> int:
    return next(i for i, line in enumerate(TEXT.splitlines(), 1) if fragment in line)


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    return [(p.line, p.text) for p in caught.value.problems]


@pytest.mark.parametrize(("product", "expected"), [
    ("农户种植贷款", "farming"), ("生猪养殖贷款", "breeding"), ("个人消费贷款", "consumer"), ("个人经营贷款", "business"), ("国家助学贷款", "student"),
    ("个人住房贷款", "housing"), ("汽车贷款", "vehicle"), ("农户联保贷款", "farming"), ("农户经营贷款", "business"), ("其他贷款", "other"), ("", "other"),
])
def test_a_products_name_tells_its_class(product: str, expected: str) -> None:
    assert POLICY.product_class(product) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, "short"), (1, "short"), (30, "short"), (31, "long"), (400, "long")])
def test_thirty_days_are_short_and_thirty_one_long(days: int, expected: str) -> None:
    assert POLICY.dpd_class(days) == expected


def test_an_override_changes_its_class_and_no_other() -> None:
    assert POLICY.terms("农户种植贷款", 12, TODAY).limits[0].defer_months == 3
    assert POLICY.terms("个人消费贷款", 12, TODAY).limits[0].defer_months == 1
    assert POLICY.terms("个人消费贷款", 45, TODAY).limits[0].amount == yuan("10000")
    assert "grace" not in POLICY.terms("个人消费贷款", 45, TODAY).kinds


def test_the_version_of_the_day_holds() -> None:
    newer = TEXT[TEXT.index('  - version: "2026.1"'):].replace('"2026.1"', '"2027.1"').replace("effective: 2026-01-01", "effective: 2027-07-01")
    policy = parse_policy(TEXT + newer.replace("grace_days: 10", "grace_days: 5"))
    assert policy.terms("个人消费贷款", 12, date(2027, 6, 30)).grace_days == 10
    assert policy.terms("个人消费贷款", 12, date(2027, 7, 1)).grace_days == 5
    assert policy.on(date(2020, 1, 1)).name == "2026.1"


def test_length_amount_wait_and_small_parts_decide_who_approves() -> None:
    terms = POLICY.terms("个人消费贷款", 12, TODAY)

    def approver(number: int, amount: str, start: date = date(2026, 12, 8), kind: str = "instalments") -> str | None:
        parts = [Part(date(start.year + (start.month - 1 + i) // 12, (start.month - 1 + i) % 12 + 1, 8), yuan(amount)) for i in range(number)]
        return terms.approver(parts, yuan(amount) * number, TODAY, kind)  # type: ignore[arg-type]

    assert approver(6, "600") == "assistant"
    assert approver(7, "600") == "collector"
    assert approver(6, "9000") == "supervisor"
    assert approver(6, "60") == "collector"
    assert approver(3, "600", date(2027, 2, 8)) == "collector"
    assert approver(61, "600") is None
    assert approver(6, "600", kind="extension") == "collector"


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("grace_days: 10", "grace_days: -3", "grace_days: 10", "grace_days"),
    ("grace_days: 10", "grace_day: 10", "grace_days: 10", "grace_day"),
    ("income_share: 0.5 ", "income_share: 5 ", "income_share: 0.5", "income_share"),
    ("effective: 2026-01-01", "effective: 2026-13-01", "effective: 2026-01-01", "没有2026-13-01这一天"),
    ("effective: 2026-01-01", "effective: soon", "effective: 2026-01-01", "2026-01-31"),
    ("living_minimum: 300 ", "living_minimum: -1 ", "living_minimum: 300", "金额"),
    ("- product: vehicle", "- product: vehicles", "- product: vehicle", "vehicles"),
    ("- overdue: long", "- overdue: longer", "- overdue: long", "longer"),
    ("waiver_by: supervisor", "waiver_by: boss", "waiver_by: supervisor", "boss"),
    ("seasonal_day: 20 ", "seasonal_day: 20\n      seasonal_day: 21 ", "waiver_by: supervisor", "写了两次"),
    ("- {name: long}", "- {name: long, up_to: 90}", "- {name: long}", "up_to"),
    ("committee: {periods: 36, months: 40", "committee: {periods: 6, months: 40", "committee: {periods: 36", "权限"),
    ("河南: 460", "河南: much", "河南: 460", "金额"),
    ("dependant_share: 0.5 ", "dependant_share: 1.5 ", "dependant_share: 0.5", "dependant_share"),
    ("{income: 1500, outgoings_share: 0.8", "{income: 1500", "plausible:", "outgoings_share"),
    ("settlement_within_days: 15", "settlement_within_days: 150", "settlement_within_days: 15", "92"),
    ("interest_only_months: 3 ", "interest_only_months: three ", "interest_only_months: 3", "整数"),
    ("- {term_up_to: 12, share: 1} ", "- {term_up_to: 12, share: 1, months: 6} ", "- {term_up_to: 12, share: 1}", "写一个"),
    ("- {term_up_to: 60, share: 0.5}", "- {term_up_to: 6, share: 0.5}", "extension:", "一档比一档大"),
    ("- {months: 36}", "- {term_up_to: 600, months: 36}", "extension:", "最后一档不写"),
    ("approval: {extension: collector", "approval: {extensions: collector", "approval: {extension", "extensions"),
    ("approval: {extension: collector", "approval: {extension: manager", "approval: {extension", "manager"),
    ("        extension: [身份证", "        longer: [身份证", "        extension: [身份证", "longer"),
    ("waiver_share: 0.5, waiver_amount: 5000", "waiver_share: 1.5, waiver_amount: 5000", "waiver_share: 0.5, waiver_amount: 5000", "waiver_share"),
    ("waiver_share: 1, waiver_amount: 50000", "waiver_share: 0.3, waiver_amount: 50000", "limits:                     #", "权限"),
    ("extension_months: 36, waiver", "extension_months: 6, waiver", "limits:                     #", "权限"),
])
def test_an_error_is_named_by_its_line(old: str, new: str, line: str, words: str) -> None:
    assert old in TEXT
    found = problems(TEXT.replace(old, new, 1))
    assert any(words in text and abs(number - line_of(line)) <= 1 for number, text in found), (found, line_of(line))


def test_every_error_is_named_at_once() -> None:
    broken = TEXT.replace("grace_days: 10", "grace_days: x").replace("late_days: 1 ", "late_days: many ")
    assert len(problems(broken)) == 2


def test_an_error_of_the_default_is_named_once_and_not_for_every_class() -> None:
    found = problems(TEXT.replace("waiver_share: 1, waiver_amount: 50000", "waiver_share: 0.3, waiver_amount: 50000", 1))
    assert [number for number, _ in found] == [line_of("limits:                     #")]


def test_a_missing_field_is_named() -> None:
    assert any("living_minimum" in text for _, text in problems(re.sub(r"\n +living_minimum:[^\n]*", "", TEXT)))


def test_an_approver_without_limits_of_his_own_is_named() -> None:
    without = re.sub(r"\n +collector: [^\n]*(\n +extension_months: 6})?", "", TEXT)
    found = problems(without)
    assert any("approval写了collector" in text for _, text in found)


def test_an_older_file_still_holds_and_grants_nothing_that_it_does_not_name() -> None:
    new = r"interest_months|extension_months|waiver_share|waiver_amount"
    older = re.sub(rf",\s+(?:{new}): [0-9.]+", "", TEXT)
    older = re.sub(r"\n +supervisor: \{waiver_amount: 8000\}", "", older)
    for block in ("living_minimum_by_region", "interest_only_months", "interest_only_from", "extension", "approval", "papers", "settlement_within_days"):
        older = re.sub(rf"(?m)^ {{6}}{block}:.*\n(?: {{8,}}.*\n)*", "", older)
    terms = parse_policy(older).terms("个人消费贷款", 12, TODAY)
    assert all(limit.interest_months == limit.extension_months == limit.waiver_share == limit.waiver_amount == 0 for limit in terms.limits)
    assert terms.waiver(yuan("500"), yuan("3000")) is None and terms.extension_months(24) == 0 and terms.papers("extension") == ()
    assert terms.living("河南周口") == yuan("300")
    asked = {kind: propose(loan("9000.00", rate="0.072"), Said(wish=kind), parse_policy(older), TODAY) for kind in ("interest_only", "waiver")}  # type: ignore[arg-type]
    assert not {"interest_only", "settlement"} & {o.kind for found in asked.values() for o in found.offers}


def test_a_waiver_is_for_the_lowest_who_may_within_share_and_yuan() -> None:
    short, long = (POLICY.terms("个人消费贷款", days, TODAY) for days in (12, 45))
    assert short.waiver(yuan("301.01"), yuan("9000")) == ("supervisor", yuan("150.50"))
    assert short.waiver(yuan("30000"), yuan("90000")) == ("supervisor", yuan("5000"))
    assert long.waiver(yuan("30000"), yuan("90000")) == ("supervisor", yuan("8000"))
    assert short.waiver(yuan("300"), yuan("900000")) == ("committee", yuan("300"))
    assert short.waiver(yuan("0"), yuan("9000")) is None


def test_papers_are_those_of_the_kind() -> None:
    terms = POLICY.terms("个人消费贷款", 12, TODAY)
    assert "展期申请书" in terms.papers("extension") and "减免申请书" in terms.papers("settlement") and terms.papers("instalments") == ()


def test_the_order_of_kinds_holds_every_kind_of_the_class_once() -> None:
    for days in (12, 45):
        terms = POLICY.terms("个人消费贷款", days, TODAY)
        for reason in (None, "unemployment", "forgot", "disputed"):
            order = terms.order(reason)
            assert set(order) == terms.kinds and len(order) == len(terms.kinds)


@pytest.mark.parametrize("text", ["", "a: [1", "- 1\n- 2", "versions: 3"])
def test_a_file_that_is_no_policy_is_refused_in_words(text: str) -> None:
    assert problems(text)


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text("\ufeff" + TEXT.replace("grace_days: 10", "grace_days: 3"), encoding="utf-8")
    assert load_policy(path).terms("个人消费贷款", 12, TODAY).grace_days == 3


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yml"
    path.write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load_policy(path)
