"""Solving (guide 5.3). What is decided stands in zhuhuan.guide.solve; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import solve


class PlanOptions(GuideAction):
    """Which plans exist."""

    action = "action_plan_options"
    decide = staticmethod(solve.ask_options)


class Wish(GuideAction):
    """A wish or promise of the member's own."""

    action = "action_wish"
    decide = staticmethod(solve.wish)


class Waiver(GuideAction):
    """A waiver asked for."""

    action = "action_waiver"
    decide = staticmethod(solve.waiver)


class Settlement(GuideAction):
    """All at once."""

    action = "action_settlement"
    decide = staticmethod(solve.settlement)


class AcceptPlan(GuideAction):
    """A plain yes to a plan."""

    action = "action_accept_plan"
    decide = staticmethod(solve.accept)


class HedgedYes(GuideAction):
    """A yes that is none."""

    action = "action_hedged_yes"
    decide = staticmethod(solve.hedged)
