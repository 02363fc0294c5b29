"""Which of several loans is meant: its product, sum or place in the list, in the words said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_PRODUCT = (
    "房贷|车贷|住房贷款?|按揭|消费贷款?|经营贷款?|助学贷款?|农户贷款?|养殖贷款?|种植贷款?|装修贷款?|信用贷款?|小额贷款?|扶贫贷款?|创业贷款?|联保贷款?|生意贷款?"
    "|买房|买车|装修|盖房|养猪|养羊|养牛|养鸡|养鱼|养殖|种植|种地|种菜|大棚|农机|化肥|上学|助学|看病|消费|经营|开店|做生意|进货|生意"
)
_THAT = r"(?:那|这|呢|嗰)[一N]?(?:笔|个|单|样)"
_NAMED = re.compile(
    rf"第[NV][笔个单]|(?:(?:{_PRODUCT})(?:用)?的?|[NR](?:块钱?|元)?的|(?:大|小|多|少|头|前|后|上|下|老|新|早|晚|先|最早|最后|金额大|金额小|去年|今年|前年|欠得?多"
    rf"|欠得?少)[面边头]?一?点?的?)"
    rf"{_THAT}(?:贷款|钱|账)?|(?<!这)(?:头|前|后)[一N]?笔"
)
_PRODUCT_ALONE = re.compile(rf"(?:{_PRODUCT})(?:的|贷款|用的)*")


def loans(u: Utterance) -> Iterator[Found]:
    """Loans named by product, sum or place; a product alone only in answer to "which loan?". The value is the words said."""
    for match in _NAMED.finditer(u.line):
        yield Found("loan", None, *match.span())
    if u.setting.last_question == "which_loan":
        for match in _PRODUCT_ALONE.finditer(u.line):
            yield Found("loan", None, *match.span())
