"""A member's file as tables for the terminal, personal data masked. A loan with a contract has more to tell: showing_contract.py."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from zhuhuan.loans.contract import loan_labels
from zhuhuan.loans.delinquency import classify
from zhuhuan.loans.masking import BIRTH, TAIL, mask_phone, mask_text
from zhuhuan.loans.values import LoanFacts, MemberFile

LOAN_LINES = ("编号", "逾期金额", "其中罚息费用", "逾期天数", "拖欠天数", "最早未还日或下一期", "每期金额", "余额", "年利率")
SIDE_BY_SIDE = 3  # loans in one table: more of them do not fit 80 columns
STATUSES = {
    "proposed": "已提出", "awaiting_approval": "待审批", "active": "生效", "kept": "守约", "broken": "违约", "superseded": "已被替换",
    "cancelled": "已取消", "open": "待办", "waiting_for_member": "等会员", "closed": "已办结", "drafted": "待发", "sent": "已发",
}  # fmt: skip
KINDS = {
    "whole": "一次还清", "instalments": "分期", "stepped": "先少后多", "seasonal": "按收成的月份还", "deferral": "缓一缓再还", "grace": "宽限几天",
    "partial": "先还一部分", "settlement": "提前结清", "interest_only": "先还利息", "extension": "展期",
}  # fmt: skip
APPROVERS = {"assistant": "助还", "collector": "信贷员", "supervisor": "主管", "committee": "审批小组"}
CASES = {
    "hand_over": "转人工", "dispute": "异议", "claim_paid": "说已还款", "complaint": "投诉", "crisis": "危急", "hardship": "困难", "waiver": "减免申请", "fraud": "诈骗",
}  # fmt: skip


def table_of(title: str, *headers: str, right: tuple[str, ...] = ()) -> Table:
    """An empty table; columns in `right` hold sums: to the right and never broken. Chinese has no blanks to break lines at, so others are folded."""
    table = Table(title=title, title_justify="left")
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left", no_wrap=header in right, overflow="ellipsis" if header in right else "fold")
    return table


def _loan_lines(loan: LoanFacts) -> tuple[str, ...]:
    return (
        loan.loan_id,
        f"{loan.overdue_amount:,} 元",
        f"{loan.penalty:,} 元",
        f"{loan.days_past_due} 天（{classify(loan.days_past_due).words}）",
        f"{loan.days_delinquent} 天" + ("（扣去宽限、暂停）" if loan.days_delinquent != loan.days_past_due else ""),
        str(loan.due_date or ""),
        f"{loan.instalment_amount:,} 元",
        f"{loan.balance:,} 元",
        f"{loan.annual_rate:.2%}" if loan.annual_rate is not None else "未记录",
    )


def member_tables(file: MemberFile) -> Iterator[Table]:
    """Who the member is, the loans, and what stands or stood; a table of nothing is left out."""
    yield from loans_tables(file)
    yield from agreement_tables(file)


def loans_tables(file: MemberFile) -> Iterator[Table]:
    """Who the member is, and the figures of each loan."""
    member, label = file.member, loan_labels(file)
    about = table_of(f"会员 {member.id}", "姓名", "手机号", "身份证后四位", "出生日期", "地区")
    about.add_row(member.name, mask_phone(member.phone), TAIL, BIRTH, member.region)
    yield about
    for start in range(0, len(file.loans), SIDE_BY_SIDE):
        loans = file.loans[start : start + SIDE_BY_SIDE]
        table = table_of("贷款", "项目", *(label[loan.loan_id] for loan in loans))
        for name, values in zip(LOAN_LINES, zip(*(_loan_lines(loan) for loan in loans), strict=True), strict=True):
            table.add_row(name, *values)
        yield table


def agreement_tables(file: MemberFile) -> Iterator[Table]:
    """Arrangements, promises, cases and notices, and how the member may be reached."""
    label = loan_labels(file)
    if file.arrangements:
        plans = table_of("还款安排", "贷款", "方式", "状态", "各期", "合计（元）", "审批", right=("合计（元）",))
        for plan in file.arrangements:
            parts = "\n".join(f"{part.due} {part.amount:,}" for part in plan.schedule)
            plans.add_row(label[plan.loan_id], KINDS.get(plan.kind, plan.kind), STATUSES[plan.status], parts, f"{plan.total:,}", APPROVERS[plan.approval])
        yield plans
    if file.promises:
        promises = table_of("还款承诺", "贷款", "日期", "金额（元）", "状态", right=("金额（元）",))
        for promise in file.promises:
            status = "待履行" if promise.status == "open" else STATUSES[promise.status]
            promises.add_row(label[promise.loan_id], str(promise.due), f"{promise.amount:,}", status)
        yield promises
    if file.cases or file.notices:
        cases = table_of("事项与通知", "类别", "贷款", "状态", "内容")
        for case in file.cases:
            cases.add_row(CASES[case.kind], label.get(case.loan_id or "", ""), STATUSES[case.status], mask_text(case.about, file.member))
        for notice in file.notices:
            cases.add_row(f"通知 {notice.kind}", label.get(notice.loan_id or "", ""), STATUSES[notice.status], "")
        yield cases
    yield from _contact_tables(file)


def _contact_tables(file: MemberFile) -> Iterator[Table]:
    contact = file.contact
    said = {
        "暂停联系至": str(contact.paused_until) if contact.paused_until else "",
        "不再用": "、".join(contact.stopped),
        "号码": "不是本人" if contact.wrong_number else "",
        "愿意的时间": "–".join(f"{end:%H:%M}" if end else "" for end in contact.preferred_hours or ()),
        "愿意的方式": contact.preferred_way or "",
        "第三人": "不得联系" if contact.no_third_party else "",
        "授权": "；".join(f"{c.person}：{c.matter}" + (f"，至 {c.until}" if c.until else "") for c in contact.consents),
        "特别关注": "；".join(f"{f.kind}（{f.reason}）" + (f"，至 {f.until}" if f.until else "") for f in file.flags),
    }
    if any(said.values()):
        table = table_of("联系与关注", "项目", "内容")
        for key, value in said.items():
            if value:
                table.add_row(key, mask_text(value, file.member) if key in ("授权", "特别关注") else value)
        yield table
