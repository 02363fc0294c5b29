"""Which days that are said matter: those of paying, past or to come, and what is to be done then; not those of a story."""

from __future__ import annotations

import re
from datetime import date

from zhuhuan.language.values.utterance import PAYS, Utterance
from zhuhuan.language.values.value import Found

_NOT_REACHED = re.compile(r"(?:不|别|莫|没)(?:会|用|能|必|想|要)?(?:再)?(?:拖|等|挨|熬|撑)(?:不)?(?:到|过)$")  # 不会拖到下个月
_NOT_TODAY = re.compile("就?(?:没空|没时间|没工夫|不方便|不想|没心情)")
_BILL = re.compile("还款额|应还|账单|月供")  # 本月应还 is a name
_UNTIL_NOW = re.compile(r"(?:直到|到|说|道)今[天日儿]$|今天才$")
_MISFORTUNE = re.compile(
    r"(?:走|没|离|下岗|失业|关门|倒闭|摔|撞|歇业|离职|关|封|死|病|泡|淹|瘟|旱)(?:了|的)|去世|过世|病故|出事|查出"
)
_LOST = re.compile(r"(?:关门|倒闭|关停|裁员|下岗|失业|歇业|去世|病故|出事)了")
_STORY = re.compile(r"(?:才|刚|就)[^,，。]{0,3}(?:办|搬|换|查|知道|看|来|出)[^,，。]{0,4}[的了]|换了个|翻出|不在家|出门了|一个人[坐躺站]")
_WITHOUT = re.compile(r"没|不(?!少|过|论|管)|无|缺|差|忙|紧|冇|唔")  # 这个月没钱 tells of no day
_ACTS = re.compile(
    PAYS
    + r"|清|给|补|凑|到(?!处|现在|如今|头来|底)|结(?!婚)|发(?![现病烧愁生火炎])|领|拿|卖|出栏|塘|兑|收(?!拾)|摘|割|挖|钱|款|分期|开始|起|改|推|缓|延|拖|停|再|说"
    r"|联系|电话|来(?!着|的)|办|签|行|可以|能|回|答|谈|聊|见|问|一定|保证|肯定|前|吗|宽"
)


# What is said in despair, abuse or of something else tells of no day to pay on.
OF_NO_PAYMENT = frozenset({"express_distress", "vent_anger", "out_of_scope", "goodbye", "thank", "greet", "confirm_identity", "wrong_person"})
_NOW_ALONE = "今天就今天"  # a clause no longer than this says the day and nothing else


def _days(value: str) -> int:
    """Days from the first to the last of a range; 0 for a single day."""
    first, _, last = value.partition("/")
    return (date.fromisoformat(last) - date.fromisoformat(first)).days if last else 0


def matters(found: Found, u: Utterance) -> bool:
    """Whether a day counts.

    Past days only where money was or will be paid or due then (labels.md); this month or week only with paying in its clause;
    whole months and years of longer messages only with something to do in their clause; days of a misfortune not at all.
    """
    if _NOT_REACHED.search(u.line, 0, found.start):
        return False
    if found.value is None:
        return True
    words, today = u.words(found.start, found.end), u.today.isoformat()
    if found.value.split("/")[-1] < today:
        return u.pays(found.start, found.end)
    if u.setting.last_question is None and (_LOST.search(words) or _STORY.search(words)) and not u.pays(found.start, found.end):
        return False
    acts = _ACTS.search(words) is not None
    told = u.setting.intent in OF_NO_PAYMENT and not u.pays(found.start, found.end)
    if found.value == today:
        if u.line[found.end : found.end + 2] == "为止":
            return True
        return not (told or _UNTIL_NOW.search(u.line, 0, found.end) or _NOT_TODAY.match(u.line, found.end)) and (acts or u.setting.last_question is not None or len(words) <= len(_NOW_ALONE))
    if told:
        return False
    if _BILL.match(u.line, found.end):
        return False
    if u.line[found.start] in "这本今" and "/" in found.value and len(u.line) > found.end - found.start + 2:
        return u.pays(found.start, found.end) and not _WITHOUT.search(words)
    loose = _days(found.value) > 10 and u.setting.last_question is None and len(u.line) > 14
    return acts or not (loose or _MISFORTUNE.search(words))
