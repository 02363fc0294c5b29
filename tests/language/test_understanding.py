"""The trained model: contract.md's answers, on sentences that it never saw."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhuhuan.language.understander import Understander

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def model() -> Understander:
    from zhuhuan.serve.models import ensure_model

    return Understander.of_archive(ensure_model())


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / "tests/heldout" / f"{name}.jsonl").read_text("utf-8").splitlines() if line]


def test_intents_hold_on_sentences_by_another_hand(model: Understander) -> None:
    cases = rows("members")
    right = sum(model.understand(c["text"], TODAY)["intent"]["name"] == c["intent"] for c in cases)
    assert right / len(cases) >= 0.78


def test_replies_are_read_by_the_question(model: Understander) -> None:
    cases = rows("context")
    right = sum(model.understand(c["text"], TODAY, c["last_question"])["intent"]["name"] == c["intent"] for c in cases)
    assert right / len(cases) >= 0.75


def test_signs_of_self_harm_are_rarely_missed(model: Understander) -> None:
    cases = [c for c in rows("members") + rows("turns") if "self_harm" in c["risk"]]
    heard = sum("self_harm" in {r["name"] for r in model.understand(c["text"], TODAY)["risk"]} for c in cases)
    assert heard / len(cases) >= 0.85


@pytest.mark.parametrize("text", ["", " ", "😭😭😭", "hello how are you", "'; DROP TABLE member; --", "<b>你好</b>", "啊" * 5000, "\u200b", "1" * 400])
def test_whatever_is_sent_gets_an_answer(model: Understander, text: str) -> None:
    answer = model.understand(text, TODAY)
    assert answer["intent"]["name"] and 0 <= answer["intent"]["confidence"] <= 1


def test_the_command_answers_line_by_line(model: Understander) -> None:
    lines = '{"text": "最多八百 下月15号开始", "last_question": null}\n{"text": "三千", "last_question": "amount"}\n'
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "zhuhuan.language.cli", "parse", "--today", "2026-11-24"], input=lines, capture_output=True,
                          text=True, cwd=ROOT, check=True)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["intent"]["name"] == "propose_terms"
    assert [(e["entity"], e["value"], e.get("bound")) for e in first["entities"]] == [("amount", "800.00", "at_most"), ("date", "2026-12-15", None)]
    assert [(e["value"], e["per"]) for e in second["entities"]] == [("3000.00", "month")]
    assert set(first) == {"text", "intent", "entities", "emotion", "reason", "risk"}


@pytest.mark.parametrize("line", ["not json", '{"words": "x"}', '{"text": "x", "last_question": "weather"}'])
def test_a_bad_line_is_named_and_nothing_is_answered(line: str) -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "zhuhuan.language.cli", "parse"], input='{"text": "好"}\n' + line + "\n", capture_output=True,
                          text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "第 2 行" in done.stderr
