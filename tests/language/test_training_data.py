"""The training sentences are what they should be: known names, no doubles, enough of each; Rasa's schema check is left out for its time."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from zhuhuan.language.examples import Example, ExampleError, content_of, read_examples
from zhuhuan.language.importing import SentenceImporter
from zhuhuan.language.labels import EMOTIONS, INTENTS, REASONS, RISKS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def examples() -> tuple[Example, ...]:
    return read_examples(sorted((ROOT / "data" / "nlu").glob("*.yml")))


def test_every_intent_has_at_least_150_written_sentences(examples: tuple[Example, ...]) -> None:
    counts = Counter(e.intent for e in examples)
    assert {name: counts[name] for name in INTENTS if counts[name] < 150} == {}


def test_every_reason_and_every_risk_is_there_often_enough(examples: tuple[Example, ...]) -> None:
    reasons, risks = Counter(e.reason for e in examples), Counter(flag for e in examples for flag in e.risk)
    assert {name for name in REASONS if reasons[name] < 60} == set()
    assert {name for name in RISKS if risks[name] < 80} == set()


def test_every_emotion_is_there_often_enough_and_its_intents_in_calm_too(examples: tuple[Example, ...]) -> None:
    emotions, calm = Counter(e.emotion for e in examples), {e.intent for e in examples if e.emotion == "calm"}
    assert {name for name in EMOTIONS if emotions[name] < 150} == set()
    assert {e.intent for e in examples if e.emotion != "calm"} - calm <= {"vent_anger"}  # anger by its definition


def test_no_sentence_stands_under_two_intents_after_the_same_question(examples: tuple[Example, ...]) -> None:
    seen: dict[tuple[str, str | None], set[str]] = {}
    for e in examples:
        seen.setdefault((e.text, e.last_question), set()).add(e.intent)
    doubled = {key: intents for key, intents in seen.items() if len(intents) > 1}
    assert doubled == {}


def test_no_held_out_sentence_is_trained_on(examples: tuple[Example, ...]) -> None:
    """Blanks and punctuation apart; short replies (没有, 下个月) are everybody's."""

    def bare(text: str) -> str:
        return re.sub(r"[\W_]", "", text)

    trained = {bare(e.text) for e in examples}
    held = {json.loads(line)["text"] for file in (ROOT / "tests" / "heldout").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()}
    assert [text for text in held if len(bare(text)) >= 6 and bare(text) in trained] == []


def test_the_fast_reader_gives_what_the_files_hold(examples: tuple[Example, ...]) -> None:
    data = SentenceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]).get_nlu_data()
    assert {m.get("text") for m in data.intent_examples} == {e.text for e in examples}
    assert "utter_introduce" in data.responses
    told = next(m for m in data.intent_examples if m.get("text") == "厂里三个月没发工资了" or (m.get("metadata") or {}).get("example", {}).get("reason"))
    assert told.get("metadata")["example"]["reason"] in REASONS


def test_a_broken_file_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text("nlu: [\n", encoding="utf-8")
    with pytest.raises(ExampleError, match=r"bad\.yml"):
        content_of(file)


def test_an_unknown_label_is_named_with_its_sentence(tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text('nlu:\n- intent: state_reason\n  examples:\n  - {text: "厂子黄了", metadata: {reason: jobless}}\n', encoding="utf-8")
    with pytest.raises(ExampleError, match="厂子黄了"):
        read_examples([file])
