"""Anger, despair, danger (guide 6.2). What is decided stands in zhuhuan.guide.de_escalate; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import care, de_escalate


class Anger(GuideAction):
    """Anger."""

    action = "action_anger"
    decide = staticmethod(de_escalate.angry)


class Distress(GuideAction):
    """Despair."""

    action = "action_distress"
    decide = staticmethod(de_escalate.distress)


class Care(GuideAction):
    """Danger: a crisis sign, violence at home, a fraud under way."""

    action = "action_care"
    decide = staticmethod(care.at_once)
