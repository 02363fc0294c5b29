"""Sums of money: which numerals are money, how much, within which bound, for which period; and parts of the debt (一半, 三分之一)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from zhuhuan.language.values.bounds import Period, bound_of, is_single, per_of, periods_of_time
from zhuhuan.language.values.fractions import fractions
from zhuhuan.language.values.numbers import Numeral
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Bound, Found
from zhuhuan.money import yuan

_UNIT = re.compile(
    r"[ ]?(?:多|来|几)?(?:块大洋|大洋|块钱?(?![地田砖肉表])|元[钱整]?|圆整?|蚊|文钱|皮(?!肤|鞋|带|卡)|人民币|rmb|(?P<dime>毛钱?(?![病巾衣利收])|角钱?(?![债度形洲铁落]))|(?P<fen>分钱))"
)
_WAN_YUAN = re.compile(r"[ ]?(?P<scale>万|千|百)(?:块钱?|元)?")
_TAIL = re.compile(r"零?(?P<dime>N)(?P<mao>[毛角])?(?:零?(?P<fen>N)分?)?(?!(?!N[斤个天年周期亩次月头只张])[A-Z号月日年个天期点周岁斤万千百次笔回多头亩元块%])")
_NONE = re.compile(r"[也都]?(?:不|没|别|休想)")
_CANTONESE = {"旧水": 100, "嚿水": 100, "撇水": 1000, "皮嘢": 10000}
_SLANG = re.compile("|".join(_CANTONESE))
_NO_MONEY = re.compile(
    r"[ ]?(?:斤|公斤|千克|克|吨|亩|分地|分(?![期A-Z批次开成几个两给钱摊多少到我你别])|块[地田]|头(?![期一个笔款两])|只(?![有能是够要好剩])|匹|条|尾(?!款)|羽|窝|棵|株|个|人(?![民家工情])|口(?![头粮])|周?岁|天|日(?![常用])|号"
    r"|月(?![底初末中供薪入收租月结付还])|年(?![底末初前后终关息利薪])|次|笔|期|间|层|楼|栋|幢|室|户|平(?![时常均安摊])|方(?![便案式面])|米|公里|里[路地]|里(?=[ ,，。]|$)|份(?!期)|响|棒|粉丝|阅读|播放|点赞|度|分钟|小时|%|页|遍|回(?![头来去家款])|场|辆|台|箱|袋"
    r"|瓶|顿|家(?![里人用庭属])|位|名|届|级|代(?![扣还付理偿])|章|遭|趟|周(?![一二三四五六日天末转])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|季|刻|秒|倍|成|折|本(?![金来月周息人])|件|套|张|棚|塘|垄|厘|寸|尺"
    r"|门(?![面诊市])|课(?![时本])|班|组|股|种(?![地田菜粮植])|样(?!子)|片|座|站|码|字|句|话|线|根|瓦|兆|kg|km|cm|m(?![a-z])|g(?![a-z])|房(?!租|贷)|厅|车(?![贷险款费])|船|桶|盒|粒|副(?!业)|双|支(?![出付])|枝|颗|群|批(?![发下准])|包(?![吃住工邮含])|筐|捆|窑"
    r"|炉|锅|桌|席|票|族|强|分之|把[椅]|人次|的?(?:那张|这张)?(?:银行|储蓄)?卡|后(?=的|出生|[,，。 ]|$)|路(?=公交|车)|寨|村|组|队)"
)
_NO_MONEY_BEFORE = re.compile(
    r"(?:第|尾号|尾数|卡号|账号|编号|单号|电话|号码|热线|客服|拨打?|楼|栋|座|门牌|车牌|工号|密码|验证码|短信|法第?|国道|才|都|满|年纪|年龄|今年|快|微信|qq|邮编|海拔|(?<!撑)死了?|考了?|血压|血糖|高压|低压|体重|身高|分之|(?<!rmb)(?<![a-z])[a-z]{1,2}|[a-z]{4,})(?:是|为|:|：)?[ ]?$"
)
_ASKED_SUM = ("amount", "means", "periods", "accept_plan")
_GIVES = re.compile(
    r"(?:还|交|付|给|出|拿|凑|转|打|存|挣|赚|剩|花|加|减|降|降到|减到|改成|改|就|只有|只能|只剩|承受|负担|收入|工资)(?:个|你们?|了|上|得起|起|出来?|到|成|能|是|有|的|款|最多)*[ ]?$"
)
_ENDS = re.compile(r"[ ]|(?:$|[,，。;；!?！？]|吧|行|可以|好|成|的|呢|啊|左右|怎么样|试试|能|我|先|就)")
_TO = re.compile(r"(?:块钱?|元|圆)?[ ]?(?:到|至|-|~)[ ]?")
_NO_TO = re.compile(r"(?:降|减|加|涨|提|升|改|调|砍|缩)(?:价)?$")


@dataclass
class _Sum:
    """A numeral that is money, in yuan, with its span on the line."""

    low: Decimal | None
    high: Decimal | None
    start: int
    end: int
    rough: bool
    numeral: Numeral


def _priced(u: Utterance, at: int, numeral: Numeral) -> _Sum | None:
    """The numeral with the unit of money behind it (三块五毛); None where it has none."""
    if slang := _SLANG.match(u.line, at + 1):
        return _scaled(numeral, at, slang.end(), Decimal(_CANTONESE[slang.group()]))
    end = at + 1
    factor = Decimal(1)
    if numeral.low is not None and not any(c in numeral.text for c in "万千百kw") and (wan := _WAN_YUAN.match(u.line, end)) and " " in wan.group():
        factor, end = Decimal({"万": 10000, "千": 1000, "百": 100}[wan["scale"]]), wan.end()
        if not _UNIT.match(u.line, end):
            return _scaled(numeral, at, end, factor)
    unit = _UNIT.match(u.line, end)
    if unit and numeral.text in ("几", "一", "1", "半", "两") and (numeral.text == "几" or _NONE.match(u.line, unit.end())):
        return None  # how many yuan?; not a penny less
    if unit is None:
        return _scaled(numeral, at, end, factor) if factor > 1 else None
    if unit["fen"]:
        return None if numeral.text in ("一", "1", "几", "两") else _scaled(numeral, at, unit.end(), Decimal("0.01"))
    if unit["dime"]:
        return _dimes(u, at, numeral, unit.end())
    money = _scaled(numeral, at, unit.end(), factor)
    money.rough |= "多" in unit.group() or "来" in unit.group() or "几" in unit.group()
    tail = _TAIL.match(u.line, unit.end())
    if tail and money.low is not None and (part := _small(u, tail)) is not None:
        money.low, money.high, money.end = money.low + part, money.low + part, tail.end()
    return money


def _dimes(u: Utterance, at: int, numeral: Numeral, end: int) -> _Sum | None:
    """五毛, 三毛五; a larger number before 毛 belongs to another word."""
    if numeral.low is not None and numeral.low >= 10:
        return None
    money = _scaled(numeral, at, end, Decimal("0.1"))
    tail = _TAIL.match(u.line, end)
    if tail and not tail["mao"] and money.low is not None and (fen := u.tape.number(tail.start("dime")).whole) is not None and fen < 10:
        money.low = money.high = money.low + Decimal(fen) / 100
        money.end = tail.end()
    return money


def _small(u: Utterance, tail: re.Match[str]) -> Decimal | None:
    """Jiao and fen behind the yuan: 块五, 元5角8分, 块55."""
    dime = u.tape.number(tail.start("dime")).whole
    if dime is None or dime >= 100 or (dime >= 10 and tail["mao"]):
        return None
    value = Decimal(dime) / (10 if dime < 10 else 100)
    if tail["fen"]:
        fen = u.tape.number(tail.start("fen")).whole
        value += Decimal(fen or 0) / 100
    return value


def _scaled(numeral: Numeral, start: int, end: int, factor: Decimal) -> _Sum:
    low, high = (None if v is None else v * factor for v in (numeral.low, numeral.high))
    return _Sum(low, high, start, end, numeral.approx, numeral)


def _unpriced(u: Utterance, at: int, numeral: Numeral, spans: list[Period]) -> _Sum | None:
    """A numeral without a unit of money that is money all the same: large, and nothing else counted by it; or small and given."""
    before, after = u.line[:at], u.line[at + 1 :]
    if _NO_MONEY.match(after) or (after[:1] == "点" and (numeral.low or 0) <= 24) or numeral.text in ("几", "两") or numeral.text[0] == "0" and "." not in numeral.text:
        return None
    if _NO_MONEY_BEFORE.search(before) and not (numeral.scaled and before[-1:] in ("快", "都", "才")):
        return None
    if numeral.digits and len(numeral.digits) > 7 or (numeral.digits and not numeral.digits.isascii()):
        return None
    if not numeral.scaled and "基点" in u.line:
        return None
    if u.line.strip() == "N" and u.setting.last_question is None and numeral.digits and not 4 <= len(numeral.digits) <= 6:
        return None  # 886 and 666 are no sums
    size = numeral.low
    if numeral.scaled or (size is not None and size >= 100):
        if numeral.digits and not numeral.text.isascii():
            return None  # digits spoken one by one name something
        return _Sum(size, numeral.high, at, at + 1, numeral.approx, numeral)
    if size is None or size < 5:
        return None
    beside = any(p.end == at or p.start == at + 1 for p in spans)
    bounded = bound_of(_without(before, u, at, spans), after, False)[0] in ("at_most", "at_least") and _ENDS.match(after)
    in_period = any(p.end <= at and at - p.end <= 6 and not re.search(r"[A-Z ,，。]", u.line[p.end : at]) for p in spans) and size >= 10
    given = _GIVES.search(before) and _ENDS.match(after) and size >= 10
    asked = u.setting.last_question in _ASKED_SUM and size >= 10 and _ENDS.match(after)
    return _Sum(size, numeral.high, at, at + 1, numeral.approx, numeral) if beside or in_period and _ENDS.match(after) or bounded or given or asked else None


def _without(before: str, u: Utterance, at: int, spans: list[Period], since: int = 0) -> str:
    """The words before `at` since `since`, with the periods of time left out."""
    kept, place = [], since
    for period in spans:
        if since <= period.start and period.end <= at:
            kept.append(u.line[place : period.start])
            place = max(place, period.end)
    return "".join([*kept, u.line[place:at]])


def _sums(u: Utterance, taken: list[Found], spans: list[Period]) -> list[_Sum]:
    found: list[_Sum] = []
    for at, token in u.tape.tokens.items():
        if not isinstance(token, Numeral) or any(t.start <= at < t.end for t in taken) or (found and at < found[-1].end):
            continue
        if any(p.start <= at < p.end for p in spans):
            continue
        if money := _priced(u, at, token) or _unpriced(u, at, token, spans):
            found.append(money)
        elif token.low is not None and token.low < 100 and not token.approx:
            found.append(_Sum(token.low, token.high, at, at + 1, False, token))  # perhaps the low end of 三到五千
            found[-1].rough = True
            found[-1].numeral = Numeral(token.start, token.end, "")
    return found


def _unit_of(numeral: Numeral) -> Decimal:
    last = numeral.text.rstrip("多来把余几")[-1:]
    return Decimal({"百": 100, "千": 1000, "万": 10000, "k": 1000, "w": 10000, "亿": 10**8}.get(last, 1))


def _ranges(u: Utterance, sums: list[_Sum]) -> Iterator[tuple[_Sum, bool]]:
    """The sums, those with "to" between them joined; whether a sum is a range."""
    i = 0
    while i < len(sums):
        one, candidate = sums[i], not sums[i].numeral.text
        after = sums[i + 1] if i + 1 < len(sums) else None
        i += 1
        if after and after.numeral.text and after.low is not None and one.low is not None:
            joined = _TO.fullmatch(u.line, one.end, after.start) and not _NO_TO.search(u.line[: after.start].rstrip("到至"))
            touching = one.end == after.start and one.low == one.high and after.low == after.high and one.numeral.scaled and after.numeral.scaled
            low = one.low * (_unit_of(after.numeral) if one.low < 100 and candidate and joined else 1)
            if (joined or touching) and low < (after.high or after.low):
                i += 1
                yield _Sum(low, after.high, one.start, after.end, one.rough and after.rough, after.numeral), True
                continue
        if not candidate:
            yield one, one.low != one.high


def amounts(u: Utterance, taken: Iterable[Found]) -> list[Found]:
    """The sums of an utterance outside what is `taken`; every sum said is given, each with its bound and period."""
    taken = list(taken)
    parts = [f for f in fractions(u) if not any(f.start < t.end and t.start < f.end for t in taken)]
    spans = periods_of_time(u, taken)
    sums = list(_ranges(u, _sums(u, [*taken, *parts], spans)))
    edges = [(s.start, s.end) for s, _ in sums]
    found = [replace(f, per=per_of(u, f.start, f.end, 0, len(u.line), spans)) for f in parts]
    for i, (money, is_range) in enumerate(sums):
        before, after = edges[i - 1][1] if i else 0, edges[i + 1][0] if i + 1 < len(edges) else len(u.line)
        bound, left, right = bound_of(_without(u.line, u, money.start, spans, before), u.line[money.end :], money.rough)
        per = per_of(u, money.start, money.end, before, after, spans) or ("once" if is_single(u, money.start) else None)
        value: str | None = None
        if money.low == money.high == 0:
            continue
        if money.low is not None and money.high is not None:
            value = f"{yuan(money.low)}/{yuan(money.high)}" if is_range else str(yuan(money.low))
        kind: Bound = "range" if is_range else "approx" if value is None and bound == "exact" else bound
        start = max(before, money.start - left) if left and u.line[money.start - left : money.start] else money.start
        found.append(Found("amount", value, start, money.end + right, bound=kind, per=per))
    return sorted(found, key=lambda f: f.start)

