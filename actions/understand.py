"""Understanding (guide 5.2). What is decided stands in zhuhuan.guide.understand; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import understand


class HearReason(GuideAction):
    """Why the payment was missed."""

    action = "action_hear_reason"
    decide = staticmethod(understand.reason)


class HearMeans(GuideAction):
    """Income, outgoings, ability."""

    action = "action_hear_means"
    decide = staticmethod(understand.means)


class NotTelling(GuideAction):
    """A question not answered."""

    action = "action_not_telling"
    decide = staticmethod(understand.not_telling)


class ChooseLoan(GuideAction):
    """Which of several loans."""

    action = "action_choose_loan"
    decide = staticmethod(understand.which_loan)
