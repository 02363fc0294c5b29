"""`make bench-plans`: proposals a second on one core, and the statement of a day for whole books of 25,000, 50,000 and 100,000 loans.

    python -m benchmarks.bench_plans                              # everything: some five minutes on one core
    python -m benchmarks.bench_plans --loans 500 --loans 1000 --proposals 200   # a look; README.md stays

Beside each stands numpy-financial doing the plain sum of the same loans (level instalment, interest and principal of every period), and beside the
statements also Python's own sqlite3 reading the same rows and doing nothing with them: the floor of what a book on SQLite can take.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy_financial as npf
import psutil
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.figures import machine, percentile, write_summary
from benchmarks.plan_cases import TODAY, Book, talks
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close
from zhuhuan.loans.migrations import upgrade
from zhuhuan.plans.policy import load_policy
from zhuhuan.plans.propose import propose
from zhuhuan.serve.places import ROOT

SIZES = (25_000, 50_000, 100_000)
PROPOSALS = 20_000
A_SECOND, MOST_SECONDS, LINEAR, FLAT_MB = 2000, 30.0, 1.15, 20.0  # targets: 30 s for the largest of SIZES, time a loan, memory beside the smallest book
LOOK = 500  # statements between two looks at the memory
HEADERS = ("", "zhuhuan", "peer", "ratio", "target", "reached")
ROWS_OF_A_BOOK = (
    "SELECT * FROM loan_contract ORDER BY loan_id",
    "SELECT loan_id, number, due, principal_fen, interest_fen FROM instalment ORDER BY loan_id, number",
    "SELECT loan_id, id, day, kind, amount_fen, reverses_id, component FROM ledger_entry ORDER BY loan_id, day, id",
)
console = Console(stderr=True)


@dataclass(frozen=True)
class Proposing:
    """What proposing took, and what numpy-financial took for one amortisation of each debt. by_figures, by_contract: proposals a second of each kind of loan."""

    proposals: int
    offers: int
    seconds: float
    p50_ms: float
    p95_ms: float
    peer_seconds: float
    by_figures: float = 0.0
    by_contract: float = 0.0


@dataclass(frozen=True)
class Stating:
    """What all statements of a book of `loans` took: seconds, memory above what the process had before, sum overdue; and its peers' seconds."""

    loans: int
    instalments: int
    entries: int
    seconds: float
    base_mb: float
    peak_mb: float
    overdue: str
    sqlite_seconds: float
    numpy_seconds: float

    @property
    def micro(self) -> float:
        return self.seconds / self.loans * 1e6


@dataclass(frozen=True)
class Figure:
    """A line of the table. `reached` is None where there is no target, or where the run was too small for it."""

    name: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    reached: bool | None = None

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.name, self.ours, self.peer, ratio, self.target, {True: "yes", False: "no", None: ""}[self.reached])


def amortise(debt: float, monthly: float, periods: int) -> float:
    """numpy-financial's schedule of a debt: level instalment, then interest and principal of every period; returns all that is paid."""
    numbers, monthly = np.arange(1, periods + 1), monthly or 1e-9  # it divides by the rate
    level = -npf.pmt(monthly, periods, debt)
    interest, principal = -npf.ipmt(monthly, numbers, periods, debt), -npf.ppmt(monthly, numbers, periods, debt)
    return float(level + interest.sum() + principal.sum())


def measure_proposals(number: int) -> Proposing:
    """Propose plans for so many loans, one after the other; half of them have a contract, whose ledger confirms each plan's cost."""
    cases, policy, taken, offers = talks(number), load_policy(), [], 0
    apart: dict[bool, list[float]] = {True: [], False: []}
    for loan, words in cases[:50]:
        propose(loan, words, policy, TODAY)  # what is made once is made before
    for loan, words in cases:
        start = time.perf_counter()
        found = propose(loan, words, policy, TODAY)
        taken.append((time.perf_counter() - start) * 1000)
        apart[loan.contract is not None].append(taken[-1])
        offers += len(found.offers)
    start = time.perf_counter()
    for loan, words in cases:
        amortise(float(loan.overdue_amount), float(loan.annual_rate or 0) / 12, words.periods or 12)
    return Proposing(number, offers, sum(taken) / 1000, percentile(taken, 0.5), percentile(taken, 0.95), time.perf_counter() - start,
                     *(len(apart[kind]) * 1000 / sum(apart[kind]) if apart[kind] else 0.0 for kind in (False, True)))


def read_alone(file: str) -> float:
    """Seconds in which sqlite3 reads all that the statements of a book need."""
    connection = sqlite3.connect(file)
    start = time.perf_counter()
    for statement in ROWS_OF_A_BOOK:
        for _ in connection.execute(statement):
            pass
    connection.close()
    return time.perf_counter() - start


def amortise_all(file: str) -> float:
    """Seconds in which numpy-financial amortises every loan of a book; reading them is not counted."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT principal_fen, annual_rate_millionths, periods, period_months FROM loan_contract").fetchall()
    connection.close()
    start = time.perf_counter()
    for principal, rate, periods, months in rows:
        amortise(principal / 100, rate / 1e6 * months / 12, periods)
    return time.perf_counter() - start


def measure_statements(url: str, file: str, instalments: int, entries: int) -> Stating:
    """Every statement of a book; runs in a process of its own, so that its memory is its own."""
    process, overdue, loans = psutil.Process(), 0, 0
    base = peak = process.memory_info().rss
    start = time.perf_counter()
    with LoanBook(url) as book:
        for _, owed in book.every_statement(TODAY):
            loans += 1
            overdue += int(owed.overdue * 100)
            if loans % LOOK == 1:
                peak = max(peak, process.memory_info().rss)
    peak = max(peak, process.memory_info().rss)
    seconds = time.perf_counter() - start
    read, amortised = read_alone(file), amortise_all(file)
    return Stating(loans, instalments, entries, seconds, base / 1e6, (peak - base) / 1e6, f"{overdue / 100:.2f}", read, amortised)


def measure_books(sizes: Sequence[int], folder: Path) -> list[Stating]:
    """The statements of a book that grows to each of the sizes, the smallest first."""
    file = folder / "book.db"
    url = f"sqlite:///{file.as_posix()}"
    upgrade(url)
    book, found = Book(url), []
    for size in sizes:
        console.print(f"statements: a book of {size} loans is made")
        book.grow(size)
        close(url)
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
            found.append(apart.submit(measure_statements, url, str(file), book.instalments, book.entries).result())
        if found[-1].loans != size:
            raise RuntimeError(f"{found[-1].loans} statements of {size} loans")
        console.print(f"statements: {found[-1].seconds:.1f} s")
    return found


def figures_of(proposing: Proposing, books: Sequence[Stating]) -> list[Figure]:
    """The table. Targets that speak of 100,000 loans are judged only where there were so many."""
    small, large = books[0], books[-1]
    whole = large.loans >= max(SIZES)
    rate, peer_rate = proposing.proposals / proposing.seconds, proposing.proposals / proposing.peer_seconds
    found = [
        Figure("proposals a second on one core; peer: amortisations", f"{rate:.0f}", f"{peer_rate:.0f}", rate / peer_rate, f"≥ {A_SECOND}", rate >= A_SECOND),
        Figure("of loans known by figures alone (a second)", f"{proposing.by_figures:.0f}", "", None, f"≥ {A_SECOND}", proposing.by_figures >= A_SECOND),
        Figure("of loans with contract and ledger (a second)", f"{proposing.by_contract:.0f}"),
        Figure("a proposal, p50 / p95 (ms)", f"{proposing.p50_ms:.2f} / {proposing.p95_ms:.2f}"),
    ]
    for book in books:
        name, last = f"{book.loans:,} statements of a day (s)", book is large
        target, reached = (f"≤ {MOST_SECONDS:.0f}", book.seconds <= MOST_SECONDS if whole else None) if last else ("", None)
        found.append(Figure(f"{name}; peer: sqlite3 reading alone", f"{book.seconds:.2f}", f"{book.sqlite_seconds:.2f}", book.seconds / book.sqlite_seconds, target, reached))
        found.append(Figure(f"{name}; peer: numpy-financial", f"{book.seconds:.2f}", f"{book.numpy_seconds:.2f}", book.seconds / book.numpy_seconds))
    grown = large.micro / small.micro
    told = (f"{large.micro:.0f}", f"{small.micro:.0f}", grown)
    found.append(Figure(f"µs a statement; peer: book of {small.loans:,}", *told, f"≤ {LINEAR}", grown <= LINEAR if whole else None))
    flat = large.peak_mb <= small.peak_mb + FLAT_MB
    peaks = (f"{large.peak_mb:.1f}", f"{small.peak_mb:.1f}")
    found.append(Figure(f"memory while stating (MB); peer: book of {small.loans:,}", *peaks, None, f"≤ peer + {FLAT_MB:.0f}", flat if whole else None))
    return found


def table_of(figures: Sequence[Figure]) -> Table:
    table = Table(title="bench-plans", title_justify="left")
    for place, header in enumerate(HEADERS):
        table.add_column(header, justify="left" if place == 0 else "right")
    for figure in figures:
        table.add_row(*figure.cells(), style="red" if figure.reached is False else None)
    return table


def markdown(figures: Sequence[Figure], about: dict[str, Any], at: datetime, proposing: Proposing, books: Sequence[Stating]) -> str:
    large = books[-1]
    return "\n".join([
        f"{at:%Y-%m-%d %H:%M}, {about['cpu']}, {about['cores']} cores, {about['memory_gb']} GB, {about['system']}, Python {about['python']}, "
        f"numpy-financial {about['numpy-financial']}; load at the start {about['load_at_start']}. {proposing.proposals:,} proposals with {proposing.offers:,} offers; "
        f"{large.instalments:,} instalments and {large.entries:,} ledger entries in the largest book.",
        "",
        "| " + " | ".join(HEADERS) + " |",
        "|---" + "|--:" * (len(HEADERS) - 1) + "|",
        *("| " + " | ".join(figure.cells()) + " |" for figure in figures),
    ])  # fmt: skip


def write_json(figures: Sequence[Figure], about: dict[str, Any], at: datetime, proposing: Proposing, books: Sequence[Stating], folder: Path) -> Path:
    """The whole run as JSON; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"bench-plans-{at:%Y%m%d-%H%M%S}.json"
    raw = {"proposals": asdict(proposing), "books": [asdict(b) for b in books]}
    content = {"bench": "plans", "at": at.isoformat(timespec="seconds"), "machine": about, "figures": [asdict(f) for f in figures], "raw": raw}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def main(
    loans: Annotated[list[int] | None, typer.Option(min=1, help="Size of a book; may be given several times.")] = None,
    proposals: Annotated[int, typer.Option(min=1, help="How many proposals are made.")] = PROPOSALS,
    results: Annotated[Path, typer.Option(file_okay=False, help="Folder for the JSON file.")] = ROOT / "results",
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 where a target is missed.")] = False,
) -> None:
    """Measure; print the table, write results/ and, after a run of the usual sizes, the summary in benchmarks/README.md."""
    sizes, at = sorted(loans or SIZES), datetime.now(ZoneInfo("Asia/Shanghai"))
    about = machine() | {"numpy-financial": version("numpy-financial"), "load_at_start": round(os.getloadavg()[0], 1)}
    proposing = measure_proposals(proposals)
    with tempfile.TemporaryDirectory(prefix="bench-plans-") as folder:
        books = measure_books(sizes, Path(folder))
    figures = figures_of(proposing, books)
    Console().print(table_of(figures))
    console.print(f"written: {write_json(figures, about, at, proposing, books, results)}")
    if tuple(sizes) == SIZES and proposals >= PROPOSALS:
        write_summary("bench-plans", markdown(figures, about, at, proposing, books))
    if strict and any(figure.reached is False for figure in figures):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
