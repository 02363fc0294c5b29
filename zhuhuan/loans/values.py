"""What the loan book tells, and what may be written into it, as frozen values.

Everything above `loans` works on these and never on a database row. Money is Decimal yuan to the fen, days are calendar days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from zhuhuan.loans.owing.values import Contract, DayStatement
from zhuhuan.money import ZERO

ArrangementStatus = Literal["proposed", "awaiting_approval", "active", "kept", "broken", "superseded", "cancelled"]
PromiseStatus = Literal["open", "kept", "broken", "superseded", "cancelled"]
CaseKind = Literal["hand_over", "dispute", "claim_paid", "complaint", "crisis", "hardship", "waiver", "fraud"]
CaseStatus = Literal["open", "waiting_for_member", "closed"]
Approver = Literal["assistant", "collector", "supervisor", "committee"]
STANDING_ARRANGEMENT = frozenset({"proposed", "awaiting_approval", "active"})


@dataclass(frozen=True)
class Member:
    """A borrower. `id_tail`: the last four characters of the ID number, X in upper case."""

    id: str
    name: str
    id_tail: str
    birth_date: date
    phone: str
    region: str = ""


@dataclass(frozen=True)
class Instalment:
    """One payment of the contract's schedule, in yuan. principal, interest: what `amount` is made of; None where the source does not tell."""

    number: int
    due: date
    amount: Decimal
    paid: Decimal = ZERO
    principal: Decimal | None = None
    interest: Decimal | None = None

    @property
    def outstanding(self) -> Decimal:
        return self.amount - self.paid


@dataclass(frozen=True)
class LoanFacts:
    """A loan as it stands on one day; all amounts in yuan.

    overdue_amount: unpaid instalments due before that day, plus `penalty`. days_past_due: 0 when nothing is overdue.
    due_date: the oldest unpaid due date, or the next one when nothing is overdue. balance: all that is still owed, arrears included.
    annual_rate: None where the book has none; then no interest and no cost is computed or named. penalty: all charges beside the instalments.
    contract, owed: its contract and the statement of that day; None for a loan that is known by its source's figures alone.
    days_delinquent: days past due after the grace days, without the days of a pause. region: the member's, for the living minimum.
    """

    loan_id: str
    product: str
    overdue_amount: Decimal
    days_past_due: int
    due_date: date | None
    instalment_amount: Decimal
    balance: Decimal
    annual_rate: Decimal | None = None
    penalty: Decimal = ZERO
    instalments: tuple[Instalment, ...] = ()
    contract: Contract | None = None
    owed: DayStatement | None = None
    days_delinquent: int = 0
    region: str = ""

    @property
    def overdue(self) -> bool:
        return self.overdue_amount > 0


@dataclass(frozen=True)
class Part:
    """One dated payment of an arrangement's schedule."""

    due: date
    amount: Decimal


@dataclass(frozen=True)
class Arrangement:
    id: int
    loan_id: str
    product: str
    kind: str
    status: ArrangementStatus
    schedule: tuple[Part, ...]
    total: Decimal
    approval: Approver
    cost: Decimal = ZERO
    why: str = ""
    made_at: datetime | None = None

    @property
    def standing(self) -> bool:
        return self.status in STANDING_ARRANGEMENT


@dataclass(frozen=True)
class Promise:
    """A promise to pay: one sum by one day."""

    id: int
    loan_id: str
    product: str
    amount: Decimal
    due: date
    status: PromiseStatus
    made_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """Something that a person at the credit union has to deal with."""

    id: int
    kind: CaseKind
    status: CaseStatus
    about: str
    loan_id: str | None = None
    product: str | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    id: int
    kind: str
    status: Literal["drafted", "sent", "cancelled"]
    loan_id: str | None = None
    product: str | None = None


@dataclass(frozen=True)
class Consent:
    """The member lets `person` deal with `matter` until `until` (None: until withdrawn)."""

    person: str
    matter: str
    until: date | None = None


@dataclass(frozen=True)
class ContactState:
    """How a member may be reached. `stopped`: ways such as phone, sms, chat, workplace, family, visit, all."""

    paused_until: date | None = None
    stopped: tuple[str, ...] = ()
    wrong_number: bool = False
    preferred_hours: tuple[time | None, time | None] | None = None
    preferred_way: str | None = None
    no_third_party: bool = False
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class Flag:
    """A vulnerability on the file, such as serious_illness or self_harm, with its reason and expiry."""

    kind: str
    reason: str
    until: date | None = None


@dataclass(frozen=True)
class MemberFile:
    """All that the book knows of one member on one day."""

    member: Member
    loans: tuple[LoanFacts, ...]
    arrangements: tuple[Arrangement, ...] = ()
    promises: tuple[Promise, ...] = ()
    cases: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    contact: ContactState = field(default_factory=ContactState)
    flags: tuple[Flag, ...] = ()

    def loan(self, loan_id: str) -> LoanFacts:
        """The loan of that id; raises KeyError where the member has none such."""
        for loan in self.loans:
            if loan.loan_id == loan_id:
                return loan
        raise KeyError(loan_id)

    @property
    def overdue_loans(self) -> tuple[LoanFacts, ...]:
        return tuple(loan for loan in self.loans if loan.overdue)

    def standing(self, loan_id: str) -> Arrangement | Promise | None:
        """The one agreement that stands for a loan, if any."""
        for arrangement in self.arrangements:
            if arrangement.loan_id == loan_id and arrangement.standing:
                return arrangement
        for promise in self.promises:
            if promise.loan_id == loan_id and promise.status == "open":
                return promise
        return None

    def open_cases(self, kind: CaseKind) -> tuple[Case, ...]:
        return tuple(c for c in self.cases if c.kind == kind and c.status != "closed")


# --- what may be written: an Outcome carries these, `LoanBook.write` carries them out -------------------------------------


@dataclass(frozen=True)
class AddArrangement:
    """Store an agreed plan. What stood for that loan before (arrangement or promise) becomes superseded in the same unit of work."""

    loan_id: str
    kind: str
    schedule: tuple[Part, ...]
    total: Decimal
    approval: Approver
    status: ArrangementStatus
    cost: Decimal = ZERO
    why: str = ""


@dataclass(frozen=True)
class AddPromise:
    """Store a promise to pay; supersedes what stood for that loan, as AddArrangement does."""

    loan_id: str
    amount: Decimal
    due: date


@dataclass(frozen=True)
class CancelStanding:
    """The member takes back what was agreed on a loan: its standing arrangement and open promises become cancelled."""

    loan_id: str


@dataclass(frozen=True)
class OpenCase:
    """Open a case, or add `about` to the open one of that kind (and loan) if there is one: never two open cases of one kind and loan."""

    kind: CaseKind
    about: str
    loan_id: str | None = None
    status: CaseStatus = "open"


@dataclass(frozen=True)
class CloseCase:
    kind: CaseKind
    why: str


@dataclass(frozen=True)
class IssueNotice:
    """Queue a written notice (status drafted until it is really sent); none if one of that kind and loan is already drafted.

    due, for_day: of a reminder, the day of the payment and the day on which to remind: one drafted for each `due`, and none again for the same `for_day`.
    """

    kind: str
    loan_id: str | None = None
    about: str = ""
    due: date | None = None
    for_day: date | None = None


@dataclass(frozen=True)
class ChangeContact:
    """Change how the member may be reached; None or empty leaves a field as it is. `stop` and `consents` add to what stands."""

    paused_until: date | None = None
    stop: tuple[str, ...] = ()
    wrong_number: bool | None = None
    preferred_hours: tuple[time | None, time | None] | None = None
    preferred_way: str | None = None
    no_third_party: bool | None = None
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class RaiseFlag:
    kind: str
    reason: str
    until: date | None = None


@dataclass(frozen=True)
class NoteLateness:
    """The member said that the payment due on `due`, of what is in force on a loan, comes on `day` instead: lengthens the grace of that one part."""

    loan_id: str
    due: date
    day: date
    reason: str


@dataclass(frozen=True)
class FollowUp:
    """Mark what stands on a loan as kept or broken by its ledger as of now, as the nightly settling does. Days of grace as in keeping.Grace."""

    loan_id: str
    late_days: int
    late_days_with_reason: int


Record = AddArrangement | AddPromise | CancelStanding | OpenCase | CloseCase | IssueNotice | ChangeContact | RaiseFlag | NoteLateness | FollowUp
