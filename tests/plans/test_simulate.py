"""What a policy would offer a whole book, counted."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from plans_given import POLICY, TODAY, loan, loans

from zhuhuan.loans.values import Arrangement, LoanFacts, Member, MemberFile, Part
from zhuhuan.money import yuan
from zhuhuan.plans.policy import parse_policy
from zhuhuan.plans.propose import propose
from zhuhuan.plans.simulate import ALL, largest_month, simulate
from zhuhuan.plans.simulating import group_words, plot, summary, tables
from zhuhuan.plans.values import Income, Offer, Said

TEXT = resources.files("zhuhuan.plans").joinpath("policy.yml").read_text(encoding="utf-8")
STRICT = parse_policy(TEXT.replace("assistant:  {amount: 20000", "assistant:  {amount: 1000", 1))


def member(number: int, *facts: LoanFacts, region: str = "", arrangements: tuple[Arrangement, ...] = ()) -> MemberFile:
    return MemberFile(Member(f"M{number}", "张三", "1234", date(1980, 1, 1), "19900010000", region), facts, arrangements)


def test_members_are_counted_by_class_and_by_what_they_get() -> None:
    book = [member(1, loan("3000.00")), member(2, loan("90000.00", product="农户种植贷款", days=60)), member(3, loan("0.00", days=0))]
    (found,) = simulate(book, [POLICY], TODAY)
    assert (found.members, found.total.members, found.groups) == (3, 2, [("consumer", "short"), ("farming", "long")])
    assert found.total.of("first") == {"instalments": 2} and found.total.none == 0
    assert found.tallies["consumer", "short"].of("approver") == {"assistant": 1}
    assert found.tallies["farming", "long"].of("approver") == {"supervisor": 1}
    offers = propose(loan("3000.00"), Said(), POLICY, TODAY).offers
    assert found.tallies["consumer", "short"].of("any") == {o.kind: 1 for o in offers}
    assert found.tallies["consumer", "short"].median_monthly == largest_month(offers[0]) == yuan("1000")
    assert found.tallies["consumer", "short"].median_cost == 0


def test_a_member_with_two_loans_of_a_class_is_counted_once() -> None:
    (found,) = simulate([member(1, loan("3000.00"), replace(loan("900.00"), loan_id="L2"))], [POLICY], TODAY)
    assert found.total.members == 1 and found.total.of("first") == {"instalments": 1} and len(found.total.monthly) == 2


def test_a_loan_with_a_standing_agreement_is_not_counted_again() -> None:
    stands = Arrangement(1, "L1", "个人消费贷款", "instalments", "active", (Part(TODAY, yuan("3000")),), yuan("3000"), "assistant")
    (found,) = simulate([member(1, loan("3000.00"), arrangements=(stands,))], [POLICY], TODAY)
    assert (found.total.members, found.total.standing, found.total.of("first")) == (1, 1, {})


def test_why_there_is_none_is_told_without_the_figures_of_each_member() -> None:
    poor = Said(income=Income(yuan("2600"), yuan("2600")), outgoings=yuan("2250"))
    (found,) = simulate([member(i, loan(f"{i}000.00")) for i in (40, 50, 60)], [POLICY], TODAY, poor)
    assert found.total.none == 3 and sum(found.total.of("why").values()) == 3
    assert len(found.total.of("why")) == 1 and not any(c.isdigit() for c in next(iter(found.total.of("why"))))


def test_the_members_region_counts() -> None:
    said = Said(income=Income(yuan("3000"), yuan("3000")), outgoings=yuan("2200"))
    (found,) = simulate([member(1, loan("3000.00"), region="上海"), member(2, loan("3000.00"), region="")], [POLICY], TODAY, said)
    assert found.total.none == 1


def test_two_policies_are_tried_on_one_reading_of_the_book() -> None:
    read = []

    def book() -> Iterator[MemberFile]:
        for i in range(5):
            read.append(i)
            yield member(i, loan("3000.00"))

    lenient, strict = simulate(book(), [POLICY, STRICT], TODAY)
    assert read == list(range(5))
    assert lenient.total.of("approver") == {"assistant": 5} and strict.total.of("approver") == {"collector": 5}


def test_no_file_is_kept_in_memory() -> None:
    alive: list[Any] = []

    def book() -> Iterator[MemberFile]:
        for i in range(50):
            file = member(i, loan("3000.00"))
            alive.append(weakref.ref(file))
            yield file
            assert sum(ref() is not None for ref in alive) <= 2

    (found,) = simulate(book(), [POLICY], TODAY)
    assert found.total.members == 50


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(loans(), max_size=3), max_size=6))
def test_the_counts_are_those_of_the_proposals(books: list[list[LoanFacts]]) -> None:
    files = [member(i, *(replace(facts, loan_id=f"L{i}-{j}") for j, facts in enumerate(given_))) for i, given_ in enumerate(books)]
    (found,) = simulate(files, [POLICY], TODAY)
    offers = [[propose(facts, Said(), POLICY, TODAY).offers for facts in file.overdue_loans] for file in files]
    assert found.members == len(files) and found.total.members == sum(bool(file.overdue_loans) for file in files)
    for kind, number in found.total.of("any").items():
        assert number == sum(any(o.kind == kind for one in of for o in one) for of in offers)
    assert found.total.none == sum(any(not one for one in of) for of in offers)
    assert len(found.total.cost) == sum(bool(one) for of in offers for one in of)
    assert max([t.members for g, t in found.tallies.items() if g != ALL], default=0) <= found.total.members


def test_the_hardest_month_is_a_calendar_month() -> None:
    parts = tuple(Part(date(2026, 12, 1) + timedelta(days=7 * i), yuan("100")) for i in range(6))  # five in December, one in January
    assert largest_month(Offer("instalments", parts, yuan("600"), yuan("0"), "assistant", "…")) == yuan("500")


# --- shown ------------------------------------------------------------------------------------------------------------


def text_of(table: Any) -> str:
    return "\n".join(" ".join(str(cell) for cell in row) for row in zip(*(column.cells for column in table.columns), strict=True))


def test_the_tables_name_classes_kinds_and_the_whole() -> None:
    (found,) = simulate([member(1, loan("3000.00")), member(2, loan("9000.00", product="农户种植贷款", days=60))], [POLICY], TODAY)
    first, any_, burden = tables(POLICY, found)
    assert [c.header for c in first.columns] == ["贷款", "会员", "分期", "没有方案"]
    assert text_of(first).splitlines() == ["种植 31天以上 1 1 –", "消费 1–30天 1 1 –", "全部 2 2 –"]
    assert len(any_.columns) > len(first.columns)
    assert "1,000.00" in text_of(burden)
    assert "会员 2 人，有逾期的 2 人" in summary(found)


def test_two_policies_stand_side_by_side_where_they_differ() -> None:
    book = [member(1, loan("3000.00")), member(2, loan("500.00"))]
    before, now = simulate(book, [POLICY, STRICT], TODAY)
    burden = list(tables(STRICT, now, before))[2]
    assert text_of(burden).splitlines()[0].split(" ")[:6] == ["消费", "1–30天", "2", "→", "1", "–"]
    assert "2026.1 → 2026.1" in summary(now, before)


def test_a_plot_is_a_picture_and_the_same_one_each_time(tmp_path: Path) -> None:
    found = simulate([member(i, loan("3000.00", days=5 + 20 * i)) for i in range(4)], [POLICY, STRICT], TODAY)
    for name in ("a.png", "sub/b.png"):
        plot(tmp_path / name, POLICY, found)
    one, other = ((tmp_path / name).read_bytes() for name in ("a.png", "sub/b.png"))
    assert one.startswith(b"\x89PNG") and one == other and len(one) > 8000


def test_a_plot_without_a_chinese_font_has_latin_words(tmp_path: Path, monkeypatch: Any) -> None:
    found = simulate([member(1, loan("3000.00"))], [POLICY], TODAY)
    plot(tmp_path / "chinese.png", POLICY, found)
    monkeypatch.setattr("zhuhuan.plans.simulating.chinese_font", lambda: None)
    plot(tmp_path / "latin.png", POLICY, found)
    assert (tmp_path / "latin.png").read_bytes() != (tmp_path / "chinese.png").read_bytes()


def test_a_group_is_called_by_its_product_and_days() -> None:
    assert [group_words(g, POLICY) for g in (("student", "short"), ("other", "long"), ALL)] == ["助学 1–30天", "其他 31天以上", "全部"]
