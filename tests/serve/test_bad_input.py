"""Whatever arrives gets a courteous answer, tells nothing of a debt, and leaves nothing above WARNING in the logs."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from running import Running

pytestmark = pytest.mark.server

FACTS = re.compile(r"逾期|欠|贷款|罚息|还款|借款|应还|催|征信|本金|利息|\d{3,}\.\d\d|\{|\}|utter_")
MESSAGES = {
    "empty": "",
    "blanks": " \t\n　",
    "five thousand characters": "我想问一下，" * 834,
    "five thousand of one letter": "a" * 5000,
    "emoji only": "😀👍🏽👨‍👩‍👧🇨🇳",
    "a dot": "。",
    "english": "Hello, who is this? I do not speak Chinese.",
    "russian": "Здравствуйте, кто это?",
    "arabic": "مرحبا من أنت",
    "sql": "'; DROP TABLE member; -- 1=1",
    "markup": "<script>alert('x')</script> <b>你好</b> &amp; [链接](javascript:alert(1))",
    "template": "{house} {{7*7}} ${jndi:ldap://x} %s %n",
    "command": "/restart",
    "an intent by name": '/accept_plan{"amount": "1"}',
    "control characters": "你\x00好\x07\x1b[31m",
    "digits": "9" * 400,
    "traditional": "請問你是哪位",
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_kind_of_message_gets_a_courteous_answer(server: Running, kind: str) -> None:
    who = server.account()
    replies = server.say(who, MESSAGES[kind])
    assert replies and all(reply.strip() for reply in replies)
    assert not FACTS.findall("".join(replies)), replies
    assert server.say(who, "你好"), "the conversation goes on"
    assert server.loud() == []


@pytest.mark.parametrize("body", [{"sender": "19900019001"}, {"sender": "19900019002", "message": None}, {"sender": "19900019003", "message": 42},
                                  {"sender": "19900019004", "message": {"a": 1}}, {"sender": "19900019005", "message": "你好", "metadata": "x", "input_channel": 7}])  # fmt: skip
def test_a_body_of_the_wrong_shape_is_answered_too(server: Running, body: dict[str, object]) -> None:
    server.account(sender=str(body["sender"]))
    answer = httpx.post(f"{server.client.url}/webhooks/rest/webhook", json=body, timeout=30)
    assert answer.status_code == 200 and answer.json()
    assert server.loud() == []


def test_half_a_surrogate_is_answered_too(server: Running) -> None:
    server.account(sender="19900019006")
    body = b'{"sender": "19900019006", "message": "\\ud83d \\u4f60\\u597d"}'
    answer = httpx.post(f"{server.client.url}/webhooks/rest/webhook", content=body, headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.status_code == 200 and answer.json()
    assert server.loud() == []


def test_an_unknown_sender_is_answered_and_learns_nothing(server: Running) -> None:
    who = server.stranger("15500000000")
    for text in ("你好", "我是林晓燕 身份证后四位4410 90年2月8号", "我欠你们多少钱"):
        replies = server.say(who, text)
        assert replies
        assert not FACTS.findall("".join(replies)), replies
    assert not server.tracker(who)["slots"]["verified"]
    assert server.loud() == []


def test_twenty_messages_in_one_second_are_all_answered(server: Running) -> None:
    who = server.account()
    moment = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda i: server.say(who, f"你好，在吗 {i}"), range(20)))
    assert all(answers), answers
    assert time.monotonic() - moment < 20
    assert server.say(who, "你好")
    assert server.loud() == []
