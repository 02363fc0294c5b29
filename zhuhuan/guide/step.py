"""What comes next in the guide's flow, once a message is answered: the one question that is missing, or plans.

Understand before counting (guide 5.2): the reason by an open question, then what is possible, then plans. What was said or declined
is not asked again (conversation.md 5).
"""

from __future__ import annotations

from dataclasses import replace

from zhuhuan.calendar import day_in_words
from zhuhuan.guide.asking import ask
from zhuhuan.guide.broken import another_plan, as_of_today, spoken_of
from zhuhuan.guide.offers import offer_plans
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.settle import settle
from zhuhuan.guide.turn import Outcome, Say
from zhuhuan.guide.words import agreement_words, tell_facts
from zhuhuan.loans.values import Arrangement
from zhuhuan.money import speak
from zhuhuan.plans.asking import worth_asking
from zhuhuan.plans.values import Said

TIMES_ASKED = 2  # a question that was not understood twice is not put a third time
MISHAPS = frozenset({"payment_failure", "forgot"})  # reasons that are no lack of money


def knows_means(said: Said) -> bool:
    """Whether anything was said of what the member can pay or when."""
    return any((said.at_most_month, said.at_most_week, said.first_at_most, said.each, said.start, said.until, said.periods, said.defer_months,
                said.defer_days, said.pay_months, said.parts, said.income))


def terms_named(said: Said) -> bool:
    """Whether the member's own words describe a plan, wholly or in part."""
    return any((said.each, said.until, said.periods, said.defer_months, said.defer_days, said.parts, said.first_at_most, said.at_most_week, said.start))


def pick_loan(scene: Scene, *lead: Say) -> Outcome:
    """No single overdue loan is meant: ask which, or say that nothing is overdue."""
    overdue = scene.file.overdue_loans
    if not overdue:
        nxt = min((loan.due_date for loan in scene.file.loans if loan.due_date), default=None)
        say = Say("utter_nothing_overdue_next", {"due": day_in_words(nxt, scene.turn.today)}) if nxt else Say("utter_nothing_overdue")
        return scene.outcome(*lead, say, stage="close", why="nothing overdue")
    if scene.memory.asked.count("which_loan") >= TIMES_ASKED:  # no third time: the oldest arrears first, and say so
        oldest = max(overdue, key=lambda loan: loan.days_past_due)
        chosen = replace(scene, loan=oldest, memory=scene.memory.with_(loan_id=oldest.loan_id))
        return next_step(chosen, *lead, Say("utter_loan_chosen", {"product": oldest.product}))
    listing = "；".join(f"{i}. {loan.product}{speak(loan.overdue_amount)}，{loan.days_past_due}天" for i, loan in enumerate(overdue, 1))
    return scene.outcome(*lead, Say("utter_ask_which_loan", {"loans": listing, "count": str(len(overdue))}), question="which_loan", why="several overdue", asked=(*scene.memory.asked, "which_loan"))


def tell_standing(scene: Scene, *lead: Say) -> Outcome:
    """A member who comes back is greeted with what was agreed; where the ledger has ended it meanwhile, with thanks or with one kind question."""
    assert scene.loan is not None
    agreement = scene.file.standing(scene.loan.loan_id)
    assert agreement is not None
    over = as_of_today(scene, agreement)
    if over is not None:
        scene, status, record = over
        lead = (*lead, Say("utter_kept", agreement_words(agreement, scene))) if status == "kept" else lead
        memory = scene.memory.with_(agreed=False) if status == "kept" else scene.memory
        overdue = scene.loan if scene.loan is not None and scene.loan.overdue else None
        return next_step(replace(scene, memory=memory, loan=overdue), *lead).writing(record)
    waiting = isinstance(agreement, Arrangement) and agreement.status == "awaiting_approval"
    late = waiting and isinstance(agreement, Arrangement) and min(p.due for p in agreement.schedule) < scene.turn.today
    name = "utter_standing_late_approval" if late else "utter_standing_waiting" if waiting else "utter_standing"
    return scene.outcome(*lead, Say(name, agreement_words(agreement, scene)), stage="close", why="standing agreement told", agreed=True)


def next_step(scene: Scene, *lead: Say) -> Outcome:
    """The next question or the plans, after `lead`."""
    if scene.loan is None:
        return pick_loan(scene, *lead)
    if scene.memory.agreed and scene.file.standing(scene.loan.loan_id):
        return scene.outcome(*lead, why="agreement stands", stage="close")
    broken, scene = spoken_of(scene, calm_enough(scene))
    lead, memory, said = (*lead, *broken), scene.memory, scene.said
    open_question = not said.reason and "reason" not in memory.asked and "reason" not in memory.declined and not terms_named(said)
    if not memory.facts_told and calm_enough(scene) and not (broken and open_question):  # what is owed can wait until the member was heard
        lead = (*lead, tell_facts(scene))
        scene = replace(scene, memory=memory.with_(facts_told=True))
    if open_question:
        return ask(scene, "reason", *lead)
    if terms_named(said) and memory.wish:
        return settle(scene, *lead)
    if said.reason in MISHAPS and not knows_means(said) and not {"date", "means"} & {*memory.asked, *memory.declined}:
        return ask(scene, "date", *lead)  # the money is there: when, not how much
    if not {"means", "outgoings"} & {*memory.declined} and (question := _worth_asking(scene)):
        if question == "outgoings":
            scene = replace(scene, memory=scene.memory.with_(asked=(*scene.memory.asked, "outgoings")))
            return ask(scene, "means", *lead, response="utter_ask_outgoings")
        return ask(scene, "means", *lead)
    return offer_plans(another_plan(scene), *lead)


def _worth_asking(scene: Scene) -> str | None:
    """What of the member's means is unknown, was not asked yet, and could change the plans: means as a whole, or what goes out beside an income told."""
    said, asked = scene.said, scene.memory.asked
    assert scene.loan is not None
    if not knows_means(said):
        wanted = "means"
    elif said.income is not None and said.outgoings is None and said.at_most_month is None and said.at_most_week is None:
        wanted = "outgoings"
    else:
        return None
    if wanted in asked:
        return None
    unknown = worth_asking(scene.loan, said, scene.desk.policy, scene.turn.today)
    return wanted if (unknown if wanted == "means" else "outgoings" in unknown) else None


def calm_enough(scene: Scene) -> bool:
    """No figure before the feeling is answered (guide 3.1, 6.2)."""
    heard = scene.turn.understood
    return not (heard.emotion in ("sad", "angry") and heard.intensity >= 0.5) and not heard.risk & {"bereavement", "self_harm", "abuse_victim"}


def back_to(scene: Scene, *lead: Say) -> Outcome:
    """After an interruption: back to what was being asked, in other words than before."""
    question = scene.turn.question
    if question is None or question == "verify" or question in scene.memory.declined:
        return scene.outcome(*lead, question=None, why="interruption answered")
    return scene.outcome(*lead, Say(f"utter_back_{question}"), question=question, why=f"back to {question}")
