"""What a collector types of a member's means: sentences as the member said them, `name=value` pairs, or the JSON of contract.md's `said`.

Sentences are understood as the assistant understands them in a conversation: the same model, the same `hear`. What comes later replaces what came
before, so that a pair can put right what was misheard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal

from zhuhuan.guide.hearing import PAY_DAY, START, hear, wish_of
from zhuhuan.guide.turn import Question, Understood
from zhuhuan.plans.jsonl import SAID, InputError
from zhuhuan.plans.pairs import from_pairs
from zhuhuan.plans.values import Said

PAIR = re.compile(r"(?<![A-Za-z_])([A-Za-z_]+)=([^\s;；，。]*)")
PIECES = re.compile(r"[;；。!！?？\n]+")
ASKED: Question = "means"  # what every sentence answers
PAID = re.compile(PAY_DAY.pattern + r"|[发开领]了(?:工资|薪|钱)")
THEN = re.compile(START.pattern + r"|还|付|交")  # after a pay day: that it is also the day of a payment
NEAR = 8  # characters between 15号 and 发工资

Understand = Callable[[str, int | None], Understood]
"""A sentence and the pay day known so far, to what the language model makes of it."""


@dataclass(frozen=True)
class Heard:
    """What was understood. sources: the words that each field came from. unheard: sentences that told nothing of paying. unclear: values without a figure."""

    said: Said = field(default_factory=Said)
    sources: Mapping[str, str] = field(default_factory=dict)
    unheard: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def has_sentence(given: Sequence[str]) -> bool:
    """Whether any of it has to be understood, not only read."""
    return any(not _is_json(text) and PAIR.sub("", text).strip(" ,，;；。\n") for text in given)


def read_means(given: Sequence[str], arrears: Decimal, today: date, understand: Understand) -> Heard:
    """All that was given, in its order. `arrears` in yuan, for `先还一半`. Raises InputError for a pair or JSON that cannot be read."""
    heard, wish = Heard(), None
    for text in given:
        if _is_json(text):
            heard = _read_json(heard, text)
            continue
        for piece in PIECES.split(PAIR.sub(" ", text)):
            if piece.strip(" ,，"):
                heard, wish = _hear(heard, piece.strip(" ,，"), wish, arrears, today, understand)
        pairs = dict(PAIR.findall(text))
        heard = _with(heard, from_pairs(pairs, heard.said), pairs)
    return heard


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _with(heard: Heard, said: Said, words: str | Mapping[str, str]) -> Heard:
    """`heard` with what is new in `said`, and where it came from: `words`, or for each field a text of its own."""
    new = {f.name for f in fields(said) if getattr(said, f.name) != getattr(heard.said, f.name)}
    found = dict.fromkeys(new, words) if isinstance(words, str) else {name: f"{name}={words[name]}" for name in words}
    return replace(heard, said=said, sources={**heard.sources, **found})


def _read_json(heard: Heard, text: str) -> Heard:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"--means里的JSON不合格（第{error.colno}个字符附近）") from None
    values = {name: read(raw[name], name) for name, read in SAID.items() if raw.get(name) is not None}
    unknown = tuple(str(name) for name in raw if name not in SAID)
    heard = _with(heard, replace(heard.said, **values), "JSON")
    return replace(heard, unknown=(*heard.unknown, *unknown))


def _hear(heard: Heard, piece: str, wish: str | None, arrears: Decimal, today: date, understand: Understand) -> tuple[Heard, str | None]:
    """One sentence, heard as an answer to the question of what the member can manage."""
    understood = understand(piece, heard.said.pay_day)
    wish = wish_of(understood, ASKED, wish)
    said = _pay_day(hear(heard.said, understood, ASKED, wish, arrears, today), heard.said, understood)
    unclear = tuple(piece[e.start : e.end] for e in understood.entities if e.value is None)
    nothing = (piece,) if said == heard.said and not unclear else ()
    heard = _with(heard, said, piece)
    return replace(heard, unheard=(*heard.unheard, *nothing), unclear=(*heard.unclear, *unclear)), wish


def _pay_day(said: Said, before: Said, understood: Understood) -> Said:
    """The pay day that a sentence names, told beside other means too; it is a start of payments only where the sentence says so."""
    text = understood.text
    for entity in understood.values("date"):
        if not entity.value or not PAID.search(text[max(0, entity.start - NEAR) : entity.end + NEAR]):
            continue
        day = date.fromisoformat(entity.value.partition("/")[0])
        said = replace(said, pay_day=day.day)
        if said.start == day and not THEN.search(text[entity.end : entity.end + NEAR]):
            said = replace(said, start=before.start)
    return said
