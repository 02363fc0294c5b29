"""Which column of an imported file is which, by its Chinese or English header, and so what kind of file it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zhuhuan.loans.errors import BadFile

Kind = Literal["loans", "payments", "members"]
KINDS: dict[Kind, str] = {"loans": "贷款", "payments": "还款流水", "members": "会员资料"}

PERSON: dict[str, tuple[str, ...]] = {
    "member_id": ("会员号", "会员编号", "客户号", "客户编号", "member_id", "member_no", "customer_id", "customer_no"),
    "name": ("姓名", "客户姓名", "客户名称", "会员姓名", "借款人", "借款人姓名", "name", "member_name", "borrower", "full_name"),
    "id_tail": ("身份证后四位", "身份证尾号", "证件尾号", "证件后四位", "id_tail", "id_last4", "id_last_four"),
    "id_number": ("身份证号", "身份证号码", "证件号", "证件号码", "id_number", "id_no", "id_card"),
    "birth_date": ("出生日期", "生日", "出生年月日", "birth_date", "birthday", "date_of_birth", "dob"),
    "phone": ("手机号", "手机", "手机号码", "电话", "联系电话", "电话号码", "phone", "mobile", "phone_number", "telephone"),
    "region": ("地区", "区域", "所在地", "所属网点", "region", "area"),
}  # fmt: skip
LOAN_ID = ("贷款编号", "贷款号", "借据号", "借据编号", "合同号", "合同编号", "loan_id", "loan_no", "contract_no")

# The first name of each is the one that the sample book has and that messages use.
NAMES: dict[str, tuple[str, ...]] = {
    **PERSON,
    "loan_id": LOAN_ID,
    "product": ("贷款产品", "产品", "产品名称", "贷款品种", "贷款种类", "业务品种", "product", "loan_product", "product_name"),
    "overdue_amount": (
        "逾期金额",
        "逾期总额",
        "拖欠金额",
        "逾期本息",
        "overdue_amount",
        "arrears",
        "amount_overdue",
        "past_due_amount",
    ),
    "penalty": ("罚息", "逾期罚息", "penalty", "penalty_interest"),
    "instalment_amount": (
        "每期金额",
        "期供",
        "月供",
        "每期应还",
        "分期金额",
        "instalment_amount",
        "installment_amount",
        "instalment",
        "installment",
    ),
    "due_date": ("应还日期", "最早逾期日", "逾期日期", "逾期起始日", "应还款日", "到期日", "due_date", "oldest_due_date"),
    "days_overdue": ("逾期天数", "days_overdue", "days_past_due", "dpd"),
    "balance": ("贷款余额", "欠款余额", "余额", "剩余欠款", "balance", "outstanding_balance", "outstanding"),
    "annual_rate": ("年利率", "执行利率", "利率", "annual_rate", "interest_rate", "rate"),
    "as_of": ("数据日期", "统计日期", "截止日期", "as_of", "as_of_date", "report_date"),
    "promises": ("承诺记录", "还款承诺", "promises"),
}
# With these a row is a loan with a contract: the schedule is made from it.
CONTRACT: dict[str, tuple[str, ...]] = {
    "method": ("还款方式", "还本付息方式", "method", "repayment_method"),
    "principal": ("贷款本金", "贷款金额", "合同金额", "放款金额", "principal", "loan_amount"),
    "disbursed": ("放款日期", "放款日", "发放日期", "起息日", "disbursed", "disbursement_date"),
    "periods": ("期数", "总期数", "还款期数", "periods", "number_of_instalments"),
    "period_months": ("还款周期", "还款间隔", "period_months"),
    "first_due": ("首期日", "首次还款日", "首期应还日", "第一期日期", "first_due", "first_due_date"),
    "penalty_uplift": ("罚息上浮", "罚息上浮比例", "逾期上浮", "penalty_uplift"),
    "compound": ("是否计复利", "计复利", "compound"),
    "accrual": ("计息基准", "accrual", "day_count"),
    "grace_days": ("宽限期", "宽限天数", "grace_days"),
}  # fmt: skip
PAYMENTS: dict[str, tuple[str, ...]] = {
    "loan_id": LOAN_ID,
    "day": ("日期", "还款日期", "交易日期", "入账日期", "记账日期", "date", "day", "payment_date", "posting_date", "transaction_date"),
    "amount": ("金额", "还款金额", "交易金额", "实还金额", "发生额", "amount", "amount_paid", "paid_amount"),
    "kind": ("类型", "交易类型", "流水类型", "kind", "type", "transaction_type"),
    "source_id": ("流水号", "交易流水号", "流水编号", "凭证号", "serial_no", "transaction_id", "source_id"),
    "of": ("原流水号", "被冲正流水号", "冲正原流水号", "reverses", "reversal_of"),
    "component": ("减免项目", "component"),
    "note": ("备注", "摘要", "note", "remarks"),
}  # fmt: skip
CONTRACT_NEEDS = ("method", "principal", "disbursed", "periods", "annual_rate")

ALL: dict[Kind, Mapping[str, tuple[str, ...]]] = {"loans": {**NAMES, **CONTRACT}, "payments": PAYMENTS, "members": PERSON}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "loans": ("name", "phone", "product", "overdue_amount"),
    "payments": ("loan_id", "day", "amount"),
    "members": ("member_id",),
}
EITHER = (("id_tail", "id_number"), ("birth_date", "id_number"), ("due_date", "days_overdue"))


def bare(header: str) -> str:
    """A header without case, blanks, marks and what is in brackets, as it is compared."""
    text = unicodedata.normalize("NFKC", header).lower().lstrip("\ufeff")
    return re.sub(r"\(.*?\)|\[.*?\]|[\s_\-:*.]", "", text)


_FIELDS: dict[Kind, dict[str, str]] = {kind: {bare(n): field for field, names in known.items() for n in names} for kind, known in ALL.items()}


@dataclass(frozen=True)
class Header:
    """Field to the place of its column, the headers as written, and those that mean nothing here."""

    places: dict[str, int]
    written: tuple[str, ...]
    ignored: tuple[str, ...]
    kind: Kind = "loans"

    def column(self, field: str) -> str:
        """How the file itself calls a field; our own name for it where the file has no such column."""
        return self.written[self.places[field]] if field in self.places else ALL[self.kind][field][0]

    @property
    def has_contract(self) -> bool:
        """Whether rows may be loans with a contract."""
        return "method" in self.places


def kind_of(cells: Sequence[str]) -> Kind:
    """What a file is by its header row: of loans, of payments, or of members without loans (to complete another system's loans)."""
    known = {bare(cell) for cell in cells}

    def has(kind: Kind, *fields: str) -> bool:
        return all(any(bare(name) in known for name in ALL[kind][field]) for field in fields)

    if has("payments", "loan_id", "day", "amount") and not has("loans", "name"):
        return "payments"
    loan = any(has("loans", field) for field in ("product", "overdue_amount", "method", "loan_id"))
    return "members" if has("members", "member_id") and not loan else "loans"


def read_header(cells: Sequence[str], kind: Kind = "loans") -> Header:
    """The columns of a header row. Raises BadFile where a needed one is missing or one comes twice."""
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(cells):
        field = _FIELDS[kind].get(bare(cell))
        if field is None:
            if cell.strip():
                ignored.append(cell.strip())
        elif field in places:
            raise BadFile(f"表头中“{cells[places[field]].strip()}”和“{cell.strip()}”是同一项，请只留一列")
        else:
            places[field] = place
    if "method" not in places:  # without it the others say nothing of a schedule
        ignored += [cells[places.pop(field)].strip() for field in CONTRACT if field in places]
    header = Header(places, tuple(cell.strip() for cell in cells), tuple(ignored), kind)
    missing = missing_fields(header)
    if missing:
        raise BadFile(f"表头（第一行）缺少：{'、'.join(missing)}。认得的写法见 zhuhuan loans import --help")
    return header


def missing_fields(header: Header) -> list[str]:
    """The columns that such a file has to have and this one has not; a loan with a contract needs no figures of its arrears."""
    kind, places = header.kind, header.places
    required = REQUIRED[kind]
    either: tuple[tuple[str, ...], ...] = EITHER if kind == "loans" else ()
    if kind == "loans" and header.has_contract:
        required = (*(f for f in required if f != "overdue_amount"), *(f for f in CONTRACT_NEEDS if f not in required))
        either = EITHER[:2]
    missing = [ALL[kind][field][0] for field in required if field not in places]
    return missing + ["或".join(ALL[kind][f][0] for f in fields) for fields in either if not any(f in places for f in fields)]
