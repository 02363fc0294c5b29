from __future__ import annotations

from datetime import date
from pathlib import Path

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.importing import import_file
from zhuhuan.loans.sample import SHIPPED, SHIPPED_DAY, SHIPPED_SEED, sample_csv
from zhuhuan.loans.values import MemberFile


def files(url: str) -> list[MemberFile]:
    report = import_file(url, SHIPPED, date(2027, 5, 1))
    assert report.problems == [] and report.ignored == ()
    with LoanBook(url) as book:
        return list(book.every_file(SHIPPED_DAY))


def test_the_shipped_book_is_what_the_generator_makes() -> None:
    assert SHIPPED.read_text(encoding="utf-8-sig") == sample_csv(SHIPPED_SEED, SHIPPED_DAY)
    assert sample_csv(7, SHIPPED_DAY, 20) == sample_csv(7, SHIPPED_DAY, 20) != sample_csv(8, SHIPPED_DAY, 20)


def test_the_shipped_book_is_imported_whole_and_varied(url: str) -> None:
    book = files(url)
    loans = [loan for file in book for loan in file.loans]
    first = [file.loans[0].days_past_due for file in book]
    assert len(book) == 200
    assert sum(len(file.loans) == 2 for file in book) == 15
    assert (min(first), max(first)) == (1, 400)
    assert 60 <= sum(days <= 30 for days in first) <= 140
    assert len({loan.product for loan in loans}) == 9 and len({file.member.region for file in book}) >= 25
    ages = [(SHIPPED_DAY - file.member.birth_date).days // 365.2425 for file in book]
    assert min(ages) >= 19 and max(ages) <= 79
    assert {p.status for file in book for p in file.promises} == {"kept", "broken"}
    assert sum(file.member.id_tail.endswith("X") for file in book) >= 5
    assert {loan.annual_rate is None for loan in loans} == {loan.penalty > 0 for loan in loans} == {True, False}
    assert any(not loan.overdue and loan.due_date and loan.due_date > SHIPPED_DAY for loan in loans)


def test_phones_of_the_sample_are_evidently_made_up(url: str) -> None:
    phones = [file.member.phone for file in files(url)]
    assert len(set(phones)) == 200
    assert all(phone.startswith("1990000") for phone in phones)


def test_any_seed_makes_a_book_without_a_bad_row(url: str, tmp_path: Path) -> None:
    for seed in range(5):
        path = tmp_path / f"{seed}.csv"
        path.write_text(sample_csv(seed, date(2027, 2, 28), 60), encoding="utf-8")
        report = import_file(f"{url}", path, date(2027, 3, 1), partial=True)
        assert [p for p in report.problems if p.column != "整行"] == []
