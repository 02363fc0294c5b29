"""A file of payments (and reversals, waivers, fees): its rows as lines of loans' ledgers."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from zhuhuan.loans import cells
from zhuhuan.loans.headers import Header
from zhuhuan.loans.owing.values import EntryKind
from zhuhuan.loans.rows import WHOLE_ROW, Checked, Note, Problem, Row, SourceLine
from zhuhuan.loans.sheets import Line

PARSERS: dict[str, Callable[[str], Any]] = {
    "loan_id": cells.words, "day": cells.day, "amount": cells.signed_amount, "kind": cells.entry_kind, "source_id": cells.words, "of": cells.words,
    "component": cells.component, "note": lambda text: cells.words(text, 200),
}  # fmt: skip
NEEDED = ("loan_id", "day", "amount")
LONGEST_ID = 64  # characters of the column


def fitting_id(text: str) -> str:
    """A source's id that fits the column: a longer one is replaced by its fingerprint, the same every time."""
    return text if len(text) <= LONGEST_ID else f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:56]}"


class Payments:
    """The lines read so far, by loan. Lines without a number get one of their own from day, kind, amount and their order."""

    def __init__(self) -> None:
        self.lines: dict[str, list[SourceLine]] = defaultdict(list)
        self._numbered: dict[tuple[str, str], SourceLine] = {}
        self._nameless: Counter[tuple[Any, ...]] = Counter()

    def read(self, lines: Iterable[Line], header: Header, checked: Checked, file: str) -> None:
        """Read the lines under `header`; what is wrong goes into `checked`."""
        for line, texts in lines:
            problems: list[Problem] = []

            def bad(name: str, reason: str, line: int = line, problems: list[Problem] = problems) -> None:
                problems.append(Problem(line, header.column(name), reason, file))

            loan_id, entry = self._line(line, texts, header, file, bad)
            checked.problems += problems
            if entry is not None:
                self.add(loan_id, entry, checked)

    def add(self, loan_id: str, entry: SourceLine, checked: Checked) -> None:
        """Keep a line; the same number twice for one loan is a problem where it does not say the same."""
        before = self._numbered.setdefault((loan_id, entry.source_id), entry)
        if before is entry:
            self.lines[loan_id].append(entry)
        elif before != entry:
            where = f"第 {before.line} 行" if before.file == entry.file else f"{before.file} 第 {before.line} 行"
            checked.problems.append(Problem(entry.line, WHOLE_ROW, f"流水号与{where}相同，内容却不同", entry.file))

    def _line(
        self, line: int, texts: Sequence[str], header: Header, file: str, bad: Callable[[str, str], None]
    ) -> tuple[str, SourceLine | None]:
        values: dict[str, Any] = {}
        failed = False
        for name, place in header.places.items():
            text = texts[place] if place < len(texts) else ""
            try:
                if text:
                    values[name] = PARSERS[name](text)
                elif name in NEEDED:
                    raise cells.BadCell("没有填写")
            except cells.BadCell as error:
                bad(name, str(error))
                failed = True
        if failed:
            return "", None
        kind: EntryKind
        kind, component = values.get("kind", ("payment", None))
        amount = values["amount"]
        component = values.get("component", component)
        if amount == 0:
            bad("amount", "不能是 0")
        elif amount < 0 and kind not in ("payment", "reversal"):
            bad("amount", f"“{amount}”是负数；只有还款可以用负数表示冲正")
        elif kind == "waiver" and component is None:
            bad("component" if "component" in header.places else "kind", "减免要写明是罚息、复利、利息还是费用")
        else:
            kind = "reversal" if amount < 0 else kind
            component = component if kind == "waiver" else None
            of = values.get("of") if kind == "reversal" else None
            source_id = values.get("source_id") or self._own(values["loan_id"], kind, values["day"], abs(amount))
            entry = SourceLine(source_id, values["day"], kind, abs(amount), of, component, values.get("note", ""), file, line)
            return values["loan_id"], entry
        return "", None

    def _own(self, *told: Any) -> str:
        self._nameless[told] += 1
        _, kind, day, amount = told
        return f"auto:{day}:{kind}:{amount}:{self._nameless[told]}"

    def settle(self, checked: Checked) -> None:
        """Find the payment that each reversal without a number takes back; where that is not clear it is a problem."""
        for lines in self.lines.values():
            taken = {entry.of for entry in lines if entry.of is not None}
            for place, entry in enumerate(lines):
                if entry.kind != "reversal" or entry.of is not None:
                    continue
                fitting = [e for e in lines if e.kind == "payment" and e.amount == entry.amount and e.day <= entry.day and e.source_id not in taken]
                if len({e.day for e in fitting}) != 1:
                    found = f"有 {len(fitting)} 笔同额还款" if fitting else "前面没有同额的还款"
                    checked.problems.append(Problem(entry.line, WHOLE_ROW, f"看不出冲正的是哪一笔（{found}），请写原流水号", entry.file))
                    continue
                taken.add(fitting[-1].source_id)
                lines[place] = replace(entry, of=fitting[-1].source_id)

    def attach(self, checked: Checked) -> None:
        """Give the lines to the loans of the same import; those of other loans go to `checked.lines`."""
        rest = dict(self.lines)
        for place, row in enumerate(checked.rows):
            lines = rest.pop(row.loan_id, None) if row.loan_id is not None else None
            if lines:
                lines = lines if row.contract is not None else _history(row, lines, checked)
                checked.rows[place] = replace(row, entries=(*row.entries, *lines))
        checked.lines.update(rest)


def _history(row: Row, lines: Sequence[SourceLine], checked: Checked) -> list[SourceLine]:
    """Of a loan without a contract: what was paid by the day of its figures is in them, so the lines are kept as history; later ones are not."""
    late = [entry for entry in lines if entry.day > row.as_of]
    if late:
        first = min(entry.day for entry in late)
        text = f"贷款 {row.loan_id} 没有合同，{row.as_of} 以后的流水（{len(late)} 笔，最早 {first}）要等更新的余额表，未记入"
        checked.notes.append(Note(late[0].line, text, late[0].file))
    return [entry for entry in lines if entry.day <= row.as_of]
