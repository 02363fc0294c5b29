"""What a message is about although its intent says something else, by what is going on: a payment being looked into, plans on the table, a paper wanted.

These are few and each needs its own words in the message; everything else is Rasa's rules' to decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from zhuhuan.guide.dispute import open_claim
from zhuhuan.guide.offers import compare
from zhuhuan.guide.scene import Scene, begin
from zhuhuan.guide.turn import Desk, Outcome, Say, Turn
from zhuhuan.loans.values import IssueNotice

PAID = re.compile(r"扣(?:了|过|款|走)|转(?:了|过去|过)|[还交存汇]过|[还交存汇打]了|到账|划走|入账")
CHEAPER = re.compile(r"(?:哪|那)(?:个|种|样|一个).{0,6}(?:便宜|划算|省|少|合算|利息|好)|(?:利息|花钱|花费|花的).{0,4}(?:最)?少")
WRITTEN = re.compile(r"书面|纸质|纸面|白纸黑字|打印|盖章|协议|单子给我|写下来|写个(?:条|东西)|凭证")
Decide = TypeVar("Decide", bound=Callable[[Turn, Desk], Outcome])


def detour(scene: Scene) -> Outcome | None:
    """The decision that what is going on calls for; None where the intent's own one stands."""
    text = scene.turn.understood.text
    if scene.loan is None:
        return None
    if scene.before.stage == "inform" and scene.file.open_cases("claim_paid") and PAID.search(text):
        return open_claim(scene)
    if len(scene.memory.offers) > 1 and scene.turn.question == "accept_plan" and CHEAPER.search(text):
        return compare(scene)
    if WRITTEN.search(text) and (scene.memory.agreed or scene.memory.offers):
        return written(scene)
    return None


def written(scene: Scene) -> Outcome:
    """A paper of what was agreed: drafted now, never claimed as sent (guide 6.1, 7)."""
    assert scene.loan is not None
    question = scene.turn.question if scene.turn.question == "accept_plan" else None
    says = (Say("utter_written", {"branch": scene.desk.house.branch}), *((Say("utter_back_accept_plan"),) if question else ()))
    return scene.outcome(*says, question=question, why="written form asked").writing(IssueNotice("agreement", scene.loan.loan_id))


def detoured(decide: Decide) -> Decide:
    """A decision that looks first at what is going on."""

    @wraps(decide)
    def first(turn: Turn, desk: Desk) -> Outcome:
        return (detour(begin(turn, desk)) if turn.memory.verified else None) or decide(turn, desk)

    return cast(Decide, first)
