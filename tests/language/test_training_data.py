"""The training sentences are what they should be: known names, no doubles, enough of each; Rasa's schema check is left out for its time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from zhuhuan.language.examples import Example, ExampleError, content_of, read_examples
from zhuhuan.language.importing import SentenceImporter
from zhuhuan.language.labels import INTENTS, REASONS, RISKS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def examples() -> tuple[Example, ...]:
    return read_examples(sorted((ROOT / "data" / "nlu").glob("*.yml")))


def test_every_intent_has_at_least_100_written_sentences(examples: tuple[Example, ...]) -> None:
    counts = Counter(e.intent for e in examples)
    assert {name: counts[name] for name in INTENTS if counts[name] < 100} == {}


def test_every_reason_and_every_risk_is_there_often_enough(examples: tuple[Example, ...]) -> None:
    reasons, risks = Counter(e.reason for e in examples), Counter(flag for e in examples for flag in e.risk)
    assert {name for name in REASONS if reasons[name] < 60} == set()
    assert {name for name in RISKS if risks[name] < 70} == set()


def test_no_sentence_stands_under_two_intents_after_the_same_question(examples: tuple[Example, ...]) -> None:
    seen: dict[tuple[str, str | None], set[str]] = {}
    for e in examples:
        seen.setdefault((e.text, e.last_question), set()).add(e.intent)
    doubled = {key: intents for key, intents in seen.items() if len(intents) > 1}
    assert doubled == {}


def test_no_held_out_sentence_is_trained_on(examples: tuple[Example, ...]) -> None:
    import json

    trained = {e.text for e in examples}
    held = {json.loads(line)["text"] for name in ("members", "turns") for line in (ROOT / "tests/heldout" / f"{name}.jsonl").read_text("utf-8").splitlines()}
    long = {text for text in held if len(text) >= 8}
    assert len(long & trained) == 0, sorted(long & trained)[:5]


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
