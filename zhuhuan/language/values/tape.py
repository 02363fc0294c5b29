"""The tape: an utterance with each numeral as one sign, over which the grammars of sums, days and so on are regular expressions.

The text being in lower case, a capital stands for N a number, R a pair of numbers, V a vague number, D a date in figures,
T a clock time in figures, P digits that name something (a phone number).

>>> tape("每个月最多八百 下月15号").line
'每个月最多N 下月N号'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhuhuan.language.values.numbers import Numeral, numerals

Token = Numeral | date | str
Mark = tuple[int, int, str, Token]  # start and end in the text, letter, meaning


@dataclass(frozen=True)
class Tape:
    """`line` with its signs' meanings by place; `places[i]` is where sign i begins in the text, with one more for the end."""

    line: str
    tokens: Mapping[int, Token]
    places: tuple[int, ...]

    def number(self, at: int) -> Numeral:
        """The numeral that stands at `at`; raises KeyError where none does."""
        token = self.tokens[at]
        if not isinstance(token, Numeral):
            raise KeyError(at)
        return token


def tape(text: str, literals: Iterable[Mark] = ()) -> Tape:
    """The tape of a normalised text. literals: (start, end, letter, meaning) of figures that were read before (D, T, P)."""
    marks: list[Mark] = list(literals)
    marks.extend((n.start, n.end, n.sign, n) for n in numerals(text, [(a, b) for a, b, _, _ in marks]))
    line: list[str] = []
    places: list[int] = []
    tokens: dict[int, Token] = {}
    at = 0
    for start, end, letter, meaning in sorted(marks, key=lambda m: m[0]):
        line.append(text[at:start] + letter)
        places.extend(range(at, start + 1))
        tokens[len(places) - 1] = meaning
        at = end
    line.append(text[at:])
    places.extend(range(at, len(text) + 1))
    return Tape("".join(line), tokens, tuple(places))
