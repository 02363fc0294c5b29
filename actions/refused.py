"""Refusal, stop, time (guide 6.1). What is decided stands in zhuhuan.guide.refused; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import refused
from zhuhuan.guide.detours import detoured


class RefuseToPay(GuideAction):
    """Will not pay."""

    action = "action_refuse_to_pay"
    decide = staticmethod(refused.refuse_to_pay)


class RefuseToTalk(GuideAction):
    """Will not talk."""

    action = "action_refuse_to_talk"
    decide = staticmethod(refused.refuse_to_talk)


class StopContact(GuideAction):
    """Stop."""

    action = "action_stop_contact"
    decide = staticmethod(refused.stop_contact)


class NeedTime(GuideAction):
    """Needs time."""

    action = "action_need_time"
    decide = staticmethod(detoured(refused.need_time))
