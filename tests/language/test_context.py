"""What the conversation rules out and what it settles."""

import pytest

from zhuhuan.language.context import in_context, possible, settled


def test_identity_details_have_figures_in_them() -> None:
    assert possible("provide_verification", "四四一零", verified=False)
    assert not possible("provide_verification", "猪遭了瘟", verified=False)


def test_who_is_verified_gives_details_again_only_in_so_many_words() -> None:
    assert not possible("provide_verification", "1380今天", verified=True)
    assert possible("provide_verification", "尾号4410", verified=True)


def test_what_is_ruled_out_gives_its_confidence_to_the_others() -> None:
    assert in_context([("provide_verification", 0.5), ("offer_partial", 0.3), ("deny", 0.2)], "先还一半", False) == [("offer_partial", 0.6), ("deny", 0.4)]


def test_where_all_is_ruled_out_the_ranking_stays() -> None:
    assert in_context([("provide_verification", 1.0)], "猪", False) == [("provide_verification", 1.0)]


@pytest.mark.parametrize(("text", "question", "intent"), [
    ("1500", "verify", "provide_verification"), ("441x", "verify", "provide_verification"), ("19900208", "verify", "provide_verification"),
    ("3621", "amount", "propose_terms"), ("三千", "amount", "propose_terms"), ("两千五吧", "means", "state_means"), ("12", "periods", "propose_terms"),
    ("三千太多", "amount", None), ("15号", "date", None), ("三千", None, None), ("", "amount", None), ("嗯", "amount", None),
])  # fmt: skip
def test_a_reply_that_is_only_a_figure_means_what_was_asked(text: str, question: str | None, intent: str | None) -> None:
    assert settled(text, question) == intent
    ranking = in_context([("greet", 0.6), ("propose_terms", 0.4)], text, False, question)
    assert abs(sum(confidence for _, confidence in ranking) - 1) < 1e-6
    assert ranking[0][0] == (intent or "greet")
