"""Whole conversations: whatever variants are picked, every fact is filled in and one question a turn is asked at most."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.carrying import house_facts_of
from zhuhuan.guide.turn import Channel, Entity, Outcome

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("talking_for_responses", ROOT / "tests/guide/talking.py")
assert spec and spec.loader
talking = importlib.util.module_from_spec(spec)
spec.loader.exec_module(talking)

RESPONSES: dict[str, list[dict[str, Any]]] = {}
for file in sorted((ROOT / "data/responses").glob("*.yml")):
    RESPONSES |= yaml.safe_load(file.read_text(encoding="utf-8"))["responses"]

Step = tuple[Any, str, str, dict[str, Any]]


def amount(value: str, bound: str = "exact", per: str | None = None) -> dict[str, Any]:
    return {"entities": (Entity("amount", value, 2, 4, bound, per),)}


def day(value: str) -> dict[str, Any]:
    return {"entities": (Entity("date", value, 0, 4),)}


guide_open, understand, inform, solve = talking.open, talking.understand, talking.inform, talking.solve
adjust, refused, close, dispute = talking.adjust, talking.refused, talking.close, talking.dispute
de_escalate, care = talking.de_escalate, talking.care
PROVED: Step = (
    guide_open.verification,
    "provide_verification",
    "4410 90年2月8号",
    {"entities": (Entity("id_tail", "4410"), Entity("birth_date", "1990-02-08"))},
)
PAUSE = {"reason": "unemployment", "entities": (Entity("duration", "3", 0, 3, None, None, "month"),)}
CONVERSATIONS: dict[str, list[Step]] = {
    "who gives the reason and a maximum gets plans": [
        (guide_open.greet, "greet", "你好", {}),
        PROVED,
        (understand.reason, "state_reason", "厂里三个月没发工资了", {"reason": "income_drop"}),
        (understand.means, "state_means", "最多八百", amount("800.00", "at_most", "month")),
        (solve.ask_options, "ask_plan_options", "哪个利息少", {}),
        (solve.hedged, "affirm", "都行", {}),
        (adjust.reject, "reject_plan", "太多了", {}),
        (solve.accept, "accept_plan", "行", {}),
        (close.thank, "thank", "谢谢", {}),
        (close.goodbye, "goodbye", "再见", {}),
    ],
    "questions in between lead back each time": [
        PROVED,
        (understand.reason, "state_reason", "我妈住院了", {"reason": "family_emergency", "emotion": "sad"}),
        (inform.overdue_details, "ask_overdue_details", "欠多少", {}),
        (inform.consequences, "ask_consequences", "会抓我吗", {"emotion": "anxious"}),
        (inform.charges, "ask_charges", "罚息怎么算", {}),
        (inform.how_to_pay, "ask_how_to_pay", "怎么还", {}),
        (dispute.complain, "complain", "投诉", {}),
        (close.out_of_scope, "out_of_scope", "天气", {}),
        (guide_open.verified_purpose, "ask_purpose", "问这个干啥", {}),
        (guide_open.verified_who, "ask_who", "你哪位", {}),
        (close.ask_repeat, "ask_repeat", "没听清", {}),
        (close.clarify, "nlu_fallback", "那个", {}),
        (understand.not_telling, "deny", "不知道", {}),
        (solve.waiver, "request_waiver", "罚息能免吗", {}),
        (close.ask_human, "ask_human", "转人工", {}),
    ],
    "who promises before verification is answered after it": [
        (guide_open.hold, "promise_to_pay", "15号还", day("2026-12-15")),
        PROVED,
        (solve.wish, "promise_to_pay", "15号还", day("2026-12-15")),
        (adjust.terms, "propose_terms", "改18号", day("2026-12-18")),
        (close.yes, "affirm", "好", {}),
    ],
    "a part now asks for its day": [
        PROVED,
        (solve.wish, "offer_partial", "先还五百", amount("500.00")),
        (solve.wish, "promise_to_pay", "12月10号", day("2026-12-10")),
        (solve.accept, "accept_plan", "好", {}),
    ],
    "a delay needs approval": [
        PROVED,
        (solve.wish, "request_deferral", "缓三个月", PAUSE),
        (adjust.reject, "reject_plan", "不合适", {}),
        (adjust.nothing_to_object, "deny", "没有", {}),
        (solve.settlement, "request_settlement", "一次还清能少点不", {}),
    ],
    "a claim and a dispute are taken": [
        PROVED,
        (dispute.claim_paid, "claim_paid", "还了一千", amount("1000.00")),
        (dispute.claim_paid, "claim_paid", "还有2600", amount("2600.00")),
        (dispute.dispute_debt, "dispute_debt", "不是我办的", {}),
        (dispute.dispute_debt, "dispute_debt", "我哥用的", {"reason": "for_someone_else"}),
    ],
    "a relative learns nothing": [
        (guide_open.third_party, "third_party", "他坐牢了 我是他妈", {"reason": "away"}),
        (guide_open.third_party, "third_party", "我替他还 多少钱", {}),
        (guide_open.hold, "ask_overdue_details", "欠多少", {}),
        PROVED,
    ],
    "anger, a stop and a refusal are honoured": [
        (de_escalate.angry, "vent_anger", "吸血鬼", {}),
        (de_escalate.angry, "vent_anger", "滚", {}),
        (refused.need_time, "need_time", "开车呢", {}),
        (refused.stop_contact, "stop_contact", "有事发短信 不要来电", {}),
        (refused.refuse_to_talk, "refuse_to_talk", "不想说", {}),
        PROVED,
        (refused.refuse_to_pay, "refuse_to_pay", "不还", {}),
    ],
    "despair and danger come before money": [
        PROVED,
        (de_escalate.distress, "express_distress", "撑不住了", {"emotion": "sad"}),
        (de_escalate.distress, "express_distress", "想死", {"risk": ("self_harm",)}),
        (care.at_once, "thank", "没事了 谈还款吧", {}),
    ],
}


def filled(talk: Any, outcome: Outcome, channel: Channel) -> list[list[str]]:
    """Every variant of every response of a turn, filled; raises KeyError where a fact is missing."""
    out = []
    for say in outcome.says:
        own = [v for v in RESPONSES[say.response] if v.get("channel") == channel] or [
            v for v in RESPONSES[say.response] if "channel" not in v
        ]
        out.append([v["text"].format_map({**house_facts_of(talk.house), **say.facts}) for v in own])
    return out


@pytest.mark.parametrize("channel", ["chat", "sms", "assist"])
@pytest.mark.parametrize("title", list(CONVERSATIONS))
def test_each_turn_is_filled_and_asks_one_question_at_most(title: str, channel: Channel, tmp_path: Path) -> None:
    talk = talking.Talk(tmp_path, channel=channel)
    for decide, intent, text, heard in CONVERSATIONS[title]:
        said = filled(talk, talk.hear(decide, intent, text, **heard), channel)
        assert said, f"nothing is said to {text}"
        assert sum(max(t.count("？") for t in variants) for variants in said) <= 1, said
        assert not any(re.search(r"[{}]|None|。。|，。|：。", t) for variants in said for t in variants), said
