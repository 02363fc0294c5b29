"""The review list of the loan book: utterances to be looked at by a person, masked, and the label that they got."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from zhuhuan.loans import tables as t
from zhuhuan.loans.errors import UnknownRecord
from zhuhuan.loans.masking import mask_text
from zhuhuan.loans.values import Member

Source = Literal["unsure", "corrected"]
MASK = "*"


@dataclass(frozen=True)
class Reviewed:
    """An utterance on the list. `text` is masked; `understood` is what the language model made of it: intent, ranking, emotion, reason, risk."""

    number: int
    at: datetime
    text: str
    last_question: str | None
    understood: Mapping[str, Any]
    confidence: float
    source: Source


def unnamed(text: str, member: Member | None) -> str:
    """`text` without what names a person: masked, the member's name gone; of somebody who is not known yet every figure is masked."""
    shown = mask_text(text, member)
    return shown.replace(member.name, "某某") if member else re.sub(r"[0-9]", MASK, shown)


def note(session: Session, text: str, last_question: str | None, understood: Mapping[str, Any], confidence: float, source: Source, now: datetime,
         member: Member | None) -> None:
    """Put an utterance on the list, masked. The same words after the same question stand there once while they are open; a person's correction takes the place of a guess."""
    shown = unnamed(text, member)
    same = select(t.Utterance).where(t.Utterance.text == shown, t.Utterance.last_question == last_question, t.Utterance.status == "open")
    there = session.execute(same).scalars().first()
    if there is None:
        session.add(t.Utterance(at=now, text=shown, last_question=last_question, understood=dict(understood), confidence=confidence, source=source, status="open"))
    elif source == "corrected":
        there.understood, there.confidence, there.source = dict(understood), confidence, source
    session.flush()


def _of(row: t.Utterance) -> Reviewed:
    source: Source = "corrected" if row.source == "corrected" else "unsure"
    return Reviewed(row.id, row.at, row.text, row.last_question, row.understood, row.confidence, source)


def listed(session: Session, limit: int) -> tuple[Reviewed, ...]:
    """Open utterances: corrected ones first, then the oldest, `limit` at most."""
    rows = session.execute(select(t.Utterance).where(t.Utterance.status == "open").order_by(t.Utterance.source, t.Utterance.at, t.Utterance.id).limit(limit)).scalars()
    return tuple(_of(row) for row in rows)


def _open(session: Session, number: int) -> t.Utterance:
    row = session.get(t.Utterance, number)
    if row is None or row.status != "open":
        raise UnknownRecord(f"复核清单里没有待处理的第 {number} 条")
    return row


def waiting(session: Session, number: int) -> Reviewed:
    """The open utterance of that number. Raises UnknownRecord where there is none."""
    return _of(_open(session, number))


def settle(session: Session, number: int, label: Mapping[str, Any] | None) -> Reviewed:
    """Take an utterance off the list, with its label, or dropped where `label` is None. Raises UnknownRecord where no open one has that number."""
    row = _open(session, number)
    row.status, row.label = ("dropped", None) if label is None else ("labelled", dict(label))
    session.flush()
    return _of(row)
