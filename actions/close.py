"""Closing (guide 7) and what may come at any point. What is decided stands in zhuhuan.guide.close; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import close


class Goodbye(GuideAction):
    """Goodbye."""

    action = "action_goodbye"
    decide = staticmethod(close.goodbye)


class Thank(GuideAction):
    """Thanks."""

    action = "action_thank"
    decide = staticmethod(close.thank)


class AskHuman(GuideAction):
    """A person asked for."""

    action = "action_ask_human"
    decide = staticmethod(close.ask_human)


class AskRepeat(GuideAction):
    """Once more."""

    action = "action_ask_repeat"
    decide = staticmethod(close.ask_repeat)


class OutOfScope(GuideAction):
    """Something else."""

    action = "action_out_of_scope"
    decide = staticmethod(close.out_of_scope)


class Clarify(GuideAction):
    """Unsure what was meant."""

    action = "action_clarify"
    decide = staticmethod(close.clarify)


class Yes(GuideAction):
    """Yes to the last question."""

    action = "action_yes"
    decide = staticmethod(close.yes)


class No(GuideAction):
    """No to the last question."""

    action = "action_no"
    decide = staticmethod(close.no)
