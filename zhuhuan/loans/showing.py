"""A member's file as tables for the terminal, personal data masked."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from zhuhuan.loans.contract import loan_labels
from zhuhuan.loans.delinquency import delinquency_class
from zhuhuan.loans.importing import Report
from zhuhuan.loans.masking import BIRTH, TAIL, mask_phone
from zhuhuan.loans.values import LoanFacts, MemberFile

CLASSES = {"current": "未逾期", "short_term": "短期", "long_term": "长期"}
LOAN_LINES = ("编号", "逾期金额", "其中罚息", "逾期天数", "最早未还日或下一期", "每期金额", "余额", "年利率")
STATUSES = {
    "proposed": "已提出", "awaiting_approval": "待审批", "active": "生效", "kept": "守约", "broken": "违约", "superseded": "已被替换",
    "cancelled": "已取消", "open": "待办", "waiting_for_member": "等会员", "closed": "已办结", "drafted": "待发", "sent": "已发",
}  # fmt: skip


def _table(title: str, *headers: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left")
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left")
    return table


def _loan_lines(loan: LoanFacts) -> tuple[str, ...]:
    return (
        loan.loan_id,
        f"{loan.overdue_amount:,} 元",
        f"{loan.penalty:,} 元",
        f"{loan.days_past_due} 天（{CLASSES[delinquency_class(loan.days_past_due)]}）",
        str(loan.due_date or ""),
        f"{loan.instalment_amount:,} 元",
        f"{loan.balance:,} 元",
        f"{loan.annual_rate:.2%}" if loan.annual_rate is not None else "未记录",
    )


def member_tables(file: MemberFile) -> Iterator[Table]:
    """Who the member is, the loans, and what stands or stood; a table of nothing is left out."""
    member, label = file.member, loan_labels(file)
    about = _table(f"会员 {member.id}", "姓名", "手机号", "身份证后四位", "出生日期", "地区")
    about.add_row(member.name, mask_phone(member.phone), TAIL, BIRTH, member.region)
    yield about
    loans = _table("贷款", "项目", *(label[loan.loan_id] for loan in file.loans))
    for name, values in zip(LOAN_LINES, zip(*(_loan_lines(loan) for loan in file.loans), strict=True), strict=False):
        loans.add_row(name, *values)
    yield loans
    if file.arrangements:
        plans = _table("还款安排", "贷款", "方式", "状态", "各期", "合计（元）", "审批", right=("合计（元）",))
        for plan in file.arrangements:
            parts = "\n".join(f"{part.due} {part.amount:,}" for part in plan.schedule)
            plans.add_row(label[plan.loan_id], plan.kind, STATUSES[plan.status], parts, f"{plan.total:,}", plan.approval)
        yield plans
    if file.promises:
        promises = _table("还款承诺", "贷款", "日期", "金额（元）", "状态", right=("金额（元）",))
        for promise in file.promises:
            promises.add_row(label[promise.loan_id], str(promise.due), f"{promise.amount:,}", STATUSES[promise.status])
        yield promises
    if file.cases or file.notices:
        cases = _table("事项与通知", "类别", "贷款", "状态", "内容")
        for case in file.cases:
            cases.add_row(case.kind, label.get(case.loan_id or "", ""), STATUSES[case.status], case.about)
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
        table = _table("联系与关注", "项目", "内容")
        for key, value in said.items():
            if value:
                table.add_row(key, value)
        yield table


def problem_table(report: Report, most: int = 200) -> Table:
    """The bad rows of an import: line, column, reason; at most `most` of them."""
    count = len(report.problems)
    table = _table(f"{count} 处有误" + (f"，前 {most} 处：" if count > most else "："), "行", "列", "原因", right=("行",))
    for problem in report.problems[:most]:
        table.add_row(str(problem.line), problem.column, problem.reason)
    return table


def summary(report: Report) -> str:
    """One sentence on what an import did."""
    members, loans = report.members, report.loans
    return (
        f"会员：新增 {members['added']}，更新 {members['updated']}，不变 {members['unchanged']}；"
        f"贷款：新增 {loans['added']}，更新 {loans['updated']}，不变 {loans['unchanged']}；承诺记录：新增 {report.promises}。"
    )
