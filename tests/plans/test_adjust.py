"""An objection changes what was objected to and nothing else."""

from __future__ import annotations

from datetime import date

from plans_given import POLICY, TODAY, dated, loan

from zhuhuan.money import yuan
from zhuhuan.plans.adjust import WRITTEN, adjust
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.values import Declined, Offer, OfferKey, Proposal, Said

SAID = Said(periods=3, start=date(2026, 12, 15))
OPEN = Said(start=date(2026, 12, 15))
LOAN = loan("3600.00")


def standing() -> Offer:
    found = own_terms(LOAN, SAID, POLICY, TODAY)
    assert isinstance(found, Offer)
    return found


def changed(objection: str | None, said: Said = OPEN, refused: tuple[OfferKey, ...] = (), facts=LOAN, old: Offer | None = None) -> Offer:  # type: ignore[no-untyped-def]
    found = adjust(facts, said, old or standing(), objection, POLICY, TODAY, refused)  # type: ignore[arg-type]
    assert isinstance(found, Proposal) and found.offers, found
    return found.offers[0]


def test_too_much_makes_smaller_parts_from_the_same_day() -> None:
    offer = changed("amount")
    assert dated(offer)[0] == ("2026-12-15", "720.00") and len(offer.schedule) == 5
    assert "1200.00元" in offer.why and "720.00元" in offer.why


def test_too_much_with_a_maximum_named_goes_below_it() -> None:
    assert max(p.amount for p in changed("amount", Said(start=date(2026, 12, 15), at_most_month=yuan("400"))).schedule) == yuan("400")


def test_too_much_again_goes_further_and_never_back() -> None:
    first = changed("amount")
    second = changed("amount", refused=(standing().key, first.key), old=first)
    assert max(p.amount for p in second.schedule) < max(p.amount for p in first.schedule)


def test_too_much_for_one_sum_makes_parts_of_it() -> None:
    whole = own_terms(LOAN, Said(until=date(2026, 12, 15)), POLICY, TODAY)
    assert isinstance(whole, Offer)
    offer = changed("amount", Said(), old=whole)
    assert offer.kind == "instalments" and offer.schedule[0].due == date(2026, 12, 15) and len(offer.schedule) > 1


def test_too_early_moves_the_start_and_keeps_sums_and_number() -> None:
    offer = changed("start")
    assert dated(offer) == [("2027-01-15", "1200.00"), ("2027-02-15", "1200.00"), ("2027-03-15", "1200.00")]


def test_too_early_with_a_day_named_starts_on_that_day() -> None:
    assert changed("start", Said(start=date(2027, 1, 8))).schedule[0].due == date(2027, 1, 8)


def test_too_long_makes_fewer_parts_within_the_ceiling() -> None:
    assert len(changed("length").schedule) == 2
    tight = adjust(LOAN, Said(start=date(2026, 12, 15), at_most_month=yuan("1200")), standing(), "length", POLICY, TODAY)
    assert isinstance(tight, Declined) and "1200.00元" in tight.why


def test_too_short_with_a_number_named_makes_that_number() -> None:
    assert len(changed("length", Said(start=date(2026, 12, 15), periods=6)).schedule) == 6


def test_interest_brings_the_cheaper_plan_and_who_decides_on_a_waiver() -> None:
    facts = loan("3600.00", rate="0.0675")
    old = own_terms(facts, SAID, POLICY, TODAY)
    assert isinstance(old, Offer)
    found = adjust(facts, OPEN, old, "interest", POLICY, TODAY)
    assert isinstance(found, Proposal)
    assert found.offers[0].cost < old.cost
    assert found.declined[0].approver == "supervisor" and "定不了" in found.declined[0].why


def test_interest_without_a_rate_in_the_book_names_no_figure() -> None:
    found = adjust(LOAN, OPEN, standing(), "interest", POLICY, TODAY)
    assert isinstance(found, Declined)
    assert found.approver == "supervisor" and not any(c.isdigit() for c in found.why)


def test_distrust_gets_the_same_plan_explained_and_in_writing_then_a_person() -> None:
    offer = changed("trust", refused=(standing().key,))
    assert offer.key == standing().key and WRITTEN in offer.notes
    again = adjust(LOAN, OPEN, offer, "trust", POLICY, TODAY)
    assert isinstance(again, Declined) and again.approver == "collector"


def test_no_objection_named_brings_other_plans_altogether() -> None:
    found = adjust(LOAN, OPEN, standing(), None, POLICY, TODAY)
    assert isinstance(found, Proposal)
    assert standing().schedule not in {o.schedule for o in found.offers}


def test_an_amount_that_cannot_go_lower_says_so_and_names_a_person() -> None:
    longest = own_terms(LOAN, Said(periods=60, start=date(2026, 12, 15)), POLICY, TODAY)
    assert isinstance(longest, Offer)
    found = adjust(LOAN, OPEN, longest, "amount", POLICY, TODAY)
    assert isinstance(found, Declined) and found.approver == "collector" and "60期" in found.why
