"""Who the borrowers of another system are: from its own client records, and from a table of members where those lack what this book needs.

A member is known here by name, tail of the ID number and day of birth, and reached by phone. Other systems keep parts of it elsewhere or not at all;
what is missing is told for each loan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhuhuan.loans import cells
from zhuhuan.loans.foreign.fields import Fields
from zhuhuan.loans.headers import PERSON, Header
from zhuhuan.loans.rows import Checked, Problem
from zhuhuan.loans.sheets import Line

PARSERS: dict[str, Callable[[str], Any]] = {
    "member_id": cells.words, "name": cells.name, "id_tail": cells.tail, "id_number": cells.id_number, "phone": cells.phone, "region": cells.words,
}  # fmt: skip
HAN = "\u3400-\u9fff"
_SPACED = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")


@dataclass(frozen=True)
class Person:
    """A member as far as known; None and empty: not known."""

    member_id: str
    name: str
    id_tail: str
    birth_date: date
    phone: str
    region: str


@dataclass
class People:
    """What is told of each borrower, by every number that the other system knows him or her by."""

    _told: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether anything is told of anybody."""
        return bool(self._told)

    def tell(self, keys: Iterable[str], told: Mapping[str, Any], over: bool = False) -> None:
        """Add what is told of a person under all of `keys`; what was told before stays, unless `over`."""
        keys = [key for key in keys if key]
        known = list({id(k): k for key in keys if (k := self._told.get(key)) is not None}.values())
        person = known[0] if known else {}
        for other in known[1:]:  # two records turn out to be of one person
            person.update(other)
            for key in [key for key, value in self._told.items() if value is other]:
                self._told[key] = person
        for name, value in told.items():
            if value not in (None, "") and (over or name not in person):
                person[name] = value
        for key in keys:
            self._told[key] = person

    def read_table(self, lines: Iterable[Line], header: Header, today: date, checked: Checked, file: str) -> None:
        """A table of members: `会员号` holds the number by which the other system knows the borrower. It goes before what that system says."""
        for line, texts in lines:
            told: dict[str, Any] = {}
            for name, place in header.places.items():
                text = texts[place] if place < len(texts) else ""
                try:
                    if text:
                        told[name] = cells.birth(text, today) if name == "birth_date" else PARSERS[name](text)
                    elif name == "member_id":
                        raise cells.BadCell("没有填写")
                except cells.BadCell as error:
                    checked.problems.append(Problem(line, header.column(name), str(error), file))
            if "member_id" in told:
                self.tell([told.pop("member_id")], _with_tail(told), over=True)

    def person(self, keys: Iterable[str], member_id: str, name: str, loan: Fields) -> Person | None:
        """The borrower of a loan; None where something is missing, which the loan's problems then say."""
        told: dict[str, Any] = {"name": plain_name(name)}
        for key in keys:
            if key in self._told:
                told.update(self._told[key])
                break
        missing = [words + (f"（{told['!' + ours]}）" if "!" + ours in told else "") for ours, words in WANTED.items() if not told.get(ours)]
        if missing:
            loan.bad("会员", f"客户 {member_id} 缺少{'、'.join(missing)}：请一起给出客户资料（见 zhuhuan loans import --help）")
            return None
        try:
            cells.name(told["name"])
        except cells.BadCell:
            loan.bad("会员", f"客户 {member_id} 的姓名不像姓名")
            return None
        return Person(member_id, told["name"], told["id_tail"], told["birth_date"], told["phone"], told.get("region", ""))


WANTED = {name: PERSON[name][0] for name in ("name", "id_tail", "birth_date", "phone")}


def _with_tail(told: dict[str, Any]) -> dict[str, Any]:
    if "id_number" in told:
        tail, born = told.pop("id_number")
        told.setdefault("id_tail", tail)
        told.setdefault("birth_date", born)
    return told


def plain_name(name: str) -> str:
    """A name without blanks between Chinese characters, as other systems put them between first and last name."""
    return _SPACED.sub("", " ".join(name.split()))


def joined_name(last: str, first: str) -> str:
    """Family name and given name in the order of their language."""
    han = re.fullmatch(rf"[{HAN}·]+", last + first)
    return f"{last}{first}" if han else f"{first} {last}".strip()


def told_by_client(client: Fields, today: date, names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """What a client record says; `names`: our field to the paths of it there. Why a value is no use stands under `!field`, to be told with a loan."""
    told: dict[str, Any] = {}
    for ours, theirs in names.items():
        day = client.day(*theirs) if ours == "birth_date" else None
        text = day.isoformat() if day is not None else client.text(*theirs)
        if not text:
            if client.get(*theirs) is not None:
                told[f"!{ours}"] = "看不懂"
            continue
        try:
            told[ours] = cells.birth(text, today) if ours == "birth_date" else PARSERS[ours](text)
        except cells.BadCell as error:
            told[f"!{ours}"] = str(error)
    return _with_tail(told)


def identity_numbers(documents: Iterable[Fields], keys: tuple[str, ...]) -> Iterator[tuple[str, date]]:
    """Tail and day of birth of every whole and valid ID number among the documents of a client (passports and the like are passed over)."""
    for document in documents:
        try:
            yield cells.id_number(document.text(*keys).upper())
        except cells.BadCell:
            continue
