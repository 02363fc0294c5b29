"""Whole negotiations over HTTP (negotiations.yml): the right arrangement, the right hand-over or a courteous no, checked in the loan book.

Beside what each of them asks for, every turn is held against conversation.md: nothing before verification, one question at most, nothing asked
twice, plans that add up and keep what was said, no refused plan again, no sum that is neither in the book nor in a plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from running import TODAY, ZONE, Running

from zhuhuan.guide.remember import recall
from zhuhuan.guide.turn import Memory
from zhuhuan.loans.accounts import account_facts
from zhuhuan.loans.values import Arrangement, LoanFacts, Member, MemberFile, Part, Promise
from zhuhuan.money import ZERO, split, yuan
from zhuhuan.plans.affordability import affordable
from zhuhuan.plans.policy import load_policy
from zhuhuan.plans.values import Offer, Said
from zhuhuan.serve.pace import Pace

HERE = Path(__file__).parent
SENTENCES = (*(HERE.parents[1] / "data").rglob("*.yml"), *(HERE.parent / "heldout").iterdir())
POLICY = load_policy()
DEBT = re.compile(r"逾期|欠|贷款|罚息|还款|借款|应还|催|征信|本金|利息|\d{3,}\.\d\d")
THREAT = re.compile(r"坐牢|拘留|抓你|后果自负|老赖|限你|黑名单")
BORROWING = re.compile(r"(?:找|跟|向|问)(?:亲戚|朋友|熟人|别人).{0,3}(?:借|凑)|网贷")
SUM = re.compile(r"(\d[\d,]*(?:\.\d+)?)元")
APPROVAL = re.compile(r"批|点头|审|信贷员|主管")
SMS_LENGTH = 210
MOVED_SHARE = Decimal("0.05")  # a part of a plan with interest may change by so much of itself when only its day moves
HANDED = {"hand_over", "waiver", "hardship"}
TURN_KEYS = {"member", "gap_days", "at", "only_if", "has", "has_not", "tells", "refuses", "concedes", "nothing", "stands", "largest"}
PLAN_KEYS = {"loan", "kind", "status", "approval", "parts", "largest", "first_largest", "first_from", "first_by", "last_by", "weekday", "months", "total"}
END_KEYS = {"standing", "cases", "notices", "paused", "superseded", "cancelled", "consents", "handed"}


def _read() -> list[dict[str, Any]]:
    return yaml.load((HERE / "negotiations.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


NEGOTIATIONS = _read()


@dataclass(frozen=True)
class Agreed:
    """What stands for a loan: an arrangement, or a promise as a plan of one part."""

    loan: str
    kind: str
    status: str
    approval: str
    schedule: tuple[Part, ...]
    total: Decimal
    cost: Decimal


def agreed(what: Arrangement | Promise) -> Agreed:
    if isinstance(what, Promise):
        return Agreed(what.product, "promise", "active" if what.status == "open" else what.status, "assistant", (Part(what.due, what.amount),), what.amount, ZERO)
    return Agreed(what.product, what.kind, what.status, what.approval, what.schedule, what.total, what.cost)


def standing(file: MemberFile) -> list[Agreed]:
    return [agreed(a) for a in file.arrangements if a.standing] + [agreed(p) for p in file.promises if p.status == "open"]


def amounts(value: Any) -> Iterator[Decimal]:
    """Every Decimal inside a value of frozen dataclasses, mappings and tuples."""
    if isinstance(value, Decimal):
        yield value
    elif is_dataclass(value):
        yield from chain.from_iterable(amounts(getattr(value, f.name)) for f in fields(value))
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(amounts, value.values()))
    elif isinstance(value, tuple | list):
        yield from chain.from_iterable(map(amounts, value))


def known_sums(file: MemberFile, memory: Memory, heard: Mapping[str, Any], today: date) -> set[Decimal]:
    """The sums that a reply may name: of the book, of plans and words remembered, of the message, and what follows from them."""
    said = memory.said
    sums = {*amounts(file), *amounts(replace(memory, last_says=())), sum((loan.overdue_amount for loan in file.overdue_loans), ZERO)}
    for entity in heard["entities"]:
        if entity["entity"] == "amount" and entity["value"] and entity.get("bound") != "fraction":
            sums |= {Decimal(v) for v in entity["value"].split("/")}
    for loan in file.loans:
        terms = POLICY.terms(loan.product, loan.days_past_due, today)
        debts = {loan.overdue_amount} | ({loan.owed.payoff} if loan.owed else set())
        sums |= {Decimal(limit.minimum_part) for limit in terms.limits}
        sums |= {a for a in (affordable(said, terms, file.member.region),) if a is not None}
        sums |= {abs(debt - named) for debt in debts for named in (*amounts(said), memory.claimed or ZERO)}
        if said.periods:
            sums |= {part for debt in debts for part in split(debt, said.periods)}
            sums |= {found for each in (said.each,) if each for found in (each * said.periods, *(debt - each * said.periods for debt in debts))}
    return {yuan(s) for s in sums}


class Talk:
    """One negotiation as it goes: what was said, what was on the table, and every fault found."""

    def __init__(self, server: Running, negotiation: Mapping[str, Any]) -> None:
        self.server, self.negotiation = server, negotiation
        self.channel = negotiation.get("channel", "chat")
        self.who = server.account(negotiation["account"])
        self.clock = Pace(TODAY, ZONE)
        self.memory = Memory()
        self.last: list[str] = []
        self.refused: set[tuple[Part, ...]] = set()
        self.gave: dict[str, Decimal] = {}
        self.arrears: dict[str, Decimal] = {}
        self.told: set[str] = set()
        self.known: list[Agreed] = []
        self.faults: list[str] = []
        self.lines: list[str] = []

    def check(self, holds: object, fault: str) -> None:
        if not holds:
            self.faults.append(f"{self.lines[-1] if self.lines else ''}  <<  {fault}")

    def hold(self) -> Talk:
        for number, turn in enumerate(self.negotiation["turns"], 1):
            if turn.get("only_if", self.memory.question) == self.memory.question:
                self.turn(number, turn)
        self.ends(self.negotiation["ends"])
        return self

    def turn(self, number: int, turn: Mapping[str, Any]) -> None:
        now = self.clock.next(int(turn.get("gap_days", 0)), None)
        before, replies = self.memory, self.server.say(self.who, turn["member"], now=now, channel=self.channel)
        tracker, file = self.server.tracker(self.who), self.server.file(self.who)
        heard = self.server.understood(self.who)
        self.memory = recall(tracker["slots"]["memory"])
        said = "\n".join(replies)
        self.lines.append(f"{number}. {turn['member']}  [{heard['intent']['name']} {heard['intent']['confidence']:.2f}]\n   -> {said}")
        self.conduct(replies, said, file)
        self.figures(said, before, file, heard, now.date())
        self.table(before, turn)
        self.book(said, file)
        self.asked_for(said, turn, file)
        self.last = replies

    def conduct(self, replies: list[str], said: str, file: MemberFile) -> None:
        """Courtesy, privacy, one question, nothing asked twice (conversation.md, Always)."""
        self.check(replies, "no answer")
        self.check(replies != self.last, "the last reply word for word")
        self.check(len(re.findall(r"[？?]", said)) <= 1, "more than one question")
        self.check(not THREAT.search(said) and not BORROWING.search(said), "a threat, or advice to borrow")
        if not self.memory.verified:
            self.check(not DEBT.search(said), "a hint of the debt before verification")
        if self.channel == "sms":
            self.check(all(len(reply) <= SMS_LENGTH for reply in replies), "too long for SMS")
        told = self.memory.said
        self.check(self.memory.question != "reason" or not told.reason, "the reason is asked for again")
        self.check(self.memory.question != "means" or not (told.at_most_month or told.at_most_week or told.income or told.each), "the means are asked for again")
        self.told |= {loan.loan_id for loan in file.overdue_loans if f"{loan.overdue_amount:.2f}" in said}

    def figures(self, said: str, before: Memory, file: MemberFile, heard: Mapping[str, Any], today: date) -> None:
        """Every sum in a reply is one of the book, of a plan, or follows from what was said."""
        known = known_sums(file, self.memory, heard, today) | known_sums(file, before, heard, today)
        strange = [s for s in SUM.findall(said) if yuan(s) not in known]
        self.check(not strange, f"sums from nowhere: {strange}")

    def table(self, before: Memory, turn: Mapping[str, Any]) -> None:
        """The plans on the table: they add up, keep what was said, and none that was refused comes again."""
        if turn.get("refuses"):
            self.refused |= {offer.schedule for offer in before.offers}
        told = self.memory.said
        for offer in self.memory.offers:
            self.check(sum((p.amount for p in offer.schedule), ZERO) == offer.total, "parts that do not add up")
            self.check(offer.schedule not in self.refused, f"a refused plan again: {plain(offer.schedule)}")
            self.check(not told.at_most_month or offer.notes or largest(offer.schedule) <= told.at_most_month, "a part above the member's maximum, unsaid")
            self.check(not told.start or told.parts or offer.notes or offer.schedule[0].due >= told.start, "a date before the member's start, unsaid")
            if limit := turn.get("largest"):
                self.check(largest(offer.schedule) <= yuan(limit), f"a part above {limit}: {plain(offer.schedule)}")
        if turn.get("largest"):
            self.check(self.memory.offers, "no plan on the table")
        if how := turn.get("concedes"):
            self.check(before.offers and self.memory.offers, "no plan before or after the objection")
            if before.offers and self.memory.offers:
                self.conceded(how, before.offers[0], self.memory.offers[0])

    def conceded(self, how: str, old: Offer, new: Offer) -> None:
        """Only what was objected to changed; each concession is smaller than the last."""
        was, now = old.schedule, new.schedule
        words = f"{plain(was)} -> {plain(now)}"
        if how == "same":
            self.check(was == now, f"the plan changed: {words}")
        elif how == "amount":
            gave = largest(was) - largest(now)
            self.check(gave > 0 and was[0].due == now[0].due, f"not smaller from the same day: {words}")
            self.check(gave < self.gave.get(how, gave + 1), f"no smaller concession than the last: {words}")
            self.gave[how] = gave
        elif how == "start":
            self.check(was[0].due < now[0].due and len(was) == len(now), f"not later in as many parts: {words}")
            self.check(abs(largest(was) - largest(now)) <= largest(was) * MOVED_SHARE, f"other sums: {words}")
        else:
            self.check(len(now) < len(was) if how == "shorter" else len(now) > len(was), f"not {how}: {words}")
            self.check(was[0].due == now[0].due, f"another first day: {words}")

    def book(self, said: str, file: MemberFile) -> None:
        """One agreement a loan; a new one is repeated, clears the arrears with its cost, and is told to wait where it does."""
        found = standing(file)
        for loan in {a.loan for a in found}:
            self.check(sum(a.loan == loan for a in found) == 1, f"{loan}: more than one agreement stands")
        for new in (a for a in found if a not in self.known and a.schedule not in self.given):
            loan = next(one for one in file.loans if one.product == new.loan)
            self.arrears[new.loan] = loan.overdue_amount
            self.check(loan.loan_id in self.told, "agreed before the arrears were told")
            self.check(f"{new.total:.2f}" in said or f"{new.schedule[0].amount:.2f}" in said, "the agreement is not repeated")
            self.check(new.status != "awaiting_approval" or APPROVAL.search(said), "nobody said that it needs approval")
        self.known = found

    @property
    def given(self) -> set[tuple[Part, ...]]:
        """Schedules that stood before the talk."""
        entries = self.negotiation["account"].get("arrangements", ())
        return {tuple(Part(date.fromisoformat(p["due"]), yuan(p["amount"])) for p in entry["schedule"]) for entry in entries}

    def asked_for(self, said: str, turn: Mapping[str, Any], file: MemberFile) -> None:
        """What this turn of the negotiation asks for."""
        self.check(re.search(turn.get("has", ""), said), f"without {turn.get('has')}")
        self.check("has_not" not in turn or not re.search(turn["has_not"], said), f"with {turn.get('has_not')}")
        self.check("nothing" not in turn or not standing(file), "something stands already")
        self.check("stands" not in turn or standing(file), "nothing stands yet")
        for name in turn.get("tells", ()):
            sums = [figure_of(name, loan) for loan in file.loans]
            self.check(any(f"{s:.2f}" in said for s in sums), f"{name} not told: {sums}")

    def ends(self, ends: Mapping[str, Any]) -> None:
        """The loan book at the end."""
        file = self.server.file(self.who)
        found = standing(file)
        self.lines.append("stands: " + ("; ".join(f"{a.loan} {a.kind} {a.status} ({a.approval}) {plain(a.schedule)} = {a.total}" for a in found) or "nothing")
                          + "; cases: " + ("; ".join(f"{c.kind}: {c.about}" for c in file.cases if c.status != "closed") or "none"))
        open_cases = {c.kind: c.about for c in file.cases if c.status != "closed"}
        if "handed" in ends:
            self.check(not any(a.status == "active" for a in found), "something is in force")
            self.check(set(open_cases) <= HANDED, f"cases: {sorted(open_cases)}")
            self.check(re.search(ends["handed"], " ".join([*open_cases.values(), *(a.kind for a in found)])), f"nobody has it: {ends['handed']}")
        else:
            cases = ends.get("cases", {})
            self.check(set(open_cases) - {"hardship"} == set(cases), f"cases: {sorted(open_cases)} instead of {sorted(cases)}")
            for kind, words in cases.items():
                self.check(re.search(words, open_cases.get(kind, "")), f"the case {kind} does not say {words}")
            self.check(len(found) == len(ends["standing"]), f"{len(found)} agreements stand instead of {len(ends['standing'])}")
            for wanted in ends["standing"]:
                for one in (a for a in found if a.loan == wanted.get("loan", a.loan)):
                    self.stands(one, wanted)
        self.check(set(ends.get("notices", ())) <= {n.kind for n in file.notices}, f"notices: {[n.kind for n in file.notices]}")
        self.check("paused" not in ends or (file.contact.paused_until or TODAY) > TODAY, "contact is not paused")
        for status in ("superseded", "cancelled"):
            number = sum(a.status == status for a in (*file.arrangements, *file.promises))
            self.check(number == int(ends.get(status, number)), f"{number} {status}")
        self.check(len(file.contact.consents) == int(ends.get("consents", 0)), f"consents: {file.contact.consents}")

    def stands(self, one: Agreed, wanted: Mapping[str, Any]) -> None:
        """An agreement in the book against what it should be."""
        schedule, total, arrears = one.schedule, sum((p.amount for p in one.schedule), ZERO), self.arrears.get(one.loan, ZERO)
        self.check(one.total == total == (yuan(wanted["total"]) if "total" in wanted else arrears + one.cost), f"total {one.total}, parts {total}, arrears {arrears}, cost {one.cost}")
        self.check(one.status == ("active" if one.approval == "assistant" else "awaiting_approval"), f"{one.status} with approval {one.approval}")
        self.check(schedule not in self.refused, "a refused plan stands")
        days = [p.due for p in schedule]
        self.check(days == sorted(set(days)) and days[0] >= TODAY, "days that do not rise")
        kinds = wanted.get("kind", one.kind)
        few, _, many = wanted.get("parts", str(len(schedule))).partition("-")
        kept = {
            "kind": one.kind in ([kinds] if isinstance(kinds, str) else kinds),
            "status": one.status == wanted.get("status", one.status),
            "approval": one.approval == wanted.get("approval", one.approval),
            "parts": int(few) <= len(schedule) <= int(many or few),
            "largest": largest(schedule) <= yuan(wanted.get("largest", largest(schedule))),
            "first_largest": schedule[0].amount <= yuan(wanted.get("first_largest", schedule[0].amount)),
            "first_from": days[0] >= date.fromisoformat(wanted.get("first_from", "2000-01-01")),
            "first_by": days[0] <= date.fromisoformat(wanted.get("first_by", "9999-12-31")),
            "last_by": days[-1] <= date.fromisoformat(wanted.get("last_by", "9999-12-31")),
            "weekday": all(str(day.isoweekday()) == wanted.get("weekday", str(day.isoweekday())) for day in days),
            "months": all(str(day.month) in wanted.get("months", [str(day.month)]) for day in days),
        }
        for name, holds in kept.items():
            self.check(holds, f"{name} is not {wanted.get(name)}: {one.kind} {one.status} {plain(schedule)}")


def largest(schedule: tuple[Part, ...]) -> Decimal:
    return max(p.amount for p in schedule)


def plain(schedule: tuple[Part, ...]) -> str:
    return ", ".join(f"{p.due:%y-%m-%d} {p.amount}" for p in schedule)


def figure_of(name: str, loan: LoanFacts) -> Decimal:
    """A figure of the loan on the day: arrears, penalty, or what settles it."""
    if name == "arrears" or loan.owed is None:
        return loan.overdue_amount
    return loan.owed.penalty if name == "penalty" else loan.owed.payoff


@pytest.mark.server
@pytest.mark.parametrize("negotiation", NEGOTIATIONS, ids=[f"{n['id']} {n['title']}" for n in NEGOTIATIONS])
def test_a_negotiation_ends_as_it_should(server: Running, negotiation: dict[str, Any]) -> None:
    talk = Talk(server, negotiation).hold()
    print("\n".join([f"=== {negotiation['id']} {negotiation['title']}", *talk.lines]))
    assert not talk.faults, "\n".join(talk.faults)


def test_a_sum_of_nobody_is_found_out() -> None:
    account = next(n["account"] for n in NEGOTIATIONS if n["id"] == "n07")
    loan = account_facts(account["loans"][0], TODAY, "L1")
    file = MemberFile(Member("M1", account["name"], account["id_tail"], date(1974, 8, 15), "19900010000"), (loan,))
    known = known_sums(file, Memory(said=Said(periods=3)), {"entities": []}, TODAY)
    assert {yuan("3199.66"), yuan("4244.87"), split(loan.overdue_amount, 3)[0]} <= known and yuan("3199.67") not in known


def test_every_key_of_a_negotiation_is_looked_at() -> None:
    for one in NEGOTIATIONS:
        assert set(one) <= {"id", "title", "account", "channel", "turns", "ends"}, one["id"]
        assert set().union(*one["turns"]) <= TURN_KEYS, one["id"]
        assert set(one["ends"]) <= END_KEYS and ("handed" in one["ends"]) != ("standing" in one["ends"]), one["id"]
        assert set().union(*one["ends"].get("standing", [])) <= PLAN_KEYS, one["id"]


def test_there_are_thirty_of_them_and_each_is_one_of_a_kind() -> None:
    assert len(NEGOTIATIONS) >= 30
    for name in ("id", "title"):
        assert len({n[name] for n in NEGOTIATIONS}) == len(NEGOTIATIONS)


def test_no_long_sentence_was_learnt_or_held_out_elsewhere() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in SENTENCES)
    known = set(re.findall(r'"text": ?"([^"]*)"|text: "([^"]*)"', text))
    learnt = {a or b for a, b in known}
    ours = {turn["member"] for n in NEGOTIATIONS for turn in n["turns"] if len(turn["member"]) > 8}
    assert learnt and not ours & learnt
