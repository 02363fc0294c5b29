"""What was not surely understood is not acted on as if it had been said."""

from pathlib import Path

import pytest
from talking import Talk, close, open, said


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path)


@pytest.mark.parametrize(("confidence", "cases"), [(0.9, ["claim_paid"]), (0.34, [])])
def test_a_claim_guessed_before_verification_is_not_come_back_to(talk: Talk, confidence: float, cases: list[str]) -> None:
    talk.hear(open.hold, "claim_paid", "老伴上个月走了 你们的短信我才看见", confidence=confidence)
    talk.verify()
    assert [case["kind"] for case in talk.book["cases"]] == cases


def test_a_paper_asked_for_is_no_wish_for_a_person(talk: Talk) -> None:
    talk.verify()
    talk.memory = talk.memory.with_(agreed=True)
    outcome = talk.hear(close.ask_human, "ask_human", "能给我个书面的不", confidence=0.34)
    assert said(outcome)[0] == "utter_written"
    assert talk.book["cases"] == []


def test_a_person_surely_asked_for_is_called_even_where_a_paper_is_named(talk: Talk) -> None:
    talk.verify()
    talk.hear(close.ask_human, "ask_human", "转人工 我要书面的", confidence=0.95)
    assert [case["kind"] for case in talk.book["cases"]] == ["hand_over"]
