"""The one question of a turn: put once, in other words the second time, never again once declined (conversation.md 5)."""

from __future__ import annotations

from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Outcome, Question, Say, Stage

STAGE_OF: dict[str, Stage] = {"reason": "understand", "means": "understand", "accept_plan": "solve", "objection": "adjust"}


def ask(scene: Scene, question: Question, *lead: Say, response: str | None = None, why: str = "", facts: dict[str, str] | None = None, **changes: object) -> Outcome:
    """Put a question after `lead`; the second time in other words (a response of its own). `facts` fill it."""
    again = question in scene.memory.asked
    name = response or (f"utter_ask_{question}_again" if again else f"utter_ask_{question}")
    asked = scene.memory.asked if again else (*scene.memory.asked, question)
    stage = STAGE_OF.get(question, scene.memory.stage)
    return scene.outcome(*lead, Say(name, facts or {}), question=question, stage=stage, why=why or f"asked {question}", asked=asked, **changes)
