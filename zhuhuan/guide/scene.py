"""What every decision begins with: the member's file, what was just heard, and the acknowledgement it is owed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

import yaml

from zhuhuan.guide.hearing import day_to_come, hear, reason_told, wish_of
from zhuhuan.guide.turn import Desk, Memory, Outcome, Question, Say, Stage, Turn
from zhuhuan.loans.values import LoanFacts, MemberFile, OpenCase, RaiseFlag, Record
from zhuhuan.money import ZERO
from zhuhuan.plans.negotiation import Negotiation
from zhuhuan.plans.values import Said

FLAG_DAYS = 180  # own default: a flag on the file is looked at again after half a year (issue 6 makes it a parameter)
PERSONAL = ("income", "outgoings", "reason", "pay_day", "dependants", "other_debts")


@dataclass(frozen=True)
class Scene:
    """A verified turn with everything at hand. `loan` is None while it is open which of several is meant."""

    turn: Turn
    desk: Desk
    file: MemberFile
    memory: Memory
    loan: LoanFacts | None
    before: Memory

    @property
    def said(self) -> Said:
        return self.memory.said

    @property
    def negotiation(self) -> Negotiation:
        """The negotiation so far, as the plan room keeps it."""
        return Negotiation(self.memory.steps, self.memory.offers, self.memory.turned_down)

    def negotiated(self, state: Negotiation) -> Scene:
        """The scene that remembers where the negotiation stands now."""
        return replace(self, memory=self.memory.with_(steps=state.steps, offers=state.table, turned_down=state.refused))

    def outcome(self, *says: Say, stage: Stage | None = None, question: Question | None = None, why: str = "", **changes: object) -> Outcome:
        """An outcome of this scene: records go to the member's file, the pending question is replaced."""
        memory = self.memory.with_(question=question, stage=stage or self.memory.stage, **changes)
        return Outcome(says, memory, flags_heard(self), self.file.member.id, why)


def flags_heard(scene: Scene) -> tuple[Record, ...]:
    """Vulnerabilities told in this message, for the file."""
    known = {flag.kind for flag in scene.file.flags}
    until = scene.turn.today + timedelta(days=FLAG_DAYS)
    lasting = ("serious_illness", "bereavement", "elderly_or_disabled", "minor_or_student", "abuse_victim", "fraud_victim", "self_harm", "violence",
               "legal_representation")
    return tuple(RaiseFlag(kind, "对话中提到", until) for kind in lasting if kind in scene.turn.understood.sure and kind not in known)


def loan_meant(turn: Turn, file: MemberFile, memory: Memory) -> str | None:
    """Which loan the message is about: the one named, else the one under discussion, else the only overdue one."""
    overdue = file.overdue_loans
    for entity in turn.understood.values("loan"):
        if entity.value and (found := match_loan(entity.value, overdue or file.loans)):
            return found
    if turn.question == "which_loan" and (found := match_loan(turn.understood.text, overdue or file.loans)):
        return found
    if memory.loan_id:
        others = [loan for loan in overdue if loan.loan_id != memory.loan_id]
        return others[0].loan_id if len(others) == 1 and OTHER.search(turn.understood.text) else memory.loan_id
    return overdue[0].loan_id if len(overdue) == 1 else None


OTHER = re.compile(r"另(?:外|一|個)[^,，。]{0,3}[笔个筆]|还有(?:那|一)[^,，。]{0,2}[笔个]|剩下那[笔个]")
PLACES = {"第一": 0, "头一": 0, "前面": 0, "第二": 1, "后面": 1, "第三": 2, "1": 0, "2": 1, "一": 0, "二": 1}


def match_loan(words: str, loans: tuple[LoanFacts, ...]) -> str | None:
    """The loan whose product, sum or place in the list the words name; None where none or several fit."""
    for place, index in PLACES.items():
        if (words == place or (place in words and len(place) > 1)) and index < len(loans):
            return loans[index].loan_id
    for fits in ([x for x in loans if _shares_word(words, x.product)], [x for x in loans if _known_by(words, x.product)]):
        if len(fits) == 1:
            return fits[0].loan_id
    digits = re.sub(r"[^\d.]", "", words)
    sums = [loan for loan in loans if digits and str(loan.overdue_amount).startswith(digits.rstrip("."))]
    if len(sums) == 1:
        return sums[0].loan_id
    if re.search(r"少的|小的", words):
        return min(loans, key=lambda loan: loan.overdue_amount).loan_id
    if re.search(r"多的|大的", words):
        return max(loans, key=lambda loan: loan.overdue_amount).loan_id
    return None


# What members call a loan by: what it was taken for, not what the contract calls it.
CALLED = {"种植": "种|地里|庄稼|花生|苞米|玉米|麦|稻|果|菜|大棚|农资|化肥", "养殖": "养|猪|牛|羊|鸡|鸭|鱼|虾", "经营": "店|生意|买卖|厂|进货|周转",
          "车": "车", "房": "房|装修", "学": "学|读书|念书", "农机": "农机|拖拉机|收割机", "消费": "消费|花销|家电|手机"}


def _known_by(words: str, product: str) -> bool:
    return any(core in product and re.search(names, words) for core, names in CALLED.items())


def _shares_word(words: str, product: str) -> bool:
    core = re.sub(r"个人|农户|贷款|贷|的|那笔", "", product)
    return bool(core) and (core in words or any(core[i : i + 2] in words for i in range(len(core) - 1)))


def begin(turn: Turn, desk: Desk) -> Scene:
    """The scene of a verified turn: file read, loan chosen, message heard.

    Raises LookupError where memory names a member whom the book does not hold.
    """
    memory = turn.memory
    file = desk.book.file_of(memory.member_id or "", turn.today)
    if file is None:
        raise LookupError(f"no member {memory.member_id!r} in the loan book")
    loan_id = loan_meant(turn, file, memory)
    said = memory.said
    if memory.loan_id and loan_id != memory.loan_id:
        said = Said(**{name: getattr(said, name) for name in PERSONAL})  # another loan: what was said of the person stays, of the plan goes
        memory = memory.with_(offers=(), turned_down=(), steps=(), wish=None, agreed=False)
    loan = file.loan(loan_id) if loan_id else None
    arrears = loan.overdue_amount if loan else sum((one.overdue_amount for one in file.overdue_loans), ZERO)
    wish = wish_of(turn.understood, turn.question, memory.wish)
    about = "outgoings" if turn.question == "means" and memory.asked[-1:] == ("outgoings",) else turn.question
    said = hear(said, turn.understood, about, wish, arrears, turn.today, memory.mentioned)
    mentioned = day_to_come(turn.understood, turn.today) or memory.mentioned
    memory = memory.with_(said=said, wish=wish, loan_id=loan_id, last_seen=turn.now, mentioned=mentioned)
    return Scene(turn, desk, file, memory, loan, turn.memory)


@lru_cache(maxsize=1)
def _echoes() -> dict[str, dict[str, str]]:
    """echoes.yml: words of the member by reason, and the acknowledgement that names them."""
    text = files("zhuhuan.guide").joinpath("echoes.yml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def reason_of(turn: Turn) -> str | None:
    """The hardship to answer with feeling: a loss or illness told comes before the reason's own name."""
    if "bereavement" in turn.understood.risk:
        return "bereavement"
    return reason_told(turn.understood)


def echo(reason: str, text: str) -> str:
    """Name of the acknowledgement for a reason told in these words (guide 3.1: it names what was said)."""
    for name, words in _echoes().get(reason, {}).items():
        if re.search(words, text):
            return f"utter_ack_{reason}_{name}"
    return f"utter_ack_{reason}"


def acknowledge(turn: Turn, memory: Memory) -> tuple[tuple[Say, ...], Memory]:
    """What was told is answered with feeling first, once each (guide 3.1); nothing of it names a debt, so it may come before verification."""
    if "self_harm" in turn.understood.risk - turn.understood.sure and "gentle_check" not in memory.acknowledged and not reason_of(turn):
        return (Say("utter_gentle_check"),), memory.with_(acknowledged=(*memory.acknowledged, "gentle_check"))
    reason = reason_of(turn)
    if reason and reason not in ("unwilling", "disputed"):
        name = echo(reason, turn.understood.text)
        if name not in memory.acknowledged:
            return (Say(name),), memory.with_(acknowledged=(*memory.acknowledged, name))
    emotion = turn.understood.emotion
    if emotion in ("anxious", "sad") and turn.understood.intensity >= 0.4:
        recent = memory.acknowledged[-2:]
        name = f"utter_ack_{emotion}"
        if name not in recent:
            return (Say(name),), memory.with_(acknowledged=(*memory.acknowledged, name))
    return (), memory


def hardship(scene: Scene, about: str) -> tuple[Record, ...]:
    """A hardship case for people in need whose plan is open-ended (guide 3.1)."""
    if {"bereavement", "serious_illness", "elderly_or_disabled"} & (scene.turn.understood.risk | {f.kind for f in scene.file.flags}):
        return (OpenCase("hardship", about, scene.loan.loan_id if scene.loan else None),)
    return ()


def acknowledged(scene: Scene) -> tuple[tuple[Say, ...], Scene]:
    """The acknowledgement of this message and the scene that remembers it."""
    says, memory = acknowledge(scene.turn, scene.memory)
    return says, replace(scene, memory=memory)
