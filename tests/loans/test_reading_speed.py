from __future__ import annotations

import time
from datetime import date, datetime
from statistics import median

from sqlalchemy import event

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.importing import import_file
from zhuhuan.loans.sample import SHIPPED
from zhuhuan.loans.values import AddPromise, ChangeContact, OpenCase
from zhuhuan.money import yuan

TODAY = date(2026, 11, 24)


def test_a_members_whole_file_is_read_in_a_few_milliseconds(url: str) -> None:
    import_file(url, SHIPPED, TODAY)
    phones = [f"1990000{number:04d}" for number in range(1, 51)]
    with LoanBook(url) as book:
        for phone in phones:
            file = book.file_by_phone(phone, TODAY)
            assert file is not None
            book.write(file.member.id, OpenCase("hardship", "x"), datetime(2026, 11, 24, 10))
            book.write(file.member.id, ChangeContact(stop=("phone",)), datetime(2026, 11, 24, 10))
            book.write(file.member.id, AddPromise(file.loans[0].loan_id, yuan("1"), TODAY), datetime(2026, 11, 24, 10))
    taken = []
    for phone in phones:
        start = time.perf_counter()
        with LoanBook(url) as book:
            assert book.file_by_phone(phone, TODAY) is not None
        taken.append((time.perf_counter() - start) * 1000)
    print(f"\nfile_by_phone: median {median(taken):.2f} ms, slowest {max(taken):.2f} ms of {len(taken)}")
    assert median(taken) < 25  # 2 to 3 ms on an idle core; the margin is for a busy machine


def test_a_file_takes_the_same_few_statements_however_much_is_in_it(url: str) -> None:
    import_file(url, SHIPPED, TODAY)
    statements: list[str] = []
    engine = engine_of(url)

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with LoanBook(url) as book:
            assert len(list(book.every_file(TODAY))) == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len([s for s in statements if s.startswith("SELECT")]) == 14
