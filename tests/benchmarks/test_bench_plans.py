"""`make bench-plans` in small: its book is a real one, its peers are asked the same, and its table says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import bench_plans
from benchmarks.bench_plans import Proposing, Stating, amortise, figures_of, markdown
from benchmarks.plan_cases import POOL, TODAY, Book, shapes, talks
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close
from zhuhuan.loans.migrations import upgrade
from zhuhuan.loans.owing.day import statement


def test_the_book_holds_what_it_was_made_from_and_grows(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'book.db').as_posix()}"
    upgrade(url)
    made = Book(url)
    made.grow(40)
    made.grow(60)
    pool = list(shapes(40))
    with LoanBook(url) as book:
        told = dict(book.every_statement(TODAY))
        file = book.file_of("M0000007", TODAY)
    close(url)
    assert sorted(told) == [f"L{number:07d}" for number in range(60)]
    for number, (_, owed) in enumerate(sorted(told.items())):
        shape = pool[number % 40]
        direct = statement(shape.contract, shape.schedule, shape.entries, TODAY)
        assert (owed.overdue, owed.balance, owed.credit, owed.lines) == (direct.overdue, direct.balance, direct.credit, direct.lines)
    assert file.loans[0].overdue_amount == told["L0000007"].overdue
    assert made.instalments == sum(len([s for s in pool[n % 40].schedule if s.amount]) for n in range(60))


def test_the_loans_are_of_all_kinds() -> None:
    pool = list(shapes(400))
    assert {shape.contract.method for shape in pool} == {"equal_instalments", "equal_principal", "interest_first", "bullet"}
    assert {e.kind for shape in pool for e in shape.entries} == {"payment", "reversal", "waiver", "fee"}
    overdue = sum(shape.facts.overdue for shape in pool)
    assert 100 < overdue < 300
    assert len({shape.schedule for shape in pool}) == 400 <= POOL


def test_half_of_the_talks_are_about_contracts_and_all_about_arrears() -> None:
    cases = talks(60)
    assert [loan.contract is not None for loan, _ in cases] == [True, False] * 30
    assert all(loan.overdue for loan, _ in cases)
    assert len({said for _, said in cases}) > 50
    assert cases == talks(60)


def test_the_peer_pays_a_debt_off() -> None:
    assert amortise(1200.0, 0.0, 12) == pytest.approx(100 + 1200, abs=0.01)
    assert amortise(100000.0, 0.005, 12) == pytest.approx(8606.64 + 12 * 8606.64, abs=0.05)


def test_a_small_run_prints_a_table_and_writes_its_figures_but_not_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_plans, "write_summary", lambda *given: pytest.fail("the page is written by a whole run alone"))
    import typer

    app = typer.Typer()
    app.command()(bench_plans.main)
    done = CliRunner().invoke(app, ["--loans", "30", "--loans", "60", "--proposals", "20", "--results", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "proposals a second" in done.output.replace("\n", " ")
    told = json.loads(next(tmp_path.glob("bench-plans-*.json")).read_text(encoding="utf-8"))
    assert [book["loans"] for book in told["raw"]["books"]] == [30, 60]
    assert all(book["seconds"] > 0 and book["sqlite_seconds"] > 0 and book["numpy_seconds"] > 0 for book in told["raw"]["books"])
    assert told["raw"]["proposals"]["proposals"] == 20 and told["raw"]["proposals"]["offers"] > 20
    assert told["machine"]["numpy-financial"]


def book(loans: int, seconds: float, peak: float) -> Stating:
    return Stating(loans, loans * 18, loans * 11, seconds, 200.0, peak, "0.00", seconds / 4, seconds * 2)


@pytest.mark.parametrize(
    ("large", "reached"),
    [(book(100_000, 28.0, 35.0), [True, True, True]), (book(100_000, 31.0, 35.0), [False, True, True]),
     (book(100_000, 29.9, 60.0), [True, True, False]), (book(1000, 0.28, 35.0), [None, None, None])],
)  # fmt: skip
def test_targets_are_judged_on_the_largest_book_and_only_where_it_is_large_enough(large: Stating, reached: list[bool | None]) -> None:
    found = figures_of(Proposing(100, 250, 0.04, 0.3, 0.9, 0.05, 2600.0, 900.0), [book(25_000, 7.0, 30.0), large])
    assert found[0].reached is True and found[0].ours == "2500"
    assert [f.reached for f in found if f.target][1:] == [True, *reached]


def test_a_book_whose_time_grows_faster_than_its_loans_misses_the_target() -> None:
    found = figures_of(Proposing(100, 250, 0.06, 0.3, 0.9, 0.05), [book(25_000, 5.0, 30.0), book(100_000, 25.0, 35.0)])
    assert found[0].reached is False  # 1,667 a second
    assert [f.reached for f in found if f.name.startswith("µs")] == [False]
    page = markdown(found, dict.fromkeys(("cpu", "cores", "memory_gb", "system", "python", "numpy-financial", "load_at_start"), "x"),
                    bench_plans.datetime(2026, 11, 25), Proposing(100, 250, 0.06, 0.3, 0.9, 0.05), [book(25_000, 5.0, 30.0)])  # fmt: skip
    assert page.count("\n| ") == len(found) + 1 and "| no |" in page
