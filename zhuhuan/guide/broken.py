"""What was agreed and did not come (guide 3.1, 5.3): one kind word, one open question, another plan. No blame, no threat, no figure before feeling."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast, get_args

from zhuhuan.guide.handing import REASONS
from zhuhuan.guide.hearing import WISHES
from zhuhuan.guide.scene import PERSONAL, Scene
from zhuhuan.guide.turn import Say
from zhuhuan.guide.words import agreement_words
from zhuhuan.loans.keeping import Followed, status_by
from zhuhuan.loans.values import Arrangement, ArrangementStatus, FollowUp, LoanFacts, MemberFile, Part, Promise, PromiseStatus
from zhuhuan.money import ZERO
from zhuhuan.plans.lifecycle import grace_of
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Offer, PlanKind, Said

OWN_TERMS = frozenset({*WISHES, "propose_terms"})


def _last_due(agreement: Arrangement | Promise) -> Part:
    return agreement.schedule[-1] if isinstance(agreement, Arrangement) else Part(agreement.due, agreement.amount)


def newest(file: MemberFile, loan_id: str) -> Arrangement | Promise | None:
    """The agreement on a loan that was made last; those of which a source told have no moment and come before, by their days."""
    every: tuple[Arrangement | Promise, ...] = (*file.arrangements, *file.promises)
    found = [a for a in every if a.loan_id == loan_id and (isinstance(a, Promise) or a.schedule)]
    return max(found, key=lambda a: (a.made_at or datetime.min, _last_due(a).due, a.id), default=None)


def broken_agreement(file: MemberFile, loan: LoanFacts) -> Arrangement | Promise | None:
    """The loan's last agreement where it was broken, about arrears that are still there; None where it is another matter by now."""
    last = newest(file, loan.loan_id)
    if last is None or last.status != "broken" or not loan.overdue or loan.due_date is None:
        return None
    return last if _last_due(last).due >= loan.due_date else None


def spoken_of(scene: Scene, calm: bool) -> tuple[tuple[Say, ...], Scene]:
    """What is said, once, of an agreement that was not kept, and the scene in which its schedule counts as refused. Nothing said where there is none.

    calm: figures may be named. Where it was agreed in this very conversation, what was said then is of that time: the talk begins anew.
    """
    assert scene.loan is not None
    agreement = broken_agreement(scene.file, scene.loan)
    if agreement is None or (mark := _mark(agreement)) in scene.memory.asked:
        return (), scene
    memory = scene.memory
    if memory.agreed:
        memory = memory.with_(agreed=False, facts_told=False, offers=(), steps=(), turned_down=(), declined=(), asked=(), **_heard_since(scene))
    memory = memory.with_(asked=(*memory.asked, mark), turned_down=(*memory.turned_down, _as_offer(agreement)))
    say = Say("utter_broken", agreement_words(agreement, scene)) if calm else Say("utter_broken_gently")
    return (say,), replace(scene, memory=memory)


def _mark(agreement: Arrangement | Promise) -> str:
    return f"broken_{'a' if isinstance(agreement, Arrangement) else 'p'}{agreement.id}"


def _heard_since(scene: Scene) -> dict[str, object]:
    """What the member said and wished since coming back; of the time before only what is about the person."""
    if {scene.turn.understood.intent, scene.before.topic} & OWN_TERMS:
        return {"said": scene.said}
    answered = (name.split("_", 2)[-1] for name in reversed(scene.memory.acknowledged))  # what came after a silence alone: see actions/turns.py
    told = scene.turn.understood.reason or next((reason for what in answered for reason in REASONS if what.startswith(reason)), None)
    personal = {name: getattr(scene.said, name) for name in PERSONAL}
    return {"said": Said(**{**personal, "reason": told}), "wish": None}


def _as_offer(agreement: Arrangement | Promise) -> Offer:
    """The agreement as a plan that does not come again."""
    if isinstance(agreement, Promise):
        return Offer("whole", (Part(agreement.due, agreement.amount),), agreement.amount, ZERO, "assistant", "", promise=True)
    kind = cast(PlanKind, agreement.kind) if agreement.kind in get_args(PlanKind) else "instalments"
    return Offer(kind, agreement.schedule, agreement.total, agreement.cost, agreement.approval, agreement.why)


def another_plan(scene: Scene) -> Scene:
    """The scene in which a plan with the very sums of the broken one counts as refused too, whatever its days; a single sum on another day is another plan."""
    assert scene.loan is not None
    agreement = broken_agreement(scene.file, scene.loan)
    if not isinstance(agreement, Arrangement) or len(agreement.schedule) < 2:
        return scene
    sums, refused = [part.amount for part in agreement.schedule], [offer.key for offer in scene.memory.turned_down]
    offers = propose(scene.loan, scene.said, scene.desk.policy, scene.turn.today, refused=refused).offers
    same = tuple(offer for offer in offers if [part.amount for part in offer.schedule] == sums)
    return replace(scene, memory=scene.memory.with_(turned_down=(*scene.memory.turned_down, *same))) if same else scene


# --- by the ledger of today, before the night has run ---------------------------------------------------------------------


def followed(scene: Scene, agreement: Arrangement | Promise) -> Followed | None:
    """What came in for an agreement; None where the book cannot tell."""
    kind = "arrangement" if isinstance(agreement, Arrangement) else "promise"
    all_of_member = scene.desk.book.followed(scene.file.member.id, scene.turn.today)
    return next((f for f in all_of_member if (f.kind, f.id) == (kind, agreement.id)), None)


def as_of_today(scene: Scene, agreement: Arrangement | Promise) -> tuple[Scene, str, FollowUp] | None:
    """Where the ledger has ended what stands in the book: the scene that knows it, the status, the record that writes it; None where it still stands."""
    assert scene.loan is not None
    one = followed(scene, agreement)
    grace = grace_of(scene.desk.policy.terms(scene.loan.product, scene.loan.days_past_due, scene.turn.today))
    status = status_by(agreement.status, one.parts, scene.turn.today, grace) if one else agreement.status
    if status == agreement.status:
        return None
    file = replace(
        scene.file,
        arrangements=tuple(replace(a, status=cast(ArrangementStatus, status)) if a == agreement else a for a in scene.file.arrangements),
        promises=tuple(replace(p, status=cast(PromiseStatus, status)) if p == agreement else p for p in scene.file.promises),
    )
    return replace(scene, file=file), status, FollowUp(agreement.loan_id, grace.late_days, grace.with_reason)
