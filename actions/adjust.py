"""Adjusting (guide 6.3). What is decided stands in zhuhuan.guide.adjust; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import adjust


class RejectPlan(GuideAction):
    """The plan does not fit."""

    action = "action_reject_plan"
    decide = staticmethod(adjust.reject)


class Terms(GuideAction):
    """Own terms."""

    action = "action_terms"
    decide = staticmethod(adjust.terms)


class NothingToObject(GuideAction):
    """Nothing objected to."""

    action = "action_nothing_to_object"
    decide = staticmethod(adjust.nothing_to_object)


class Correct(GuideAction):
    """A value put right."""

    action = "action_correct"
    decide = staticmethod(adjust.corrected)
