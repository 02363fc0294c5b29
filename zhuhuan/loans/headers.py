"""Which column of an imported file is which, by its Chinese or English header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from zhuhuan.loans.errors import BadFile

# The first name of each is the one that the sample book has and that messages use.
NAMES: dict[str, tuple[str, ...]] = {
    "member_id": ("会员号", "会员编号", "客户号", "客户编号", "member_id", "member_no", "customer_id", "customer_no"),
    "name": ("姓名", "客户姓名", "客户名称", "会员姓名", "借款人", "借款人姓名", "name", "member_name", "borrower", "full_name"),
    "id_tail": ("身份证后四位", "身份证尾号", "证件尾号", "证件后四位", "id_tail", "id_last4", "id_last_four"),
    "id_number": ("身份证号", "身份证号码", "证件号", "证件号码", "id_number", "id_no", "id_card"),
    "birth_date": ("出生日期", "生日", "出生年月日", "birth_date", "birthday", "date_of_birth", "dob"),
    "phone": ("手机号", "手机", "手机号码", "电话", "联系电话", "电话号码", "phone", "mobile", "phone_number", "telephone"),
    "region": ("地区", "区域", "所在地", "所属网点", "region", "area"),
    "loan_id": ("贷款编号", "贷款号", "借据号", "借据编号", "合同号", "合同编号", "loan_id", "loan_no", "contract_no"),
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
REQUIRED = ("name", "phone", "product", "overdue_amount")
EITHER = (("id_tail", "id_number"), ("birth_date", "id_number"), ("due_date", "days_overdue"))


def _bare(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).lower().lstrip("\ufeff")
    return re.sub(r"\(.*?\)|\[.*?\]|[\s_\-:*.]", "", text)


_FIELDS = {_bare(name): field for field, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Header:
    """Field to the place of its column, the headers as written, and those that mean nothing here."""

    places: dict[str, int]
    written: tuple[str, ...]
    ignored: tuple[str, ...]

    def column(self, field: str) -> str:
        """How the file itself calls a field; our own name for it where the file has no such column."""
        return self.written[self.places[field]] if field in self.places else NAMES[field][0]


def read_header(cells: Sequence[str]) -> Header:
    """The columns of a header row. Raises BadFile where a needed one is missing or one comes twice."""
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(cells):
        field = _FIELDS.get(_bare(cell))
        if field is None:
            if cell.strip():
                ignored.append(cell.strip())
        elif field in places:
            raise BadFile(f"表头中“{cells[places[field]].strip()}”和“{cell.strip()}”是同一项，请只留一列")
        else:
            places[field] = place
    missing = [NAMES[field][0] for field in REQUIRED if field not in places]
    missing += ["或".join(NAMES[f][0] for f in fields) for fields in EITHER if not any(f in places for f in fields)]
    if missing:
        raise BadFile(f"表头（第一行）缺少：{'、'.join(missing)}。认得的写法见 zhuhuan loans import --help")
    return Header(places, tuple(cell.strip() for cell in cells), tuple(ignored))
