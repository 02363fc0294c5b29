"""A made-up loan book of varied members, always the same for the same seed and day. Names, numbers and phones are fictitious."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from zhuhuan.calendar import add_months
from zhuhuan.loans.headers import CONTRACT, NAMES
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.values import Contract, Entry, Method
from zhuhuan.money import FEN, ZERO, from_fen

SHIPPED = Path(__file__).parent / "sample" / "members.csv"
SHIPPED_SEED = 20261124
SHIPPED_DAY = date(2026, 11, 24)
MEMBERS = 200
WITH_TWO_LOANS = 15
CONTRACTS = 0.6  # share of the loans that the book knows by their contract, where they have a rate
COLUMNS = (
    "member_id", "name", "id_tail", "birth_date", "phone", "region", "loan_id", "product", "overdue_amount", "penalty",
    "instalment_amount", "due_date", "balance", "annual_rate", "method", "principal", "disbursed", "first_due", "periods", "period_months", "penalty_uplift",
    "compound", "grace_days", "as_of", "promises",
)  # fmt: skip

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆范汪石廖贾夏韦傅方邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = [
    "建国",
    "秀英",
    "志强",
    "桂兰",
    "海燕",
    "文斌",
    "丽华",
    "国庆",
    "晓东",
    "玉梅",
    "春生",
    "小龙",
    "美玲",
    "永福",
    "凤霞",
    "俊杰",
    "雪梅",
    "大勇",
    "彩云",
    "明辉",
    "淑珍",
    "长河",
    "金花",
    "一鸣",
    "思雨",
    "浩然",
    "子涵",
    "佳怡",
    "天佑",
    "红霞",
    "广才",
    "翠花",
    "德顺",
    "满仓",
    "有田",
    "喜凤",
    "阿强",
    "细妹",
    "卓玛",
    "扎西",
    "古丽",
    "巴特尔",
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "超",
    "霞",
    "平",
    "刚",
    "莉",
    "斌",
    "玲",
    "辉",
    "鑫",
    "博",
    "宁",
    "倩",
    "旭",
    "帆",
    "丹",
    "雯",
    "昊",
    "嘉豪",
    "梓萱",
    "兴旺",
    "水生",
    "来福",
    "根生",
    "爱民",
    "卫东",
    "跃进",
]
REGIONS = [
    "河南周口",
    "河南信阳",
    "山东菏泽",
    "山东临沂",
    "四川南充",
    "四川达州",
    "湖南邵阳",
    "湖南怀化",
    "湖北黄冈",
    "安徽阜阳",
    "安徽六安",
    "江苏宿迁",
    "浙江丽水",
    "福建宁德",
    "江西赣州",
    "广东湛江",
    "广东梅州",
    "广西玉林",
    "贵州毕节",
    "云南昭通",
    "陕西渭南",
    "甘肃定西",
    "青海海东",
    "宁夏固原",
    "新疆喀什",
    "山西吕梁",
    "河北邢台",
    "内蒙古通辽",
    "辽宁朝阳",
    "吉林四平",
    "黑龙江绥化",
    "海南儋州",
]


@dataclass(frozen=True)
class Product:
    """A kind of loan: range of one instalment in yuan, whether monthly, most instalments still to come, ages, how frequent, yearly rates."""

    name: str
    instalment: tuple[int, int]
    monthly: bool
    to_come: int
    ages: tuple[int, int]
    weight: int
    rates: tuple[str, ...]


PRODUCTS = (
    Product("农户种植贷款", (5000, 60000), False, 0, (22, 78), 22, ("0.0435", "0.0600", "0.0685")),
    Product("养殖贷款", (8000, 90000), False, 0, (22, 72), 14, ("0.0480", "0.0650", "0.0720")),
    Product("农机贷款", (6000, 45000), False, 0, (22, 65), 6, ("0.0450", "0.0590")),
    Product("林果贷款", (4000, 30000), False, 0, (25, 75), 5, ("0.0435", "0.0620")),
    Product("个人消费贷款", (450, 4200), True, 36, (19, 65), 20, ("0.0720", "0.0864", "0.1080")),
    Product("个人经营贷款", (1500, 9000), True, 36, (23, 65), 14, ("0.0580", "0.0690", "0.0780")),
    Product("助学贷款", (300, 1100), True, 60, (19, 34), 6, ("0.0350", "0.0360")),
    Product("住房贷款", (1800, 5600), True, 240, (24, 60), 7, ("0.0330", "0.0410", "0.0490")),
    Product("购车贷款", (1100, 3900), True, 48, (20, 62), 6, ("0.0560", "0.0680")),
)


def _yuan(random: Random, low: int, high: int) -> Decimal:
    """A sum as loans have them: often round, sometimes to the fen."""
    amount = random.randint(low, high)
    if random.random() < 0.45:
        return from_fen(amount * 100 + random.randrange(100))
    return from_fen(max(low, round(amount, -2)) * 100)


def _days(random: Random) -> int:
    chance = random.random()
    if chance < 0.5:
        return random.randint(1, 30)
    return random.randint(31, 90) if chance < 0.78 else random.randint(91, 400)


def _promises(random: Random, each: Decimal, arrears: Decimal, due: date, today: date) -> str:
    """Up to three promises of the past: kept ones for instalments before `due`, broken ones for the arrears since."""
    records = []
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
        if random.random() < 0.4 and (today - due).days >= 12:
            day, amount, word = due + timedelta(days=random.randint(5, (today - due).days - 3)), arrears, "违约"
        else:
            day, amount, word = due - timedelta(days=random.randint(10, 300)), each, "守约"
        amount = max(from_fen(10000), (amount * random.choice((2, 3, 5, 10)) / 10).quantize(FEN, ROUND_HALF_UP))
        records.append((day, f"{day.isoformat()} {amount} {word}"))
    return "；".join(record for _, record in sorted(records))


METHODS: dict[str, tuple[Method, ...]] = {
    "农户种植贷款": ("bullet",), "养殖贷款": ("bullet",), "农机贷款": ("bullet",), "林果贷款": ("bullet",), "个人消费贷款": ("equal_instalments", "equal_principal"),
    "个人经营贷款": ("interest_first", "equal_instalments"), "助学贷款": ("equal_instalments",), "住房贷款": ("equal_instalments", "equal_principal"),
    "购车贷款": ("equal_instalments",),
}  # fmt: skip
METHOD_WORDS = {"equal_instalments": "等额本息", "equal_principal": "等额本金", "interest_first": "按月付息到期还本", "bullet": "一次还本付息"}


def with_contract(random: Random, product: Product, fields: dict[str, str], today: date) -> dict[str, str]:
    """The fields of the same loan told by its contract as well: paid up to its oldest unpaid day, its figures what contract and ledger give on `today`.

    As it was where the oldest unpaid day is one that not every month has, or the loan has no rate.
    """
    due = date.fromisoformat(fields["due_date"])
    if due.day > 28 or not fields["annual_rate"]:
        return fields
    method = random.choice(METHODS[product.name])
    paid, ahead = (random.randint(1, 12), random.randint(2, 18)) if method != "bullet" else (0, 0)
    missed = 0
    while add_months(due, missed) < today:
        missed += 1
    periods = paid + max(1, missed if method != "bullet" else 1) + ahead
    term = random.choice((6, 12)) if method == "bullet" else 1
    each = Decimal(fields["instalment_amount"])
    principal = {"equal_instalments": each * periods * Decimal("0.92"), "equal_principal": each * periods * Decimal("0.9"), "interest_first": each * 12, "bullet": each}[method]
    contract = Contract(
        principal=principal.quantize(Decimal("100"), ROUND_HALF_UP).quantize(FEN), annual_rate=Decimal(fields["annual_rate"]), method=method,
        disbursed=add_months(due, -paid - 1) if method != "bullet" else add_months(due, -term), periods=1 if method == "bullet" else periods, period_months=term,
        penalty_uplift=random.choice((Decimal("0.3"), Decimal("0.5"), Decimal("0.5"))), compound=random.random() < 0.4, grace_days=random.choice((0, 0, 0, 3)),
    )  # fmt: skip
    instalments = schedule(contract)
    kept = [Entry(s.number, s.due, "payment", s.amount) for s in instalments if s.due < due]
    owed = statement(contract, instalments, kept, today)
    return {
        **fields, "overdue_amount": str(owed.overdue), "penalty": str(owed.penalty + owed.compound) if owed.penalty else "", "instalment_amount": str(instalments[0].amount),
        "balance": str(owed.balance), "method": METHOD_WORDS[method], "principal": str(contract.principal), "disbursed": contract.disbursed.isoformat(),
        "periods": str(contract.periods), "period_months": str(term), "penalty_uplift": str(contract.penalty_uplift), "compound": "是" if contract.compound else "否",
        "grace_days": str(contract.grace_days),
    }  # fmt: skip


def _loan(random: Random, product: Product, today: date, days: int) -> dict[str, str]:
    """The fields of one loan, `days` past due (0: not overdue, with a next due date)."""
    each = _yuan(random, *product.instalment)
    due = today - timedelta(days=days) if days else today + timedelta(days=random.randint(2, 28))
    missed = 0
    while days and add_months(due, missed) < today:
        missed += 1
    arrears = each * missed if product.monthly else each * bool(days)
    if product.monthly and missed > 1 and random.random() < 0.2:
        arrears -= (each * random.randint(2, 7) / 10).quantize(FEN, ROUND_HALF_UP)  # the oldest one is paid in part
    penalty = ZERO
    if days > 15 and random.random() < 0.16:
        penalty = (arrears * days * Decimal("0.0003")).quantize(FEN, ROUND_HALF_UP)
    overdue = arrears + penalty
    to_come = each * random.randint(1, product.to_come) if product.to_come else each * (not days)
    return {
        "product": product.name,
        "overdue_amount": str(overdue),
        "penalty": str(penalty) if penalty else "",
        "instalment_amount": str(each),
        "due_date": due.isoformat(),
        "balance": str(overdue + to_come),
        "annual_rate": random.choice(product.rates) if random.random() < 0.6 else "",
        "as_of": today.isoformat(),
        "promises": _promises(random, each, arrears, due, today) if days else "",
    }


def sample_rows(seed: int, today: date, members: int = MEMBERS) -> Iterator[dict[str, str]]:
    """Rows of the sample book, a loan each, by field name; the first member is 1 day past due and the second 400."""
    random = Random(seed)
    contracts = Random(f"{seed} contracts")  # beside the other: what it draws does not move the rest
    two = set(random.sample(range(members), min(WITH_TWO_LOANS, members)))
    loan_number = 0
    for number in range(members):
        age = random.randint(19, 78)
        fitting = [product for product in PRODUCTS if product.ages[0] <= age <= product.ages[1]]
        chosen = random.choices(fitting, [product.weight for product in fitting])
        if number in two:
            chosen.append(random.choice([product for product in fitting if product != chosen[0]] or fitting))
        person = {
            "member_id": f"M{number + 1:04d}",
            "name": random.choice(SURNAMES) + random.choice(GIVEN),
            "id_tail": f"{random.randrange(1000):03d}{random.choice('0123456789X')}",
            "birth_date": (add_months(today, -12 * age) - timedelta(days=random.randint(0, 364))).isoformat(),
            "phone": f"1990000{number + 1:04d}",
            "region": random.choice(REGIONS),
        }
        for place, product in enumerate(chosen):
            loan_number += 1
            days = {0: 1, 1: 400}.get(number, _days(random)) if place == 0 else random.choice((0, _days(random)))
            fields = _loan(random, product, today, days)
            fields = with_contract(contracts, product, fields, today) if contracts.random() < CONTRACTS else fields
            yield {**person, "loan_id": f"L{loan_number:04d}", **fields}


def sample_csv(seed: int, today: date, members: int = MEMBERS) -> str:
    """The sample book as the text of a CSV with Chinese headers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((NAMES | CONTRACT)[column][0] for column in COLUMNS)
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in sample_rows(seed, today, members))
    return out.getvalue()


def write_sample(path: Path, seed: int, today: date, members: int = MEMBERS) -> None:
    """Write the sample book as UTF-8 with BOM, which spreadsheets open without asking."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sample_csv(seed, today, members), encoding="utf-8-sig", newline="\n")
