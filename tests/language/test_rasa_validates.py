"""`rasa data validate`: no error, no conflict, and no warning but two that this project means.

A reply means what the question before it makes of it (labels.md), so one text may stand under two intents, each after its own question;
and responses are said by actions, whose names no rule holds (tests/actions checks that each is said).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from zhuhuan.language.examples import read_examples
from zhuhuan.serve.servers import quiet_environment

ROOT = Path(__file__).resolve().parents[2]
WARNING = re.compile(r"UserWarning: (.*)")
SAID_BY_AN_ACTION = re.compile(r"The utterance 'utter_\w+' is not used in any story or rule")
TWO_INTENTS = re.compile(r"The example '(.+)' was found labeled with multiple different intents")


@pytest.fixture(scope="module")
def validated() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhuhuan.serve.rasa_command", "data", "validate"]
    return subprocess.run(command, cwd=ROOT, env=quiet_environment() | {"LOG_LEVEL": "INFO"}, capture_output=True, text=True, timeout=180, check=False)


def test_rules_and_domain_have_no_conflict(validated: subprocess.CompletedProcess[str]) -> None:
    assert validated.returncode == 0
    assert "No story structure conflicts found" in validated.stderr + validated.stdout
    assert " ERROR " not in validated.stderr + validated.stdout


def test_only_meant_warnings(validated: subprocess.CompletedProcess[str]) -> None:
    warnings = [w for w in WARNING.findall(validated.stderr + validated.stdout) if not SAID_BY_AN_ACTION.search(w)]
    after: dict[str, set[tuple[str | None, str]]] = defaultdict(set)
    for e in read_examples(sorted((ROOT / "data" / "nlu").glob("*.yml"))):
        after[e.text].add((e.last_question, e.intent))
    for warning in warnings:
        found = TWO_INTENTS.match(warning)
        assert found, warning
        meanings = after[found[1]]
        assert len({question for question, _ in meanings}) == len(meanings), warning
