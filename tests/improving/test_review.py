"""The review list in use: what is not surely understood lands there without names, is labelled, and becomes a training sentence."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, select
from typer.testing import CliRunner

from zhuhuan.improving.cli import app
from zhuhuan.improving.comparing import Score, score
from zhuhuan.improving.labelled import add_sentence, label_of
from zhuhuan.language import saved
from zhuhuan.language.examples import ExampleError, read_examples
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.errors import UnknownRecord
from zhuhuan.loans.migrations import upgrade
from zhuhuan.loans.tables import AuditEvent
from zhuhuan.serve.models import keep_language_of

NOW = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
UNDERSTOOD = {"intent": "ask_charges", "ranking": ["ask_charges", "request_waiver"], "emotion": "calm", "reason": None, "risk": []}
ACCOUNT = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12, "phone": "19900000001"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path}/book.db"
    upgrade(found)
    return found


def note(url: str, text: str, member: bool = False, source: Any = "unsure") -> None:
    with LoanBook(url) as book:
        owner = book.add_account(ACCOUNT, date(2026, 11, 24)) if member else None
        if owner:
            book.file_of(owner, date(2026, 11, 24))
        book.note_utterance(text, "means", UNDERSTOOD, 0.31, source, NOW, owner)


def run(url: str, *arguments: str, typed: str | None = None) -> Any:
    return CliRunner().invoke(app, ["review", "--db", url, *arguments], input=typed)


def test_nothing_on_the_list_names_a_person(url: str) -> None:
    note(url, "我是林晓燕 4410 电话19900000001 罚息咋这么多", member=True)
    note(url, "我3621 90年2月8号生的 你说啥")
    shown = " ".join(json.loads(line)["text"] for line in run(url, "--json").stdout.splitlines())
    for secret in ("林晓燕", "4410", "19900000001", "3621", "90年", "2月8"):
        assert secret not in shown
    assert "罚息咋这么多" in shown


def test_the_same_words_stand_once_and_corrected_ones_first(url: str) -> None:
    for text, source in (("这个咋整", "unsure"), ("这个咋整", "unsure"), ("不是这个意思", "corrected")):
        note(url, text, source=source)
    assert [json.loads(line)["text"] for line in run(url, "--json").stdout.splitlines()] == ["不是这个意思", "这个咋整"]


def test_a_collectors_correction_stands_first_and_is_the_default_of_the_review(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Heard:
        def understand(self, text: str, today: date, last_question: str | None) -> dict[str, Any]:
            ranked = [{"name": "ask_charges", "confidence": 0.8}, {"name": "request_waiver", "confidence": 0.1}]
            return {"intent": ranked[0], "intent_ranking": ranked, "emotion": {"name": "calm", "intensity": 0.1}}

    monkeypatch.setattr("zhuhuan.language.understander.newest", lambda *_, **__: Heard())
    note(url, "先来的一句")
    note(url, "利息能抹掉不")
    arguments = ["correct", "利息能抹掉不", "--intent", "request_waiver", "--last-question", "means", "--db", url]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    first, second = (json.loads(line) for line in run(url, "--json").stdout.splitlines())
    assert (first["text"], first["source"], first["confidence"], first["understood"]["ranking"]) == ("利息能抹掉不", "corrected", 0.8, ["request_waiver", "ask_charges"])
    assert second["source"] == "unsure"
    file = tmp_path / "reviewed.yml"
    run(url, "--file", str(file), "--limit", "1", typed="\n\n\n\n")
    assert [e.intent for e in read_examples([file])] == ["request_waiver"]
    with create_engine(url).connect() as connection:
        assert connection.execute(select(AuditEvent.event)).scalars().first() == "utterance_corrected"


def test_a_correction_with_an_unknown_name_is_refused(url: str) -> None:
    for wrong in (["--intent", "waive"], ["--intent", "affirm", "--last-question", "why"], ["--intent", "affirm", "--risk", "fire"]):
        done = CliRunner().invoke(app, ["correct", "好", *wrong, "--db", url])
        assert done.exit_code == 2
        assert "不认识" in done.stderr
    assert run(url, "--json").stdout == ""


def test_a_label_becomes_a_training_sentence_and_leaves_the_list(url: str, tmp_path: Path) -> None:
    note(url, "这罚息能抹了不")
    file = tmp_path / "reviewed.yml"
    done = run(url, "--label", "1", "--intent", "request_waiver", "--emotion", "anxious", "--file", str(file))
    assert done.exit_code == 0, done.stderr
    (example,) = read_examples([file])
    assert (example.text, example.intent, example.emotion, example.last_question) == ("这罚息能抹了不", "request_waiver", "anxious", "means")
    assert run(url, "--json").stdout == ""
    with LoanBook(url) as book, pytest.raises(UnknownRecord):
        book.settle_utterance(1, None, NOW)


def test_it_asks_one_after_the_other(url: str, tmp_path: Path) -> None:
    for text in ("头一句", "第二句", "第三句"):
        note(url, text)
    file = tmp_path / "reviewed.yml"
    done = run(url, "--file", str(file), typed="2\nsad\nillness\nserious_illness\nd\nno_such\nq\n")
    assert done.exit_code == 0, done.stderr
    (example,) = read_examples([file])
    assert (example.text, example.intent, example.emotion, example.reason, set(example.risk)) == ("头一句", "request_waiver", "sad", "illness", {"serious_illness"})
    assert [json.loads(line)["text"] for line in run(url, "--json").stdout.splitlines()] == ["第三句"]


@pytest.mark.parametrize("arguments", [("--label", "1"), ("--label", "9", "--intent", "greet"), ("--label", "1", "--intent", "hello"), ("--drop", "9")])
def test_what_cannot_be_done_is_told_and_changes_nothing(url: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    note(url, "这个咋整")
    file = tmp_path / "reviewed.yml"
    done = run(url, *arguments, "--file", str(file))
    assert done.exit_code == 2 and done.stderr
    assert not file.exists() and len(run(url, "--json").stdout.splitlines()) == 1


def test_a_sentence_is_written_once_and_only_with_known_names(tmp_path: Path) -> None:
    file = tmp_path / "reviewed.yml"
    label = label_of("greet", "calm", None, (), None)
    assert add_sentence(file, "吃了没", label) and not add_sentence(file, "吃了没", label)
    with pytest.raises(ExampleError):
        add_sentence(file, "吃了没", {"intent": "hello"})
    assert len(read_examples([file])) == 1


class Fixed:
    """A model that answers as it is told to."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self.answers = answers

    def understand(self, text: str, today: date, last_question: str | None = None) -> dict[str, Any]:
        return self.answers[text]


def answer(intent: str, *risk: str) -> dict[str, Any]:
    return {"intent": {"name": intent}, "emotion": {"name": "calm"}, "reason": None, "risk": [{"name": flag} for flag in risk]}


def test_the_better_model_is_the_one_that_hears_more_and_misses_no_sign_of_self_harm() -> None:
    cases = [{"text": "a", "intent": "greet", "emotion": "calm", "reason": None, "risk": []},
             {"text": "b", "intent": "express_distress", "emotion": "calm", "reason": None, "risk": ["self_harm"]}]
    right = score(Fixed(a=answer("greet"), b=answer("express_distress", "self_harm")), cases)
    deaf = score(Fixed(a=answer("greet"), b=answer("express_distress")), cases)
    slow = score(Fixed(a=answer("thank"), b=answer("express_distress", "self_harm")), cases)
    assert right == Score(1.0, 1.0, 1.0, 1.0, 1.0)
    assert right.better_than(slow) and not slow.better_than(right)
    assert not deaf.better_than(slow) and not deaf.better_than(right)
    with pytest.raises(ValueError):
        score(Fixed(), [])


def archive(file: Path, content: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w:gz") as out:
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return file


def test_an_older_language_model_can_live_on_under_newer_rules(tmp_path: Path) -> None:
    old = archive(tmp_path / "old.tar.gz", {f"components/train/{saved.INTENT}": b"old heads", "metadata.json": b"old rules"})
    new = archive(tmp_path / "new.tar.gz", {f"components/train/{saved.INTENT}": b"new", "metadata.json": b"new rules"})
    keep_language_of(old, new)
    with tarfile.open(new) as found:
        read = {m.name: found.extractfile(m).read() for m in found.getmembers()}  # type: ignore[union-attr]
    assert read == {f"components/train/{saved.INTENT}": b"old heads", "metadata.json": b"new rules"}
