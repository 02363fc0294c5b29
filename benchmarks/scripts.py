"""What is said to the bots. Every sentence of a run is another one: our bot keeps the vectors of the latest messages, and a repeated one would flatter it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import count, product
from pathlib import Path

import yaml

from benchmarks.talking import Script, Speaker
from zhuhuan.loans.values import MemberFile
from zhuhuan.money import speak

THANKS = ("谢谢", "谢谢您", "谢谢你", "多谢", "多谢您", "太感谢了", "谢谢您了", "感谢感谢", "谢谢提醒", "谢谢您费心", "十分感谢",
          "真是谢谢您", "谢谢关心", "辛苦了谢谢你", "谢谢你们", "非常感谢", "感谢您")  # fmt: skip
BEFORE_THANKS = ("", "嗯 ", "哎 ", "真的 ", "那就 ", "好嘞 ", "哦 ", "嗯嗯 ")
HOW_MUCH = ("我欠多少", "我一共欠多少钱", "我现在欠你们多少", "到底欠多少", "我逾期多少钱了", "我逾期几天了一共多少钱", "现在逾期多少了",
            "欠款一共是多少", "我还欠多少没还", "具体欠多少钱", "我的欠款有多少", "查一下我欠多少", "帮我看看欠多少钱", "逾期的一共多少",
            "这笔贷款逾期多少钱", "我总共欠你们多少钱", "我拖欠了多少", "总的欠多少", "目前欠款多少", "欠了多少钱欠了几天")  # fmt: skip
BEFORE_HOW_MUCH = ("", "请问 ", "那 ", "问一下 ", "哎 ", "你告诉我 ", "我想问 ", "麻烦问下 ")
AFTER = ("", "啊", "呀", "？")
HELLOS = ("hello", "hi", "hey", "hello there", "good morning", "hey there")
GREAT = ("I am great", "great", "wonderful", "amazing", "I am amazing", "so good", "I am feeling very good", "extremely good")

WELCOME = Path("data/responses/close.yml"), "utter_welcome"
PEER_REPLIES = {"Hey! How are you?", "Great, carry on!"}


def mixed(befores: Sequence[str], cores: Sequence[str], afters: Sequence[str], seed: int = 7) -> tuple[str, ...]:
    """All combinations, in an order that looks like chance and is the same in every run."""
    texts = ["".join(parts) for parts in product(befores, cores, afters)]
    random.Random(seed).shuffle(texts)
    return tuple(texts)


def variants(root: Path) -> frozenset[str]:
    """What our bot says to thanks, in chat."""
    file, name = WELCOME
    responses = yaml.safe_load((root / file).read_text(encoding="utf-8"))["responses"][name]
    return frozenset(response["text"] for response in responses if "channel" not in response)


def plain_speakers(root: Path, members: Iterator[MemberFile]) -> Iterator[Speaker]:
    """Members who are not verified yet and say thanks: a turn that needs nothing of the loan book."""
    welcome, turns = variants(root), mixed(BEFORE_THANKS, THANKS, AFTER)
    for file in members:
        yield Speaker(file.member.phone, Script(("你好",), turns, lambda replies: len(replies) == 1 and replies[0] in welcome))


def loan_book_speakers(members: Iterator[MemberFile]) -> Iterator[Speaker]:
    """Verified members who ask what they owe; the answer has to name the amount to the fen."""
    turns = mixed(BEFORE_HOW_MUCH, HOW_MUCH, AFTER)
    for file in members:
        member, amount = file.member, speak(file.overdue_loans[0].overdue_amount)
        born = member.birth_date
        opening = ("你好", f"我是{member.name}，身份证后四位{member.id_tail}，{born.year}年{born.month}月{born.day}日出生")

        def names_it(replies: Sequence[str], amount: str = amount) -> bool:
            return any(amount in reply for reply in replies)

        yield Speaker(member.phone, Script(opening, turns, names_it, names_it))


def peer_speakers() -> Iterator[Speaker]:
    """Users of the `rasa init` bot on its happy path: hello, and how they are."""
    turns = tuple(text for pair in zip(GREAT * 3, HELLOS * 4, strict=True) for text in pair)
    script = Script(("hello",), turns, lambda replies: len(replies) == 1 and replies[0] in PEER_REPLIES)
    return (Speaker(f"user-{number}", script) for number in count())
