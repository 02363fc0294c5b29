"""After an agreement or in the middle of one: taken back, stood by, waited for (conversation.md 15, 19, 20). Each needs its own words in the message."""

from __future__ import annotations

import re

from zhuhuan.guide.handing import to_person
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.settle import standing_words
from zhuhuan.guide.turn import Outcome, Say
from zhuhuan.loans.values import CancelStanding

TAKES_BACK = re.compile(r"(?:安排|方案|约定|刚才(?:说|定)的|那个|这个|真的?).{0,4}(?:不要了|不算了?|不干了|取消|撤|作废)|取消(?:吧|掉|那个|这个|刚才|安排)|撤(?:掉|了|销|回)|作废|当我没(?:说|答应)|我?反悔了|不作数")
LETS_GO = re.compile(r"^(?:哎|唉|那|嗯|，| )*(?:就)?算了(?:吧|算了)?[。！ ]*$")
STANDS_BY = re.compile(r"撑得住|扛得住|顶得住|吃得消|拿得出|没问题|能行|我(?:能|可以)(?:做到|办到)|就这么(?:定|办)|放心")
AWAITS = re.compile(r"(?:你|您|你们|您们)(?:就)?(?:先)?去问|问(?:妥|好|清楚|到|着)了?|等(?:你们?|您|回|消息|信|核|结果|答复|电话)|(?:核|查|批|算)好(?:了|的)?.{0,4}(?:再|告诉|说|找|数)|有(?:信|消息|结果|回音)了?.{0,4}(?:告诉|说|找|通知)")
AWAITED = ("waiver", "hand_over", "hardship")


def taken_back(scene: Scene) -> Outcome | None:
    """An agreement taken back: asked once, with where the plan stands; said again, it no longer stands. None where nothing of it was said."""
    text, standing = scene.turn.understood.text, standing_words(scene)
    if standing is None or scene.loan is None:
        return None
    plainly = bool(TAKES_BACK.search(text))
    if scene.turn.question == "confirm" and scene.memory.confirm == "cancel" and plainly:
        return cancel(scene)
    if plainly or (LETS_GO.match(text.strip()) and scene.before.agreed):
        return scene.outcome(Say("utter_ask_cancel", standing), question="confirm", confirm="cancel", why="taken back? asked once")
    return None


def cancel(scene: Scene) -> Outcome:
    """What was agreed is cancelled in the book; the way back is open."""
    assert scene.loan is not None
    out = scene.outcome(Say("utter_cancelled"), stage="close", confirm=None, agreed=False, offers=(), wish=None, why="agreement cancelled by the member")
    return out.writing(CancelStanding(scene.loan.loan_id))


def stood_by(scene: Scene) -> Outcome | None:
    """`撑得住` to the question whether it would not be too much: to a person, neither silently accepted nor refused."""
    if scene.turn.question == "confirm" and scene.memory.confirm == "beyond_means" and STANDS_BY.search(scene.turn.understood.text):
        return to_person(scene, "客户坚持的安排超过了所说的收支", Say("utter_beyond_means_person"))
    return None


def awaited(scene: Scene) -> Outcome | None:
    """`那你去问 问妥了再找我`: what was passed on is waited for; nothing more is asked."""
    if AWAITS.search(scene.turn.understood.text) and any(scene.file.open_cases(kind) for kind in AWAITED) and not scene.turn.understood.values("amount"):  # type: ignore[arg-type]
        return scene.outcome(Say("utter_result_told"), stage="close", why="waits for an answer")
    return None
