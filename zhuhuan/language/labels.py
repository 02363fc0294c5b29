"""The names of labels.md, in one place: what training data, components, domain.yml and the command line all use."""

from __future__ import annotations

from typing import Final

INTENTS: Final = (
    "greet", "goodbye", "thank", "affirm", "deny", "ask_who", "ask_purpose", "confirm_identity", "provide_verification",
    "wrong_person", "third_party", "ask_overdue_details", "ask_charges", "ask_consequences", "ask_how_to_pay", "ask_plan_options",
    "state_reason", "state_means", "claim_paid", "dispute_debt", "promise_to_pay", "offer_partial", "request_instalments",
    "request_deferral", "request_waiver", "request_settlement", "accept_plan", "reject_plan", "propose_terms", "need_time",
    "refuse_to_pay", "refuse_to_talk", "stop_contact", "vent_anger", "express_distress", "complain", "ask_human", "ask_repeat",
    "out_of_scope",
)  # fmt: skip

REASONS: Final = (
    "unemployment", "income_drop", "illness", "family_emergency", "business_loss", "crop_disaster", "over_indebted", "forgot",
    "payment_failure", "not_informed", "away", "for_someone_else", "disputed", "unwilling", "other",
)  # fmt: skip

CALM: Final = "calm"
EMOTIONS: Final = (CALM, "anxious", "sad", "angry")

RISKS: Final = (
    "self_harm", "violence", "abuse_victim", "serious_illness", "bereavement", "minor_or_student", "elderly_or_disabled",
    "fraud_victim", "third_party_present", "legal_representation", "media_or_regulator",
)  # fmt: skip

QUESTIONS: Final = (
    "verify", "reason", "means", "amount", "date", "periods", "accept_plan", "objection", "confirm", "callback_time", "which_loan",
)  # fmt: skip

GOOD_ACTS: Final = (
    "greet", "introduce_self", "state_purpose", "verify_identity", "show_care", "open_question", "closed_question", "empathise",
    "acknowledge", "state_facts", "explain_consequences", "offer_plan", "ask_opinion", "adjust_plan", "explain_payment",
    "confirm_commitment", "offer_written_notice", "offer_callback", "transfer_to_human", "summarise", "close_politely",
)  # fmt: skip

BAD_ACTS: Final = (
    "threaten", "insult", "false_claim", "pressure", "argue", "interrupt_or_dismiss", "disclose_to_third_party",
    "disclose_before_verification", "promise_beyond_policy", "solicit_private_payment", "urge_borrowing",
)  # fmt: skip
