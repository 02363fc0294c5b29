"""What the conversation rules out."""

from zhuhuan.language.context import in_context, possible


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
