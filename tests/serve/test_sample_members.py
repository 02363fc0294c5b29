"""The demo's own book, and the check of the arrangement that its conversation ends with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from zhuhuan.loans.values import Arrangement, MemberFile, Part
from zhuhuan.money import split
from zhuhuan.serve.check import script, verify
from zhuhuan.serve.errors import ServeError
from zhuhuan.serve.sample import member_for_check, members_to_try, prepare_book

TODAY = date(2027, 3, 15)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("sample")
    made = f"sqlite:///{folder.as_posix()}/book.db"
    assert prepare_book(made, TODAY, folder) == 200
    return made


@pytest.fixture
def file(url: str) -> MemberFile:
    return member_for_check(url, TODAY)


def plan(file: MemberFile, *days: int) -> Arrangement:
    loan = file.loans[0]
    parts = split(loan.overdue_amount, len(days))
    schedule = tuple(Part(TODAY + timedelta(days=d), amount) for d, amount in zip(days, parts, strict=True))
    return Arrangement(1, loan.loan_id, loan.product, "instalments", "active", schedule, loan.overdue_amount, "assistant")


def test_sample_members_are_imported_once_and_never_over_a_book_that_is_not_empty(url: str, tmp_path: Path) -> None:
    assert prepare_book(url, TODAY, tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


def test_members_to_try_are_of_different_kinds_with_nothing_agreed_yet(url: str) -> None:
    files = members_to_try(url, TODAY)
    days = [[loan.days_past_due for loan in f.overdue_loans] for f in files]
    assert len(files) == 5 and len({f.member.phone for f in files}) == 5
    assert any(len(d) > 1 for d in days) and any(d[0] <= 30 for d in days) and any(d[0] > 30 for d in days)


def test_the_check_speaks_as_that_member(file: MemberFile) -> None:
    said = script(file)
    assert file.member.name in said[1] and file.member.id_tail in said[1]


def test_a_sound_arrangement_passes(file: MemberFile) -> None:
    verify(plan(file, 10, 40, 70), file, TODAY)


@pytest.mark.parametrize("fault", ["合计与总额", "少于逾期", "已经过去", "先后", "没有分期"])
def test_an_unsound_arrangement_is_told_with_what_is_wrong(file: MemberFile, fault: str) -> None:
    good = plan(file, 10, 40, 70)
    wrong = {
        "合计与总额": replace(good, total=good.total + Decimal("0.01")),
        "少于逾期": replace(good, schedule=good.schedule[:2], total=good.schedule[0].amount + good.schedule[1].amount),
        "已经过去": plan(file, -1, 40),
        "先后": plan(file, 40, 10),
        "没有分期": replace(good, schedule=()),
    }
    with pytest.raises(ServeError, match=fault):
        verify(wrong[fault], file, TODAY)
