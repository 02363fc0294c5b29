"""A message that arrives twice under one id (a gateway that tries again) is answered again and acted on once."""

from __future__ import annotations

import pytest
from running import ACCOUNT, Running

pytestmark = pytest.mark.server


def verify(server: Running, who: object) -> None:
    server.say(who, f"身份证后四位{ACCOUNT['id_tail']}，1990年2月8号出生")  # type: ignore[arg-type]
    assert server.tracker(who)["slots"]["verified"]  # type: ignore[arg-type]


def test_wrong_details_sent_three_times_under_one_id_are_one_failure(server: Running) -> None:
    who = server.account()
    for _ in range(3):
        assert server.say(who, "身份证后四位1111，1991年3月9号出生", message_id="m-wrong")
    verify(server, who)


def test_a_complaint_sent_twice_under_one_id_is_one_case(server: Running) -> None:
    who = server.account()
    verify(server, who)
    first = server.say(who, "我要投诉你们，天天打电话", message_id="m-complaint")
    once = server.book(who)["cases"]
    assert [case["kind"] for case in once].count("complaint") == 1
    again = server.say(who, "我要投诉你们，天天打电话", message_id="m-complaint")
    assert first and again
    assert server.book(who)["cases"] == once


def test_the_same_words_under_another_id_are_another_message(server: Running) -> None:
    who = server.account()
    for number in range(3):
        server.say(who, "身份证后四位1111，1991年3月9号出生", message_id=f"m-{number}")
    server.say(who, f"身份证后四位{ACCOUNT['id_tail']}，1990年2月8号出生")
    assert not server.tracker(who)["slots"]["verified"], "three failures end in a hand-over to a person"
