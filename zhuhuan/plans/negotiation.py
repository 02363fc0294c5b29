"""A negotiation as a value: every answer of ours with what was said, what was objected to, what was given and why (guide 6.3).

Nothing here is kept anywhere else: `replay` makes the same negotiation again from its own steps, and `explain` says why each offer was made.
A change gives only what was objected to; one concession after another to the same objection is smaller than the last; a plan that was
refused never comes again; what goes beyond the assistant's authority names who decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from zhuhuan.loans.values import Approver, LoanFacts
from zhuhuan.money import ZERO, speak
from zhuhuan.plans.adjust import adjust, given
from zhuhuan.plans.explain import APPROVER_WORDS, KIND_WORDS, day_words
from zhuhuan.plans.policy import Policy
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Declined, Objection, Offer, PlanKind, Proposal, Said

Answer = Literal["offered", "conceded", "explained", "declined", "own_terms", "chosen"]
OBJECTION_WORDS: dict[Objection, str] = {"amount": "每期太多", "start": "开始太早", "length": "期数不合适", "interest": "利息", "trust": "信不过"}

BEGINNINGS: dict[Answer, str] = {"own_terms": "客户自己提出", "chosen": "客户选了其中一个"}


@dataclass(frozen=True)
class Step:
    """One answer. `said`: all that was known of the member's means and wishes; `objection`: what was objected to, None at the first offer or unsaid.

    given: what a concession gave: yuan of the largest part (amount), days of the first payment (start), payments (length), yuan of cost (interest).
    kind, parts, first, largest, approval: of the best plan that was answered with. own: the plan that the member's own words made (own_terms).
    pick: place on the table of the plan that was chosen of several (chosen). asked: it answers an objection to the plan on the table.
    """

    day: date
    said: Said
    answer: Answer
    objection: Objection | None = None
    given: Decimal = ZERO
    kind: PlanKind | None = None
    parts: int = 0
    first: date | None = None
    largest: Decimal = ZERO
    approval: Approver | None = None
    why: str = ""
    own: Offer | None = None
    pick: int = 0
    asked: bool = False


@dataclass(frozen=True)
class Negotiation:
    """Where a negotiation stands: the answers so far, the plans on the table, the plans that were refused."""

    steps: tuple[Step, ...] = ()
    table: tuple[Offer, ...] = ()
    refused: tuple[Offer, ...] = ()

    def last_given(self, objection: Objection | None) -> Decimal | None:
        """What the last concession to this objection gave; None where there was none."""
        return next((s.given for s in reversed(self.steps) if s.objection == objection and s.answer == "conceded"), None)


def _step(day: date, said: Said, answer: Answer, objection: Objection | None, offer: Offer | None, why: str, gave: Decimal = ZERO) -> Step:
    if offer is None:
        return Step(day, said, answer, objection, why=why)
    schedule = offer.schedule
    return Step(day, said, answer, objection, gave, offer.kind, len(schedule), schedule[0].due, max(p.amount for p in schedule), offer.approval, why)


def together(old: tuple[Offer, ...], new: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """The refused plans with more of them, each once."""
    known = {offer.key for offer in old}
    return old + tuple(offer for offer in new if offer.key not in known)


def offer(state: Negotiation, loan: LoanFacts, said: Said, policy: Policy, today: date, most: int = 3) -> tuple[Negotiation, Proposal]:
    """Plans for what was said, `most` at most on the table; none of those that were refused."""
    proposal = propose(loan, said, policy, today, refused=[o.key for o in state.refused])
    table = proposal.offers[:most]
    if not table:
        why = proposal.declined[0].why if proposal.declined else "能给的方案都看过了"
        return Negotiation((*state.steps, _step(today, said, "declined", None, None, why)), (), state.refused), proposal
    why = "；".join(f"{KIND_WORDS[o.kind]}：{o.why}" for o in table)
    return Negotiation((*state.steps, _step(today, said, "offered", None, table[0], why)), table, state.refused), proposal


def answer(state: Negotiation, loan: LoanFacts, said: Said, objection: Objection | None, policy: Policy, today: date, most: int = 2) -> tuple[Negotiation, Proposal | Declined]:
    """The answer to an objection to the first plan on the table. Raises ValueError where no plan lies there.

    The plans on the table count as refused from now on. Declined: what was objected to cannot change further; it says why and who could decide.
    """
    if not state.table:
        raise ValueError("nothing is on the table to object to")
    standing, refused = state.table[0], together(state.refused, state.table)
    most_often = policy.terms(loan.product, loan.days_past_due, today).most_concessions
    given_before = sum(s.objection == objection and s.answer == "conceded" for s in state.steps)
    if objection is not None and given_before >= most_often and said == state.steps[-1].said:
        words = f"“{OBJECTION_WORDS[objection]}”这一点已经改过{given_before}次，再改我这里定不了，要请信贷员当面跟您商量"
        step = replace(_step(today, said, "declined", objection, None, words), asked=True)
        return Negotiation((*state.steps, step), (), refused), Declined(standing.kind, words, "collector")
    found = adjust(loan, said, standing, objection, policy, today, [o.key for o in refused], below=state.last_given(objection))
    if isinstance(found, Declined) or not found.offers:
        why = found.why if isinstance(found, Declined) else found.declined[0].why if found.declined else "没有别的方案了"
        return Negotiation((*state.steps, replace(_step(today, said, "declined", objection, None, why), asked=True)), (), refused), found
    table = found.offers[:most]
    gave = given(objection, standing, table[0])
    kind: Answer = "explained" if objection == "trust" else "conceded" if objection else "offered"
    return Negotiation((*state.steps, replace(_step(today, said, kind, objection, table[0], table[0].why, gave), asked=True)), table, refused), found


def on_table(state: Negotiation, said: Said, offers: tuple[Offer, ...], today: date) -> Negotiation:
    """The negotiation with these plans on the table: one of those that lie there, chosen, or one of the member's own terms; the same ones change nothing."""
    if not offers or offers == state.table:
        return state
    if len(offers) == 1 and offers[0] in state.table:
        step = replace(_step(today, said, "chosen", None, offers[0], offers[0].why), pick=state.table.index(offers[0]))
    else:
        step = replace(_step(today, said, "own_terms", None, offers[0], offers[0].why), own=offers[0])
    return Negotiation((*state.steps, step), offers, state.refused)


def explain(step: Step) -> str:
    """Why an answer was given, for the audit trail and for whoever takes the case over."""
    begin = f"客户嫌{OBJECTION_WORDS[step.objection]}" if step.objection else "客户觉得不合适" if step.asked else BEGINNINGS.get(step.answer, "按客户所说")
    if step.kind is None or step.first is None:
        return f"{begin}，没有再让：{step.why}"
    plan = f"{KIND_WORDS[step.kind]}{step.parts}期，第一期{day_words(step.first, step.day)}，最多一期{speak(step.largest)}"
    gave = {"amount": f"每期少{speak(step.given)}", "start": f"晚{step.given:f}天", "length": f"差{step.given:f}期", "interest": f"省{speak(step.given)}"}
    concession = f"，让了：{gave[step.objection]}" if step.objection in gave and step.given else ""
    authority = "助手权限内" if step.approval == "assistant" else f"要{APPROVER_WORDS[step.approval or 'committee']}批准"
    return f"{begin}，提出{plan}{concession}（{authority}）：{step.why}"


def replay(steps: Iterable[Step], loan_on: Callable[[date], LoanFacts], policy: Policy, most_offers: int = 3, most_changes: int = 2) -> Negotiation:
    """The same negotiation made again from what its steps say was asked. `loan_on` gives the loan as it stood on a day."""
    state = Negotiation()
    for step in steps:
        if step.own is not None:
            state = on_table(state, step.said, (step.own,), step.day)
        elif step.answer == "chosen":
            state = on_table(state, step.said, (state.table[step.pick],), step.day)
        elif step.asked:
            state, _ = answer(state, loan_on(step.day), step.said, step.objection, policy, step.day, most_changes)
        else:
            state, _ = offer(state, loan_on(step.day), step.said, policy, step.day, most_offers)
    return state
