"""Whether a line tells or hints that there is a debt (conversation.md 1): words, and not what a line merely refuses to tell.

>>> disclosed("他在我们这有笔贷款逾期了", third_party=True)
(5, 9)
>>> disclosed("业务上的事我只能跟本人说", third_party=True)
"""

from __future__ import annotations

import re

DEBT = re.compile(
    r"逾期|欠(?:了|着|我们|咱|信用社|银行|款|费|钱|账|的|多少|[0-9一二两三四五六七八九十])|贷(?:的?款|了)|借(?:了|的)?(?:钱|款)|罚息|催(?:收|款)|还(?:款|钱|贷|不上|清|上|了?[0-9一二两三四五六七八九十])|没还|"
    r"征信|起诉|法院|传票|立案|担保|拖(?:了|着|欠)|本息|利息|分期|到期|扣款|老赖|失信|债"
)
AMOUNT = re.compile(r"[0-9一二两三四五六七八九十百千万][0-9.一二两三四五六七八九十百千万]*\s*(?:块|元|天)(?!之内|内|后|前)")
HUSH = re.compile(r"(?:不(?:能|方便|便|可以|好|会|得)|没法|无权|不该)(?:再)?(?:跟|向|对|给|和)?.{0,6}(?:说|讲|透露|谈|告诉|多说|泄露)|只能跟本人|本人(?:才|来)|不是.{0,4}(?:催|要)")
GENERAL = re.compile(r"还款(?:账户|卡)|冒充|诈骗|骗子")


def disclosed(text: str, third_party: bool) -> tuple[int, int] | None:
    """Span of the words that give a debt away; None where none do. To a third party a sum or a number of days does it too."""
    if HUSH.search(text) and not AMOUNT.search(text):
        return None
    rest = GENERAL.sub(lambda m: "　" * len(m.group()), text)
    found = DEBT.search(rest) or (AMOUNT.search(rest) if third_party else None)
    return (found.start(), found.end()) if found else None
