"""Informing (guide 3.2), claims and disputes. What is decided stands in zhuhuan.guide.inform; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import dispute, inform
from zhuhuan.guide.detours import detoured


class OverdueDetails(GuideAction):
    """Amount and days."""

    action = "action_overdue_details"
    decide = staticmethod(inform.overdue_details)


class Charges(GuideAction):
    """How charges are computed."""

    action = "action_charges"
    decide = staticmethod(inform.charges)


class Consequences(GuideAction):
    """What follows."""

    action = "action_consequences"
    decide = staticmethod(inform.consequences)


class HowToPay(GuideAction):
    """Where and how to pay."""

    action = "action_how_to_pay"
    decide = staticmethod(inform.how_to_pay)


class ClaimPaid(GuideAction):
    """Paid already."""

    action = "action_claim_paid"
    decide = staticmethod(detoured(dispute.claim_paid))


class Dispute(GuideAction):
    """Debt or amount denied."""

    action = "action_dispute"
    decide = staticmethod(detoured(dispute.dispute_debt))


class Complaint(GuideAction):
    """A complaint."""

    action = "action_complaint"
    decide = staticmethod(dispute.complain)
