"""What an imported file tells, as frozen values: loans of members, lines of their ledgers, and what is wrong with the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.values import Component, Contract, EntryKind, Scheduled
from zhuhuan.loans.statement import LoanStatement
from zhuhuan.loans.values import Promise

WHOLE_ROW = "整行"
OPENING = "opening:"
"""How the source ids of opening lines begin: `opening:<day of the figures>:<instalment>`."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell or a row of the file. `file` is told where several are imported together."""

    line: int
    column: str
    reason: str
    file: str = ""


@dataclass(frozen=True)
class Note:
    """What was left out, or differs from the source, and is no error."""

    line: int
    text: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a loan's ledger in the system that it comes from; `amount` in yuan, above 0.

    source_id: its id there, unique within the loan. of: the source id of the line that a reversal takes back. file, line: where it was read.
    """

    source_id: str
    day: date
    kind: EntryKind
    amount: Decimal
    of: str | None = None
    component: Component | None = None
    note: str = ""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class SourcePause:
    """Days that do not count as delinquent in the other system, both included."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True)
class Told:
    """What the source itself says of a loan with a contract on the day of its figures, in yuan: to be compared with the ledger. None: it does not say."""

    overdue: Decimal | None = None
    balance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One loan of one member, as the source tells it; ids are None where the source has none.

    statement: its figures; of a loan with a contract only product, instalment amount and rate of it count. contract: where the source tells it; schedule:
    the source's own, else it is made by the contract; without a contract it comes with what is `paid` of each instalment. entries: the lines of its
    ledger; says_paid: whether these tell all that was paid. unpaid_since: the due day of the oldest unpaid instalment by the figures, where the source
    has no lines: what fell due before it is taken as paid. closed: paid off or written off there, so worth a change to a loan in the book, but no new one.
    """

    line: int
    member_id: str | None
    name: str
    id_tail: str
    birth_date: date
    phone: str
    region: str
    loan_id: str | None
    nth: int
    statement: LoanStatement
    as_of: date
    promises: tuple[Promise, ...]
    digest: str
    contract: Contract | None = None
    schedule: tuple[Scheduled, ...] = ()
    paid: tuple[Decimal, ...] = ()
    entries: tuple[SourceLine, ...] = ()
    says_paid: bool = True
    unpaid_since: date | None = None
    pauses: tuple[SourcePause, ...] = ()
    told: Told | None = None
    closed: bool = False
    file: str = ""

    @property
    def instalments(self) -> tuple[Scheduled, ...]:
        """The schedule: the source's own, or the contract's (made when asked for: of a whole book they would fill the memory)."""
        return self.schedule or (schedule(self.contract) if self.contract is not None else ())

    @property
    def person(self) -> tuple[str, str, date]:
        return (self.name, self.id_tail, self.birth_date)


@dataclass
class Checked:
    """The good rows, the lines of loans that are not among them, the problems, what else is to be said, and the headers that mean nothing here."""

    rows: list[Row] = field(default_factory=list)
    lines: dict[str, list[SourceLine]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.rows and not self.lines


def opening_lines(instalments: Iterable[Scheduled], unpaid_since: date, as_of: date) -> tuple[SourceLine, ...]:
    """Lines that stand for what fell due before `unpaid_since`, as the figures of `as_of` have it paid: each on its day, and its note says so."""
    note = f"期初：截至 {as_of} 的数据中此期已还清，按到期日记"
    return tuple(
        SourceLine(f"{OPENING}{as_of}:{s.number}", s.due, "payment", s.amount, note=note) for s in instalments if s.due < unpaid_since and s.amount > 0
    )


def digest_of(*told: object) -> str:
    """The fingerprint of what the source tells of a loan, by which the same row changes nothing."""
    return hashlib.sha256(repr(told).encode()).hexdigest()
