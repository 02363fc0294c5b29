"""Signals for the dialogue's rules that a sentence and its scene give: care needed before anything else, and a silence that was too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from zhuhuan.language.scene import Scene

SILENCE = timedelta(minutes=30)  # conversation.md 12: a parameter; a day at most

# Violence that the member, or a child at home, suffers. A flag raised by words such as 家暴 alone may be a quotation or a law question.
_AT_HOME = re.compile(
    r"家暴|(?:老公|丈夫|男人|对象|男朋友|前夫|前妻|老婆|媳妇|婆婆|公公|我?爸|我?妈|爹|娘|继父|后爸|继母|后妈|儿子|他|她|那口子|当家的|孩子爸|孩子他爸)"
    r".{0,12}(?:打|揍|掐|踢|踹|砍|扇|抽|烫|绑|锁|关|砸|虐|动手|拳|摁|拿刀|拖着|揪)|(?:被|挨).{0,6}(?:打|揍|掐|踢|踹|虐|锁|关)|打我|动手|不让.{0,4}(?:出门|出去|吃饭)"
)
# A fraud that still runs: what the member is asked to do has not been done yet.
_RUNNING = re.compile(
    r"安全账户|验证码|屏幕共享|共享屏幕|开会软件|腾讯会议|远程|下载.{0,6}(?:app|软件|会议)|保证金|解冻|认证金|刷流水|流水|做任务|刷单"
    r"|(?:让|叫|要|喊|催|说)(?:我|俺|咱)?.{0,10}(?:转|汇|打|存|交|垫|付|充|念|报|发).{0,10}(?:过去|给|钱|款|账|费|码|他|她|客服|元|块|万|千|现金)"
    r"|(?:还在|正在|马上|现在|刚才|等着|这会儿|在线).{0,10}(?:电话|转|汇|操作|客服|那头|等)",
    re.IGNORECASE,
)


def signals(text: str, risks: frozenset[str], sure: frozenset[str], scene: Scene) -> Iterator[tuple[str, str | bool]]:
    """(entity, value) pairs; `sure` are those of `risks` that are more likely than not, a faint sign changes no path: `care` is crisis, abuse or fraud; `lapsed` is False, the value that the slot `verified` takes."""
    if "self_harm" in sure:
        yield "care", "crisis"
    elif "abuse_victim" in sure and _AT_HOME.search(text):
        yield "care", "abuse"
    elif "fraud_victim" in risks and _RUNNING.search(text):
        yield "care", "fraud"
    if scene.verified and scene.last_seen is not None and scene.now - scene.last_seen > SILENCE:
        yield "lapsed", False
