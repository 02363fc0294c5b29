"""Numbers of instalments: 分十二期, 12期, 一年还清 (12), 分三次还; a number in answer to "over how many instalments?"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuhuan.language.values.lengths import LENGTH, length
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_TIMES = r"[NRV]个?(?:期(?![间限货望末初中])|次|回|笔|批|趟|份|段|起)"
_DIVIDED = re.compile(
    rf"(?:分期?|拆|摊|匀|切|掰)(?:成|作|为|开|个|他|它|到|做|还|期|按|的)*(?P<said>{_TIMES}|{LENGTH})(?![ ]?(?:发|打|领|拿|转的|结算))"
)
_MORE = re.compile("多(?:给我?们?)?分(?P<said>[NRV]期)")
_COUNTED = re.compile(r"(?<!第)(?P<from>N期?[到至~-])?(?P<said>[NRV]个?期)(?![间限货望末初中])")
_CLEARED = re.compile(
    rf"(?P<said>{LENGTH})(?:里|时间|慢慢|分期|的话|就|要|左右|吧|我|能|可以|给你|全部|都|[ ]){{0,3}}(?:还|付|结|交|清)(?:清|完|掉)"
)
_SPREAD = re.compile(
    rf"(?P<said>{LENGTH})的?分期|(?:分期|(?:拉长|延长|放长|放宽|放|改|拉|做|办|拖)(?:到|成|为))(?:个|还)?(?P<said2>{LENGTH})|(?<![没才已经都])还(?:个|他"
    rf"|它|上)?(?P<said3>{LENGTH})(?![A-Z]|[后内前以之没再])"
)
_REFUSED = re.compile(rf"(?P<said>{LENGTH})(?:的?(?:时间|期限))?[^A-Z,，。]{{0,3}}(?:不行|不够|短|太长|太紧|太赶|太久)")
_TOO_LONG = re.compile(r"太?[短长]|紧|赶|期")
_NOT_ASKED = re.compile(
    r"(?:第|[欠差少](?:你们?|他们?|着|你们的)|还了|交了|付了|还过|还掉|已经?还|欠|欠了|差|剩|剩下|还有|还剩|逾期|逾期了|拖|拖了|断|断了|少|漏|漏了|落|落了|落下|前|这|上|头|首|后|最后|每|了|肺|癌"
    r"|够|够还|原来|本来|当初|哪)$"
)
_NOT_WANTED = re.compile(r"没|未|逾期|欠|里|一块|一起|一并|的钱|的?款|了(?!行|吧|可以)|都没|漏")
_BARE = re.compile(
    rf"^\D{{0,6}}?(?P<said>{LENGTH}|[NRV])(?:吧|呢|(?:行|可以|好|中|成|得)(?:不行?|吗|么|了)?|左右|就|还行|差不多|啊|嘛|的话|[ ,，。.!?])*$"
)
_ALONE = re.compile(
    rf"(?:^|[,，。 ])(?:要|就|至少|起码|得)?(?P<said>{LENGTH})(?=(?:吧|呢|行|可以|还行|差不多|中|成|就)*[,，。 ]|(?:吧|呢|行|可以|还行|差不多|中|成|就)*[吗不]?$)"
)


def _count(u: Utterance, start: int, end: int) -> tuple[bool, int | None]:
    """Whether [start, end) of the line can be a number of instalments, and which; None where it is vague."""
    said = u.line[start:end]
    if re.fullmatch(LENGTH, said):
        span = length(u.tape, start, end)
        return (span is not None and span.unit == "month", span.count if span else None)
    numeral = u.tape.number(start)
    whole = numeral.whole
    if whole == 1:
        return False, None  # 一期, 一次 is not spread at all
    return numeral.text != "几" and (whole is None or 1 <= whole <= 360), whole


def periods(u: Utterance) -> Iterator[Found]:
    """Instalment counts that are wished for or named, as "periods"; those already paid, missed or left are none."""
    matches: list[tuple[re.Match[str], str]] = [(m, "said") for m in _DIVIDED.finditer(u.line)]
    matches += [(m, name) for m in _SPREAD.finditer(u.line) for name in ("said", "said2", "said3") if m[name]]
    matches += [(m, "said") for m in _CLEARED.finditer(u.line)]
    if _TOO_LONG.search(u.line):
        matches += [(m, "said") for m in _REFUSED.finditer(u.line)]
    for match in _COUNTED.finditer(u.line):
        whole = u.tape.number(match.start("said")).whole
        if whole and whole <= 3 and u.line[match.start() - 1 : match.start()] in tuple("还交补结付清"):
            continue  # 先还两期 pays what is due
        if whole != 1 and not _NOT_ASKED.search(u.line, 0, match.start()) and not _NOT_WANTED.match(u.line, match.end()):
            matches.append((match, "said"))
    for match in _MORE.finditer(u.line):
        yield Found("periods", None, *match.span("said"))
    if u.setting.last_question in ("accept_plan", "objection", "periods") or any(m.re is _REFUSED for m, _ in matches):
        matches += [(m, "said") for m in _ALONE.finditer(u.line)]
    bare = _BARE.match(u.line) if u.setting.last_question == "periods" else None
    matches += [(bare, "said")] if bare else []
    for match, name in matches:
        fits, count = _count(u, *match.span(name))
        between = "from" in match.re.groupindex and match["from"]  # 12到18期 is to be asked about
        if fits:
            yield Found("periods", None if count is None or between else str(count), *match.span(name))
