"""To a person: the case written up with everything said, so that nobody has to tell it twice (guide 6.3)."""

from __future__ import annotations

from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Outcome, Say
from zhuhuan.loans.values import CaseKind, OpenCase
from zhuhuan.money import speak
from zhuhuan.plans.negotiation import Step, explain
from zhuhuan.plans.values import Said

REASONS = {
    "unemployment": "失业", "income_drop": "收入减少", "illness": "本人伤病", "family_emergency": "家里有事", "business_loss": "生意亏损", "crop_disaster": "种养受灾",
    "over_indebted": "债务较多", "forgot": "忘记", "payment_failure": "扣款失败", "not_informed": "不知情", "away": "人在外地", "for_someone_else": "替他人借款",
    "disputed": "有异议", "unwilling": "不愿还", "other": "其他",
}


def write_up(said: Said) -> str:
    """What the member said, as a person needs it."""
    told = [("原因", REASONS.get(said.reason or "")), ("每月最多", said.at_most_month and speak(said.at_most_month)), ("每期", said.each and speak(said.each)),
            ("从", said.start and str(said.start)), ("到", said.until and str(said.until)), ("期数", said.periods), ("缓", said.defer_months and f"{said.defer_months}个月"),
            ("收入", said.income and f"{speak(said.income.low)}到{speak(said.income.high)}/{said.income.per}"), ("支出", said.outgoings and speak(said.outgoings)),
            ("别处贷款每月", said.other_debts and speak(said.other_debts)), ("靠这份收入的人", said.dependants)]
    return "，".join(f"{name}：{value}" for name, value in told if value)


def negotiated(steps: tuple[Step, ...]) -> str:
    """What was offered and objected to, so that nobody offers it again."""
    return "；".join(f"{number}. {explain(step)}" for number, step in enumerate(steps, 1))


def case_of(scene: Scene, kind: CaseKind, about: str) -> OpenCase:
    """A case of this kind with everything said."""
    told = "；".join(part for part in (write_up(scene.said), negotiated(scene.memory.steps)) if part)
    return OpenCase(kind, f"{about}。{told}" if told else about, scene.loan.loan_id if scene.loan else None)


def to_person(scene: Scene, about: str, *lead: Say, kind: CaseKind = "hand_over") -> Outcome:
    """Hand the conversation over: the case opened, the member told who comes back and when."""
    out = scene.outcome(*lead, Say("utter_to_person", house_facts(scene.desk)), stage="close", why=about)
    return out.writing(case_of(scene, kind, about))
