"""One cell of an imported file: its text to a value, or a reason in Chinese why it is none."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zhuhuan.loans.owing.values import Accrual, Component, EntryKind, Method
from zhuhuan.loans.values import Promise, PromiseStatus

OLDEST_BIRTH = 1900
LARGEST = Decimal(10) ** 10  # ten thousand million yuan: more is a wrong column
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_PROMISE_WORDS: dict[str, PromiseStatus] = {
    "守约": "kept", "已履行": "kept", "已还": "kept", "kept": "kept",
    "违约": "broken", "未履行": "broken", "未还": "broken", "broken": "broken",
    "待履行": "open", "未到期": "open", "open": "open",
}  # fmt: skip

METHODS: dict[str, Method] = {
    "等额本息": "equal_instalments", "等额还款": "equal_instalments", "等额本息还款": "equal_instalments", "equal_instalments": "equal_instalments",
    "equal_installments": "equal_instalments", "annuity": "equal_instalments",
    "等额本金": "equal_principal", "等额本金还款": "equal_principal", "equal_principal": "equal_principal",
    "付息到期还本": "interest_first", "结息到期还本": "interest_first", "分期付息到期还本": "interest_first", "先息后本": "interest_first",
    "分期付息一次还本": "interest_first", "付息一次还本": "interest_first", "interest_first": "interest_first",
    "一次还本付息": "bullet", "到期一次还本付息": "bullet", "一次性还本付息": "bullet", "到期还本付息": "bullet", "利随本清": "bullet", "bullet": "bullet",
}  # fmt: skip
_EVERY = {"月": 1, "双月": 2, "季": 3, "季度": 3, "半年": 6, "年": 12, "monthly": 1, "quarterly": 3, "yearly": 12}
_ACCRUALS: dict[str, Accrual] = {
    "30/360": "30/360", "按月": "30/360", "按月计息": "30/360", "actual/360": "actual/360", "act/360": "actual/360", "实际/360": "actual/360",
    "按日": "actual/360", "按日计息": "actual/360", "actual/365": "actual/365", "act/365": "actual/365", "实际/365": "actual/365",
}  # fmt: skip
_YES = {"是": True, "有": True, "y": True, "yes": True, "true": True, "1": True, "否": False, "无": False, "n": False, "no": False, "false": False, "0": False}
_ENTRIES: dict[str, tuple[EntryKind, Component | None]] = {
    "还款": ("payment", None), "收款": ("payment", None), "还本付息": ("payment", None), "扣款": ("payment", None), "payment": ("payment", None),
    "repayment": ("payment", None), "冲正": ("reversal", None), "撤销": ("reversal", None), "抹账": ("reversal", None), "退票": ("reversal", None),
    "reversal": ("reversal", None), "减免": ("waiver", None), "waiver": ("waiver", None), "罚息减免": ("waiver", "penalty"), "减免罚息": ("waiver", "penalty"),
    "复利减免": ("waiver", "compound"), "减免复利": ("waiver", "compound"), "利息减免": ("waiver", "interest"), "减免利息": ("waiver", "interest"),
    "费用减免": ("waiver", "fee"), "减免费用": ("waiver", "fee"), "费用": ("fee", None), "手续费": ("fee", None), "诉讼费": ("fee", None),
    "律师费": ("fee", None), "fee": ("fee", None),
}  # fmt: skip
_COMPONENTS: dict[str, Component] = {
    "罚息": "penalty", "penalty": "penalty", "复利": "compound", "compound": "compound", "利息": "interest", "interest": "interest", "费用": "fee", "fee": "fee",
}  # fmt: skip


class BadCell(ValueError):
    """A cell that is no such value; the message is the reason, without the cell's own text where that is personal."""


def plain(value: Any) -> str:
    """A cell's text as typed: full-width digits made plain, blanks at the ends gone; dates ISO; whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def amount(text: str) -> Decimal:
    """Yuan to the fen: `1,200.50`, `¥1200`, `1200元`."""
    value = signed_amount(text)
    if value < 0:
        raise BadCell(f"“{text}”是负数")
    return value


def above_zero(text: str) -> Decimal:
    """An amount that is not 0."""
    value = amount(text)
    if value == 0:
        raise BadCell("不能是 0")
    return value


def signed_amount(text: str) -> Decimal:
    """As amount; below 0 too, as a ledger writes what it takes back."""
    bare = re.sub(r"^(?:[¥￥]|RMB|CNY)\s*|\s*元$", "", text, flags=re.IGNORECASE).replace(",", "")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise BadCell(f"“{text}”不是金额") from None
    if not value.is_finite() or not -LARGEST < value < LARGEST:
        raise BadCell(f"“{text}”不是合理的金额")
    fen = value.quantize(Decimal("0.01"))
    if abs(value - fen) > Decimal("0.000001"):  # a spreadsheet's own rounding is smaller than that
        raise BadCell(f"“{text}”不足一分，金额只能到分")
    return fen


def rate(text: str) -> Decimal:
    """A yearly rate as a fraction: `7.2%`, `7.2` and `0.072` are the same."""
    try:
        value = Decimal(text.rstrip("%").strip())
    except InvalidOperation:
        raise BadCell(f"“{text}”不是年利率") from None
    fraction = value / 100 if text.endswith("%") or value >= 1 else value
    if not 0 <= fraction < 1:
        raise BadCell(f"年利率“{text}”不在 0 到 100% 之间")
    return fraction


def day(text: str) -> date:
    """`2026-11-12`, `2026/11/12`, `2026.11.12`, `2026年11月12日`, `20261112`."""
    found = re.fullmatch(r"(\d{4})(?:[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]0?0:00(?::00)?)?", text)
    if not found:
        raise BadCell(f"“{text}”不是日期，请写成 2026-11-12")
    year, *rest = found.groups()
    month, number = (part for part in rest if part is not None)
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise BadCell(f"“{text}”不是真实存在的日期") from None


def birth(text: str, today: date) -> date:
    """A day of birth of somebody of 16 or more."""
    try:
        value = day(text)
    except BadCell:
        raise BadCell("不是日期，请写成 1990-02-08") from None
    if not OLDEST_BIRTH <= value.year <= today.year - 16:
        raise BadCell(f"出生年份 {value.year} 不合理（会员至少 16 岁）")
    return value


def tail(text: str) -> str:
    """The last four characters of an ID number, X in upper case."""
    value = text.upper()
    if re.fullmatch(r"\d{1,3}", value):
        raise BadCell(f"只有 {len(value)} 位；可能是表格软件去掉了开头的 0，请把这一列设为文本")
    if not re.fullmatch(r"\d{3}[\dX]", value):
        raise BadCell("不是身份证后四位（四位数字，最后一位可以是 X）")
    return value


def id_number(text: str) -> tuple[str, date]:
    """Tail and birth date of a whole ID number, whose check digit is verified (GB 11643-1999)."""
    value = text.upper()
    if not re.fullmatch(r"\d{17}[\dX]", value):
        raise BadCell("不是 18 位身份证号；可能是表格软件改成了数字，请把这一列设为文本")
    total = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != value[17]:
        raise BadCell("身份证号的校验位不对")
    try:
        return value[-4:], date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise BadCell("身份证号中的出生日期不存在") from None


def phone(text: str) -> str:
    """A mobile number of mainland China, or a landline with its area code, as digits."""
    value = re.sub(r"[\s()-]", "", text)
    value = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", value)
    if not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}", value):
        raise BadCell("不是手机号（11 位，以 1 开头）或带区号的固定电话")
    return value


def whole(text: str) -> int:
    """A number of days."""
    if not re.fullmatch(r"\d{1,5}天?", text):
        raise BadCell(f"“{text}”不是天数")
    return int(text.rstrip("天"))


def count(text: str) -> int:
    """How many instalments: `12`, `12期`."""
    if not re.fullmatch(r"\d{1,3}期?", text) or int(text.rstrip("期")) == 0:
        raise BadCell(f"“{text}”不是期数")
    return int(text.rstrip("期"))


def months(text: str) -> int:
    """Months from one due date to the next: `1`, `3个月`, `季`."""
    bare = text.lower().removeprefix("按").removeprefix("每")
    if bare in _EVERY:
        return _EVERY[bare]
    found = re.fullmatch(r"(\d{1,2})(?:个月|月)?", bare)
    if not found or int(found[1]) == 0:
        raise BadCell(f"“{text}”不是几个月一期")
    return int(found[1])


def method(text: str) -> tuple[Method, int | None]:
    """How a loan is repaid, and the months of a period where the words say them: `等额本息`, `按季付息到期还本`."""
    bare = re.sub(r"[\s，,、法]|每|方式", "", text.lower())
    found = re.fullmatch(r"按?(双月|月|季度|季|半年|年)?(.+)", bare)
    for every, rest in ((None, bare), (found[1], found[2]) if found else (None, bare)):
        if rest in METHODS:
            return METHODS[rest], _EVERY[every] if every else None
    raise BadCell(f"“{text}”不是认得的还款方式：等额本息、等额本金、按月（季）付息到期还本、一次还本付息")


def uplift(text: str) -> Decimal | None:
    """What penalty interest adds to the contract's rate, as a fraction: `50%`, `50` and `0.5` are the same; `无`: no penalty interest."""
    if text in ("无", "不计", "none"):
        return None
    try:
        value = Decimal(text.rstrip("%").strip())
    except InvalidOperation:
        raise BadCell(f"“{text}”不是罚息上浮比例") from None
    fraction = value / 100 if text.endswith("%") or value > 1 else value
    if not 0 <= fraction <= 1:
        raise BadCell(f"罚息上浮“{text}”不在 0 到 100% 之间")
    return fraction


def accrual(text: str) -> Accrual:
    """How interest is counted: `30/360`, `实际/360`, `实际/365`."""
    found = _ACCRUALS.get(text.lower().replace(" ", ""))
    if found is None:
        raise BadCell(f"“{text}”不是计息基准：30/360、实际/360、实际/365")
    return found


def yes_no(text: str) -> bool:
    """`是` or `否`."""
    found = _YES.get(text.lower())
    if found is None:
        raise BadCell(f"“{text}”不是“是”或“否”")
    return found


def entry_kind(text: str) -> tuple[EntryKind, Component | None]:
    """What a line of a ledger is, and what a waiver waives where the word says it: `还款`, `冲正`, `罚息减免`, `费用`."""
    found = _ENTRIES.get(text.lower().replace(" ", ""))
    if found is None:
        raise BadCell(f"“{text}”不是认得的流水类型：还款、冲正、罚息减免、复利减免、利息减免、费用减免、费用")
    return found


def component(text: str) -> Component:
    """What a waiver waives."""
    found = _COMPONENTS.get(text.lower())
    if found is None:
        raise BadCell(f"“{text}”不是减免项目：罚息、复利、利息、费用")
    return found


def words(text: str, longest: int = 64) -> str:
    """A text that is not too long for its column."""
    if len(text) > longest:
        raise BadCell(f"有 {len(text)} 个字，最多 {longest} 个")
    return text


def name(text: str) -> str:
    """A person's name."""
    value = words(re.sub(r"\s+", " ", text))
    if not re.fullmatch(r"[^\W\d_][^\d_<>=;]*", value):
        raise BadCell("不像姓名")
    return value


def promises(text: str) -> tuple[Promise, ...]:
    """`2026-10-10 500.00 守约；2026-09-10 300.00 违约`: promises of the past, kept or broken, or one still open."""
    found = []
    for entry in re.split(r"[;；]", text):
        if not entry.strip():
            continue
        parts = entry.split()
        if len(parts) != 3 or parts[2].lower() not in _PROMISE_WORDS:
            raise BadCell(f"“{entry.strip()}”不是“日期 金额 守约/违约/待履行”")
        value = amount(parts[1])
        if value == 0:
            raise BadCell("承诺金额是 0")
        found.append(Promise(0, "", "", value, day(parts[0]), _PROMISE_WORDS[parts[2].lower()]))
    if sum(promise.status == "open" for promise in found) > 1:
        raise BadCell("同一笔贷款只能有一个待履行的承诺")
    return tuple(found)
