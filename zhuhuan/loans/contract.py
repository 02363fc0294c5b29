"""A member's records in the form of contract.md's `book`, ready for JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from zhuhuan.loans.values import ContactState, MemberFile, Part


def loan_labels(file: MemberFile) -> dict[str, str]:
    """Loan id to how the loan is called: its product, with its id where the member has two of that product."""
    alike = Counter(loan.product for loan in file.loans)
    return {loan.loan_id: loan.product if alike[loan.product] == 1 else f"{loan.product} {loan.loan_id}" for loan in file.loans}


def schedule_as_contract(schedule: tuple[Part, ...]) -> list[dict[str, str]]:
    return [{"due": part.due.isoformat(), "amount": str(part.amount)} for part in schedule]


def book_as_contract(file: MemberFile) -> dict[str, Any]:
    """`book` of contract.md: amounts are decimal strings in yuan, days ISO."""
    label = loan_labels(file)
    return {
        "arrangements": [
            {
                "loan": label[a.loan_id],
                "kind": a.kind,
                "status": a.status,
                "schedule": schedule_as_contract(a.schedule),
                "total": str(a.total),
                "approval": a.approval,
                "cost": str(a.cost),
            }
            for a in file.arrangements
        ],
        "promises": [
            {"loan": label[p.loan_id], "amount": str(p.amount), "due": p.due.isoformat(), "status": p.status}
            for p in file.promises
        ],
        "notices": [{"kind": n.kind, "status": n.status, "loan": label.get(n.loan_id or "")} for n in file.notices],
        "cases": [{"kind": c.kind, "status": c.status, "about": c.about, "loan": label.get(c.loan_id or "")} for c in file.cases],
        "contact": _contact(file.contact),
        "flags": [{"kind": f.kind, "reason": f.reason, "until": f.until.isoformat() if f.until else None} for f in file.flags],
    }


def _contact(contact: ContactState) -> dict[str, Any]:
    hours = contact.preferred_hours
    return {
        "paused_until": contact.paused_until.isoformat() if contact.paused_until else None,
        "stopped": list(contact.stopped),
        "wrong_number": contact.wrong_number,
        "preferred_hours": "/".join(f"{end:%H:%M}" if end else "" for end in hours) if hours else None,
        "preferred_way": contact.preferred_way,
        "no_third_party": contact.no_third_party,
        "consents": [
            {"person": c.person, "matter": c.matter, "until": c.until.isoformat() if c.until else None} for c in contact.consents
        ],
    }
