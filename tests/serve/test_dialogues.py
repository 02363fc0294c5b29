"""Files of dialogues: read as written, and every complaint names its line."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from zhuhuan.serve.dialogues import Dialogue, read_dialogues
from zhuhuan.serve.errors import BadDialogues

TODAY = date(2026, 11, 24)
GOOD = """\
- id: x01
  title: Pay day
  channel: sms
  sender: other
  account: {name: 林晓燕, id_tail: 0410, birth_date: 1990-02-08, product: 个人消费贷款, overdue_amount: 1860.00, days_overdue: 12,
            instalment_amount: "1860.00", due_date: 2026-11-12, colour: red}
  turns:
    - {member: "你好", mood: odd}
    - {member: 0410 , gap_days: 2, at: 23:40}
    - {member: no, at: 9:05}
- id: x02
  account: {name: 王五, id_tail: 123X, birth_date: "1990-02-08", loans: [{product: 个人消费贷款, overdue_amount: "10.00", days_overdue: 3}]}
  turns: [{member: ""}]
"""


def read(folder: Path, text: str) -> tuple[Dialogue, ...]:
    file = folder / "talks.yml"
    file.write_text(text, encoding="utf-8")
    return read_dialogues(file, TODAY)


def test_digits_hours_and_words_stay_as_they_were_written(tmp_path: Path) -> None:
    first, second = read(tmp_path, GOOD)
    assert (first.id, first.channel, first.other, second.channel, second.other) == ("x01", "sms", True, None, False)
    assert first.account["id_tail"] == "0410" and first.account["birth_date"] == "1990-02-08"
    assert [(t.text, t.gap_days, t.at) for t in first.turns] == [("你好", 0, None), ("0410", 2, time(23, 40)), ("no", 0, time(9, 5))]
    assert second.turns[0].text == ""


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("  title: Pay day", "  title: [Pay day", 3, "YAML"),
        ("- id: x01\n  title", "- title", 1, "缺少 id"),
        ('{member: "你好", mood: odd}', "{mood: odd}", 8, "缺少 member"),
        ("  turns: [{member: \"\"}]", "  turns: []", 13, "turns"),
        ("  turns: [{member: \"\"}]", "", 11, "缺少 turns"),
        ("channel: sms", "channel: fax", 3, "fax"),
        ("sender: other", "sender: aunt", 4, "aunt"),
        ("gap_days: 2", "gap_days: -2", 9, "gap_days"),
        ("at: 9:05", "at: 25:05", 10, "25:05"),
        ("name: 林晓燕, ", "", 5, "name"),
        ("overdue_amount: 1860.00", "overdue_amount: 很多", 5, "很多"),
        ("{name: 王五", "[{name: 王五", 12, "YAML"),
    ],
)
def test_a_fault_is_told_with_its_line_and_reason(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(BadDialogues) as told:
        read(tmp_path, GOOD.replace(old, new))
    assert reason in str(told.value)
    assert abs((told.value.line or 0) - line) <= (1 if reason == "YAML" else 0)
    assert f"第{told.value.line}行" in str(told.value)


@pytest.mark.parametrize("text", ["", "id: x01", "- just words", "[]"])
def test_a_file_that_holds_no_dialogues_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadDialogues):
        read(tmp_path, text)


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDialogues, match="打不开"):
        read_dialogues(tmp_path / "none.yml", TODAY)
    (tmp_path / "gbk.yml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(BadDialogues, match="UTF-8"):
        read_dialogues(tmp_path / "gbk.yml", TODAY)
