"""Collectors' lines: what is heard in them, who listens, where the bad words stand, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from zhuhuan.language.acts.advice import advice
from zhuhuan.language.acts.disclosure import disclosed
from zhuhuan.language.acts.kept import acts_model
from zhuhuan.language.acts.lines import Line, read_lines
from zhuhuan.language.acts.model import ActsModel, clauses
from zhuhuan.language.acts.refusals import refused
from zhuhuan.language.cli import COLLECTOR, MODELS, VECTORS
from zhuhuan.language.examples import ExampleError
from zhuhuan.language.labels import BAD_ACTS, GOOD_ACTS

ROOT = Path(__file__).parents[3]
HELD = ROOT / "tests" / "heldout"


@pytest.fixture(scope="module")
def lines() -> tuple[Line, ...]:
    return read_lines(sorted(COLLECTOR.glob("*.yml")))


@pytest.fixture(scope="module")
def model() -> ActsModel:
    return acts_model(COLLECTOR, MODELS, VECTORS)


@pytest.fixture(scope="module")
def held() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HELD / "collectors.jsonl").read_text(encoding="utf-8").splitlines() if line]


def hear(model: ActsModel, case: dict[str, Any]) -> dict[str, Any]:
    context = case.get("context")
    return model.hear(case["text"], context not in ("before_verification", "third_party"), context == "third_party")


def test_every_act_has_at_least_80_lines_and_no_line_stands_twice(lines: tuple[Line, ...]) -> None:
    counts = Counter(act for line in lines for act in line.acts)
    assert {act for act in GOOD_ACTS + BAD_ACTS if counts[act] < 80} == set()
    texts = Counter((line.text, line.verified, line.third_party) for line in lines)
    assert [text for text, times in texts.items() if times > 1] == []


def test_no_held_out_line_is_trained_on(lines: tuple[Line, ...], held: list[dict[str, Any]]) -> None:
    misses = set((HELD / "near_misses.txt").read_text(encoding="utf-8").splitlines())
    assert {line.text for line in lines} & ({case["text"] for case in held} | misses) == set()


def test_bad_acts_of_held_out_lines_are_caught_and_near_misses_mostly_let_pass(model: ActsModel, held: list[dict[str, Any]]) -> None:
    bad = [case for case in held if set(case["acts"]) & set(BAD_ACTS)]
    caught = [bool(hear(model, case)["bad"]) for case in bad]
    assert sum(caught) / len(caught) >= 0.9
    misses = (HELD / "near_misses.txt").read_text(encoding="utf-8").splitlines()
    assert sum(bool(model.hear(text)["bad"]) for text in misses) / len(misses) <= 0.3


def test_good_acts_are_heard_together(model: ActsModel) -> None:
    heard = {act["name"] for act in model.hear("您好 我是青禾信用社的小周 请问是王大姐本人吗", verified=False)["acts"]}
    assert {"greet", "introduce_self", "verify_identity"} <= heard


def test_the_same_fact_is_a_disclosure_or_none_by_who_listens(model: ActsModel) -> None:
    text = "您这笔贷款逾期四十天了 一共三千六百元"
    assert "state_facts" in {a["name"] for a in model.hear(text)["acts"]}
    assert not {b["name"] for b in model.hear(text)["bad"]} & {"disclose_before_verification", "disclose_to_third_party"}
    assert "disclose_before_verification" in {b["name"] for b in model.hear(text, verified=False)["bad"]}
    assert "disclose_to_third_party" in {b["name"] for b in model.hear(text, verified=False, third_party=True)["bad"]}


def test_a_threat_is_found_in_its_clause_with_reason_and_a_better_sentence(model: ActsModel) -> None:
    text = "您好王先生，再不还钱明天我们就去您单位找您领导，您看着办"
    bad = {b["name"]: b for b in model.hear(text)["bad"]}
    found = bad["threaten"]
    assert "单位" in text[found["start"] : found["end"]]
    assert "恐吓" in found["why"] and "不会去您单位" in found["better"]


def test_no_better_sentence_is_itself_bad(model: ActsModel) -> None:
    import yaml

    told = yaml.safe_load((ROOT / "zhuhuan/language/acts/advice.yml").read_text(encoding="utf-8"))
    assert set(told) == set(BAD_ACTS)
    wrong = {b["say"]: [x["name"] for x in heard] for entry in told.values() for b in entry["better"] if (heard := model.hear(b["say"])["bad"])}
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize(("text", "third", "told"), [
    ("他在我们这有笔贷款逾期了", True, True), ("麻烦您转告他尽快回个电话", True, False), ("这个我不方便透露给您", True, False), ("他那两万三您知道吗 三个月了 两万三千元", True, True),
    ("先核对身份 没核对之前我不能谈任何业务内容", False, False), ("您欠我们的钱打算哪天给", False, True),
])  # fmt: skip
def test_what_gives_a_debt_away(text: str, third: bool, told: bool) -> None:
    assert (disclosed(text, third) is not None) == told


@pytest.mark.parametrize(("act", "text", "expected"), [
    ("threaten", "我们绝不会去您单位", True), ("threaten", "不还就去您单位坐着", False), ("threaten", "我们不会去您单位 否则您更难看", False),
    ("urge_borrowing", "您可别去借网贷来还", True), ("urge_borrowing", "去借一点先还上", False), ("solicit_private_payment", "别转给任何个人", True),
])  # fmt: skip
def test_what_refuses_the_act_that_it_sounds_like(act: str, text: str, expected: bool) -> None:
    assert refused(act, text) == expected


def test_clauses_cover_what_is_said_and_join_what_is_too_short() -> None:
    text = "好，您说，我听着呢。慢慢来"
    assert [text[a:b] for a, b in clauses(text)] == ["好，您说", "我听着呢。慢慢来"]
    assert clauses("嗯") == [(0, 1)] and clauses("") == []


def test_advice_goes_with_what_the_line_is_about() -> None:
    assert "亲戚" in advice("urge_borrowing", "找你岳父借点")[1]
    with pytest.raises(KeyError):
        advice("greet", "您好")


def test_a_wrong_label_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text('acts:\n- {text: "快还钱", acts: [shout]}\n', encoding="utf-8")
    with pytest.raises(ExampleError, match=r"快还钱.*shout"):
        read_lines([file])


def run(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "zhuhuan.cli", "language", "acts"], cwd=ROOT, input=text, capture_output=True, text=True, check=False)


def test_the_command_line_answers_a_line_each() -> None:
    given = [{"text": "您好，我是青禾信用社的小周"}, {"text": "他欠我们两万块", "verified": False, "third_party": True}, {"text": ""}]
    done = run("".join(json.dumps(g, ensure_ascii=False) + "\n" for g in given))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["text"] for a in answers] == [g["text"] for g in given]
    assert answers[1]["bad"][0]["name"] == "disclose_to_third_party"
    assert set(answers[1]["bad"][0]) == {"name", "confidence", "start", "end", "why", "better"}


@pytest.mark.parametrize(("line", "why"), [("{", "JSON"), ('{"text": 3}', "text"), ('{"text": "好", "verified": "yes"}', "true")])
def test_a_bad_line_of_input_is_told_with_its_number(line: str, why: str) -> None:
    done = run(line + "\n")
    assert done.returncode == 2 and "第 1 行" in done.stderr and why in done.stderr and done.stdout == ""
