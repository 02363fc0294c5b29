"""Opening (guide 5.1) and identity. What is decided stands in zhuhuan.guide.open; here it only gets its name."""

from __future__ import annotations

from actions.carrying import GuideAction
from zhuhuan.guide import open


class Greet(GuideAction):
    """Greeting before verification."""

    action = "action_greet"
    decide = staticmethod(open.greet)


class SayWho(GuideAction):
    """`你哪位` before verification."""

    action = "action_say_who"
    decide = staticmethod(open.say_who)


class SayPurpose(GuideAction):
    """`找我什么事` before verification."""

    action = "action_say_purpose"
    decide = staticmethod(open.say_purpose)


class IdentityClaimed(GuideAction):
    """`我就是`."""

    action = "action_identity_claimed"
    decide = staticmethod(open.identity_claimed)


class Verification(GuideAction):
    """Identity details."""

    action = "action_verification"
    decide = staticmethod(open.verification)


class HoldUntilVerified(GuideAction):
    """The matter itself, before verification."""

    action = "action_hold_until_verified"
    decide = staticmethod(open.hold)


class VerifyDeclined(GuideAction):
    """Details refused."""

    action = "action_verify_declined"
    decide = staticmethod(open.will_not_verify)


class WrongPerson(GuideAction):
    """`打错了`."""

    action = "action_wrong_person"
    decide = staticmethod(open.wrong_person)


class ThirdParty(GuideAction):
    """Someone who knows the member."""

    action = "action_third_party"
    decide = staticmethod(open.third_party)


class VerifiedThirdParty(GuideAction):
    """Someone else drawn in after verification."""

    action = "action_verified_third_party"
    decide = staticmethod(open.verified_third_party)


class VerifiedWrongPerson(GuideAction):
    """Identity taken back."""

    action = "action_verified_wrong_person"
    decide = staticmethod(open.verified_wrong_person)


class GreetVerified(GuideAction):
    """Greeting or details again, verified."""

    action = "action_greet_verified"
    decide = staticmethod(open.verified_again)


class WhoVerified(GuideAction):
    """`你哪位`, verified."""

    action = "action_who_verified"
    decide = staticmethod(open.verified_who)


class PurposeVerified(GuideAction):
    """`问这个干啥`, verified."""

    action = "action_purpose_verified"
    decide = staticmethod(open.verified_purpose)


class ComplaintUnverified(GuideAction):
    """A complaint before verification."""

    action = "action_complaint_unverified"
    decide = staticmethod(open.complaint)
