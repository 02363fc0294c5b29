"""Which numerals are money, and how many yuan: by the unit behind them (块, 元, 蚊), or by size where nothing else is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhuhuan.language.values.bounds import bound_of
from zhuhuan.language.values.numbers import Numeral
from zhuhuan.language.values.rates import Rate, without_rates
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_UNIT = re.compile(
    r"[ ]?(?P<more>[多来几])?(?:块大洋|大洋|块钱?(?![地田砖肉表])|元[钱整]?|圆整?|蚊|文钱|皮(?!肤|鞋|带|卡)|人民币|rmb"
    r"|(?P<dime>毛钱?(?![病巾衣利收])|角钱?(?![债度形洲铁落]))|(?P<fen>分钱))"
)
_SPACED_SCALE = re.compile(r" (?P<scale>[万千百])(?:块钱?|元)?")  # 5 万元
_SMALL = re.compile(
    r"零?(?P<dime>N)(?P<mao>[毛角])?(?:零?(?P<fen>N)分?)?"
    r"(?!(?!N[斤个天年周期亩次月头只张])[A-Z号月日年个天期点周岁斤万千百次笔回多头亩元块%把起共口趟并直])"
)
_NOT_EVEN = re.compile(r"[也都]?(?:不|没|别|休想)")
_SCALE = {"百": 100, "千": 1000, "k": 1000, "万": 10**4, "w": 10**4, "亿": 10**8}
_CANTONESE = {"旧水": 100, "嚿水": 100, "撇水": 1000, "皮嘢": 10000}
_SLANG = re.compile("|".join(_CANTONESE))

# What else may be counted: measures, people and beasts, time, things, ranks; with the words in which the sign is none of these.
_COUNTED = re.compile(
    r"[ ]?(?:斤|公斤|千克|克|吨|亩|分地|分(?![期A-Z批次开成几个两给钱摊多少到我你别])|块[地田]|平(?![时常均安摊])|方(?![便案式面])|米|公里|里[路地]"
    r"|里(?=[ ,，。]|$)|度|厘|寸|尺|瓦|兆|kg|km|cm|m(?![a-z])|g(?![a-z])|%|倍|成|折|分之"
    r"|头(?![期一个笔款两])|只(?![有能是够要好剩])|匹|条|尾(?!款)|羽|窝|棵|株|个|人(?![民家工情])|口(?![头粮])|周?岁|位|名|户|粉丝|群|双|族|强"
    r"|天|日(?![常用])|号|月(?![底初末中供薪入收租月结付还])|年(?![底末初前后终关息利薪])|周(?![一二三四五六日天末转])|星期(?![一二三四五六日天])"
    r"|礼拜(?![一二三四五六日天])|季|分钟|小时|刻|秒|次|笔|期|遍|回(?![头来去家款])|场|趟|遭|顿|届|级|代(?![扣还付理偿])|章|页|课(?![时本])|班|门(?![面诊市])"
    r"|间|层|楼|栋|幢|室|房(?!租|贷)|厅|寨|村|组|队|站|座|码|路(?=公交|车)|国道|省道|县道|高速(?=路|公路|边|口)|车(?![贷险款费])|船|辆|台|箱|袋|瓶|桶|盒|粒|副(?!业)|支(?![出付])|枝|颗"
    r"|批(?![发下准])|包(?![吃住工邮含])|筐|捆|窑|炉|锅|桌|席|票|家(?![里人用庭属])|件|套|张|棚|塘|垄|股|种(?![地田菜粮植])|样(?!子)|片|字|句|话|线|根|单(?![位子独纯笔价])"
    r"|本(?![金来月周息人])|份(?!期)|响|棒|阅读|播放|点赞|把椅|的?(?:那张|这张)?(?:银行|储蓄)?卡|后(?=的|出生|[,，。 ]|$))"
)
_NAMED_BEFORE = re.compile(
    r"(?:第|尾号|尾数|卡号|账号|编号|单号|电话|号码|热线|客服|拨打?|楼|栋|座|门牌|车牌|工号|密码|验证码|短信|法第?|国道|才|都|满|年纪|年龄|今年|快|微信|qq"
    r"|邮编|海拔|(?<!撑)死了?|考了?|血压|血糖|高压|低压|体重|身高|分之|(?<!rmb)(?<![a-z])[a-z]{1,2}|[a-z]{4,})(?:是|为|:|：)?[ ]?$"
)
_SUM_ASKED = frozenset({"amount", "means", "periods", "accept_plan"})
_GIVEN = re.compile(
    r"(?:还|交|付|给|出|拿|凑|转|打|存|挣|赚|剩|花|加|减|降|改成|改|就|只有|只能|只剩|承受|负担|收入|工资)"
    r"(?:个|你们?|了|上|得起|起|出来?|到|成|能|是|有|的|款|最多)*[ ]?$"
)
_ENDS = re.compile(r"[ ]|(?:$|[,，。;；!?！？]|吧|行|可以|好|成|的|呢|啊|左右|怎么样|试试|能|我|先|就)")


@dataclass(frozen=True)
class Sum:
    """A numeral that is money, in yuan, at [start, end) of the line; low and high None where it is vague.

    rough: said to be about so much. bare: a small number that is money only as the low end of a range (三到五千).
    """

    low: Decimal | None
    high: Decimal | None
    start: int
    end: int
    rough: bool
    numeral: Numeral
    bare: bool = False

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def scale(self) -> int:
        """The unit its numeral ends in: 1000 for 五千."""
        return _SCALE.get(self.numeral.text.rstrip("多来把余几")[-1:], 1)


def _times(numeral: Numeral, start: int, end: int, factor: Decimal | int) -> Sum:
    low, high = (None if v is None else v * factor for v in (numeral.low, numeral.high))
    return Sum(low, high, start, end, numeral.approx, numeral)


def _whole(u: Utterance, match: re.Match[str], name: str) -> int | None:
    """The whole number of a match's group, None where it has none."""
    return u.tape.number(match.start(name)).whole if match[name] else None


def _priced(u: Utterance, at: int, numeral: Numeral) -> Sum | None:
    """The numeral with the unit of money behind it (三块五毛); None where it has none."""
    if slang := _SLANG.match(u.line, at + 1):
        return _times(numeral, at, slang.end(), _CANTONESE[slang.group()])
    if numeral.low is not None and not numeral.scaled and (spaced := _SPACED_SCALE.match(u.line, at + 1)):
        return _times(numeral, at, spaced.end(), _SCALE[spaced["scale"]])
    unit = _UNIT.match(u.line, at + 1)
    if unit is None or numeral.text == "几" or (numeral.text in ("一", "1", "两") and _NOT_EVEN.match(u.line, unit.end())):
        return None  # 几块钱 asks; 一块钱都不 is no sum
    if unit["fen"]:
        return None if numeral.text in ("一", "1", "两") else _times(numeral, at, unit.end(), Decimal("0.01"))
    if unit["dime"]:
        return _dimes(u, at, numeral, unit.end())
    money = _times(numeral, at, unit.end(), 1)
    money = replace(money, rough=money.rough or unit["more"] is not None)
    small = _SMALL.match(u.line, unit.end())
    dime = _whole(u, small, "dime") if small else None
    if small is None or money.low is None or dime is None or dime >= (10 if small["mao"] else 100):
        return money
    low = money.low + Decimal(dime) / (10 if dime < 10 else 100) + Decimal(_whole(u, small, "fen") or 0) / 100
    return replace(money, low=low, high=low, end=small.end())


def _dimes(u: Utterance, at: int, numeral: Numeral, end: int) -> Sum | None:
    """五毛, 三毛五; a larger number before 毛 belongs to another word."""
    if numeral.low is not None and numeral.low >= 10:
        return None
    money = _times(numeral, at, end, Decimal("0.1"))
    small = _SMALL.match(u.line, end)
    fen = _whole(u, small, "dime") if small and not small["mao"] else None
    if small is None or fen is None or fen >= 10 or money.low is None:
        return money
    low = money.low + Decimal(fen) / 100
    return replace(money, low=low, high=low, end=small.end())


def _names(u: Utterance, at: int, numeral: Numeral) -> bool:
    """Whether the numeral counts or names something else than money."""
    before, after = u.line[:at], u.line[at + 1 :]
    if _COUNTED.match(after) or (after[:1] == "点" and (numeral.low or 0) <= 24) or numeral.text in ("几", "两"):
        return True
    if _NAMED_BEFORE.search(before) and not (numeral.scaled and before[-1:] in ("快", "都", "才")):
        return True
    if numeral.scaled:
        return False
    spoken = numeral.digits is not None and not numeral.text.isascii()
    odd = numeral.text[0] == "0" and "." not in numeral.text
    # A number alone is a sum by its length only: 886 and 666 are greetings.
    alone = u.line.strip() == "N" and u.setting.last_question is None and not 4 <= len(numeral.digits or "1000") <= 6
    return spoken or odd or alone or len(numeral.digits or "") > 7 or "基点" in u.line


def _unpriced(u: Utterance, at: int, numeral: Numeral, rates: Sequence[Rate]) -> Sum | None:
    """A numeral that is money without a unit: large, or small and given, bounded, asked for or so much a month."""
    if _names(u, at, numeral):
        return None
    money, size = _times(numeral, at, at + 1, 1), numeral.low
    if numeral.scaled or (size is not None and size >= 100):
        return money
    after = u.line[at + 1 :]
    if any(r.end == at or r.start == at + 1 for r in rates):
        return money if size and size >= 5 else None
    if size is None or size < 10 or not _ENDS.match(after):
        return None
    bounded = bound_of(without_rates(u, 0, at, rates), after, False)[0] in ("at_most", "at_least")
    in_period = any(r.end <= at <= r.end + 6 and not re.search(r"[A-Z ,，。]", u.line[r.end : at]) for r in rates)
    asked = u.setting.last_question in _SUM_ASKED
    return money if bounded or in_period or asked or _GIVEN.search(u.line[:at]) else None


def sums(u: Utterance, taken: Sequence[Found], rates: Sequence[Rate]) -> Iterator[Sum]:
    """The sums of an utterance in the order of the line, outside what is `taken`; bare small numbers among them, for ranges."""
    end = 0
    for at, token in u.tape.tokens.items():
        blocked = at < end or any(t.start <= at < t.end for t in taken) or any(r.start <= at < r.end for r in rates)
        if not isinstance(token, Numeral) or blocked:
            continue
        if money := _priced(u, at, token) or _unpriced(u, at, token, rates):
            end = money.end
            yield money
        elif token.low is not None and token.low < 100 and not token.approx:
            yield Sum(token.low, token.high, at, at + 1, False, token, bare=True)
