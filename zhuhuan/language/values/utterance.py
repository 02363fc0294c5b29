"""An utterance laid out for the grammars: its tape, what it is read against, and the clause round a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhuhuan.language.values.tape import Tape
from zhuhuan.language.values.value import Setting

_BREAK = re.compile(r"[,，。;；!！?？\n…、 ]+")
_HARD = re.compile(r"[,，。;；!！?？\n…]+")
# A payment that is over: by an adverb, by 过 or 的, by what was due.
_DONE = re.compile(
    r"(?:已经?于?|早就?|都(?!.{0,2}[还交付存缴][掉上清])|刚|明明|前面|当时).{0,12}(?:还|交|付|转|存|打|扣|汇|划|缴|代偿|核销|结清)|(?:还|交|付|转|存|打|扣|汇|缴|划)(?:过(?![去来])|的(?!话|时候|[钱款]))"
    r"|到期了|已到期|(?:就|本来|本|原来)该|应还|该还的|没还上|没扣"
)
_DONE_THEN = re.compile(
    r"(?:那天|晚上|下午|上午)?(?:就|我|才|已经|都|给你们?|刚)*(?:还|交|付|转|存|扣|打|汇|划|缴|结)"
    r"(?:的(?!话|时候|[钱款])|过(?![去来])|进去|走了|(?<=[扣转存打汇划])了(?![就再吧行才])|(?:了|掉了|清|清了|完了)(?=$|[,，。!?！？ 呀啊么吗怎你有]))"
)
# A member who claims to have paid tells of days gone by.
_CLAIMS = re.compile(
    r"(?:查|核实|核对)(?:一?下|查|收|看)|没(?:到账|入账|显示|进去)|怎么(?:又|还(?!款))|还催|还打|流水|回执|凭证|截图|小票|记录|不是.{0,8}(?:还|结|交)了(?:么|吗)|早清了|到的账|来着"
    r"|没错呀|不用说了|还的$"
)
_AHEAD = re.compile(
    r"再|才(?!还)|会|要|肯定|一定|准备|打算|争取|保证|等|之前|以前|前(?![一两几]?[天年])|开始|起|能|可以|想|行不|就还上|就给|下个?月|下周|明"
)
# 还 that repays, not 还 that means still; money handed over, sent or taken.
PAYS = r"还(?![在是没有不要能得会想挺真算好行躺])|付|交|缴|转|存|打(?:钱|款|过|给你|到|进|卡)|扣|汇|划"
_PAID_OR_DUE = re.compile(PAYS + r"|到期|结|清|该|应还|欠|发工资|发钱|到的?账|进卡|收(?:的|了|走)(?!成)[^,，。]{0,3}[现钱款]")


@dataclass(frozen=True)
class Utterance:
    """What the grammars read. Places are those of `line`."""

    tape: Tape
    setting: Setting

    @property
    def line(self) -> str:
        return self.tape.line

    @property
    def today(self) -> date:
        return self.setting.today

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause round [start, end): up to punctuation or a space; with the next one where it holds hardly more than that."""
        first = max((m.end() for m in _BREAK.finditer(self.line, 0, start)), default=0)
        after = _BREAK.search(self.line, end)
        last = after.start() if after else len(self.line)
        if after and last - first <= end - start + 1 and not _HARD.match(after.group()):
            further = _BREAK.search(self.line, after.end())
            last = further.start() if further else len(self.line)
        return first, last

    def words(self, start: int, end: int) -> str:
        """The clause's text."""
        first, last = self.clause(start, end)
        return self.line[first:last]

    def past(self, start: int, end: int) -> bool:
        """Whether the clause tells of what is done or was due, so that a bare day is the last one of that name."""
        words = self.words(start, end)
        if _DONE_THEN.match(self.line, end):
            return True
        claimed = self.setting.intent == "claim_paid" or _DONE.search(words) or _CLAIMS.search(self.line)
        return bool(claimed) and not _AHEAD.search(words)

    def pays(self, start: int, end: int) -> bool:
        """Whether the clause has money paid or due."""
        if _CLAIMS.search(self.line):
            return True
        first, last = self.clause(start, end)
        return bool(_PAID_OR_DUE.search(self.line, max(first, start - 10), min(last, end + 24)))
