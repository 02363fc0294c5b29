"""The bound of a sum, by the words before and after it.

Only 最多, 顶多, 别超过 and their like are at_most, only 至少, 少说, 不低于 at_least; 多, 出头, 来, 把, 小, 左右 are approx (labels.md).
"""

from __future__ import annotations

import re

from zhuhuan.language.values.value import Bound

_NEAR = r"[^A-Z,，。;；!?\n]"  # no other value and no pause between a cue and its sum
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "at_most",
        re.compile(
            r"(?:[≤<]=?|最多|最高|最大|顶多|至多|顶破天|撑死|顶天|顶格|充其量|(?:不|别|莫|唔|勿|没|不能|不要|不得|不会|不可|不可以|唔好|莫要)(?:超过?|多过)"
            r"|超不过|多不过|上限|封顶|控制在|(?<![不能要得会可])(?:少于|低于|小于)|不到|不足|不满|不高于|不大于|最好别超)"
            + _NEAR
            + "{0,9}$"
        ),
    ),
    (
        "at_least",
        re.compile(
            r"(?:[≥>]=?|至少|最少|起码|少说|最低(?!还款|额|生活)|不[能要得会可]?以?(?:低于|少于)|不下于?|(?<![不别莫没能要得会])超过|多于"
            r"|(?<!不)(?:大于|高于)|怎么也得|保底)" + _NEAR + "{0,9}$"
        ),
    ),
    (
        "approx",
        re.compile(
            r"(?:近|毛|小|(?<![尽赶飞很])快)(?:有|要|到)?[ ]?$|(?:大概齐?|大约|大致|约莫|约摸|约|差不多|差不离|将近|接近|合计着)"
            + _NEAR
            + "{0,5}$"
        ),
    ),
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_most", re.compile(r"(?:钱)?的?(?:以内|以里|之内|以下|内(?![容部])|封顶|顶天|到顶|为限|打住|撑死|最多|顶多|不到)")),
    ("at_least", re.compile(r"(?:钱)?(?:以上|起步|起(?![来诉码])|打底|保底|往上|开外)")),
    (
        "approx",
        re.compile(r"(?:块钱?|元)?(?:钱)?(?:多(?![少谢久还给])|来块|出点?头|左右|上下|的?样子|光景|冒头|前后|大概|差不多|\+)"),
    ),
)


def bound_of(before: str, after: str, rough: bool) -> tuple[Bound, str, int]:
    """Bound of a sum, the cue before it, and the length of the cue after it.

    before: the words since the last sum, without periods of time; after: what follows; rough: the numeral itself says about.
    A limit said behind the sum outdoes an "about" in front of it.
    """
    behind = next(((bound, found.end()) for bound, pattern in _AFTER if (found := pattern.match(after))), None)
    for bound, pattern in _BEFORE:
        if bound == "approx" and behind and behind[0] != "approx":
            break
        if found := pattern.search(before):
            return bound, found.group(), behind[1] if behind else 0
    if behind:
        return behind[0], "", behind[1]
    return ("approx" if rough else "exact"), "", 0
