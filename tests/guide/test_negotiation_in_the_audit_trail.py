"""What the audit trail keeps of a negotiation is enough to hold it again and to say why each offer was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import parse_obj_as
from talking import Talk, adjust, said, solve

from zhuhuan.guide.remember import negotiated
from zhuhuan.guide.turn import Entity, Memory
from zhuhuan.loans.book import LoanBook
from zhuhuan.plans.negotiation import Step, replay


def test_the_steps_of_all_turns_are_the_negotiation_again(tmp_path: Path) -> None:
    talk, trail = Talk(tmp_path), []

    def turn(decide: Any, intent: str, text: str, *entities: Entity) -> None:
        before: Memory = talk.memory
        talk.hear(decide, intent, text, entities=entities)
        trail.extend(json.loads(json.dumps(negotiated(before, talk.memory), ensure_ascii=False)))  # as the audit event keeps it

    talk.verify()
    turn(solve.ask_options, "ask_plan_options", "有啥办法")
    turn(adjust.reject, "reject_plan", "每期太多了 还不起")
    turn(adjust.reject, "reject_plan", "还是多")
    assert len(trail) == 3
    assert [step["explained"][:3] for step in trail] == ["按客户", "客户嫌", "客户嫌"] and "让了：每期少" in trail[1]["explained"]
    kept = [parse_obj_as(Step, {name: value for name, value in step.items() if name != "explained"}) for step in trail]
    with LoanBook(talk.url) as book:
        again = replay(kept, lambda day: book.file_of(talk.member, day).loans[0], talk.policy)
    assert (again.table, again.refused, again.steps) == (talk.memory.offers, talk.memory.turned_down, talk.memory.steps)


def test_who_takes_the_case_over_reads_what_was_offered_and_objected_to(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    talk.verify()
    talk.hear(solve.ask_options, "ask_plan_options", "有啥办法")
    for _ in range(6):
        told = talk.hear(adjust.reject, "reject_plan", "每期太多了 还不起")
        if "utter_to_person" in said(told):
            break
    [case] = [c for c in talk.book["cases"] if c["kind"] == "hand_over"]
    assert "1. 按客户所说，提出" in case["about"] and "客户嫌每期太多，提出" in case["about"] and "没有再让" in case["about"]
