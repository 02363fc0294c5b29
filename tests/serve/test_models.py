"""Models: found by what they were learnt from, trained only when needed, never half-written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from zhuhuan.serve.errors import TrainingFailed
from zhuhuan.serve.models import KEPT, ensure_model, expected_seconds, fingerprint, model_file, training_command

Command = Callable[[Path, str, Path], list[str]]
WRITES = "import pathlib, sys; pathlib.Path(sys.argv[2], sys.argv[1] + '.tar.gz').write_text('model')"
FAILS_HALFWAY = WRITES.replace("'model')", "'half'); print('第 7 行有误'); sys.exit(1)")


def training(code: str) -> Command:
    return lambda root, name, out: [sys.executable, "-c", code, name, str(out)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {"config.yml": "c", "domain.yml": "d", "data/nlu/open.yml": "你好", "zhuhuan/language/head.py": "x = 1"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def train(root: Path, code: str) -> Path:
    return ensure_model(root, root / "train.log", command=training(code))


@pytest.mark.parametrize("changed", ["config.yml", "domain.yml", "data/nlu/open.yml", "zhuhuan/language/head.py"])
def test_every_part_that_a_model_is_learnt_from_changes_its_fingerprint(root: Path, changed: str) -> None:
    before = fingerprint(root)
    (root / changed).write_text("something else", encoding="utf-8")
    assert fingerprint(root) != before


def test_a_renamed_file_changes_the_fingerprint_and_bytecode_does_not(root: Path) -> None:
    before = fingerprint(root)
    cache = root / "zhuhuan/language/__pycache__"
    cache.mkdir()
    (cache / "head.cpython-310.pyc").write_bytes(b"bytes")
    assert fingerprint(root) == before
    (root / "data/nlu/open.yml").rename(root / "data/nlu/other.yml")
    assert fingerprint(root) != before


def test_a_model_is_trained_once_and_found_afterwards(root: Path) -> None:
    seconds: list[float] = []
    made = ensure_model(root, root / "train.log", seconds.append, training(WRITES))
    assert made == model_file(root) and made.read_text() == "model"
    assert seconds and expected_seconds(root) < 30
    assert train(root, "raise SystemExit('must not run')") == made


def test_a_failed_training_leaves_no_half_model_and_tells_the_end_of_its_log(root: Path) -> None:
    with pytest.raises(TrainingFailed, match="第 7 行有误"):
        train(root, FAILS_HALFWAY)
    assert list((root / "models").iterdir()) == []


def test_a_training_that_says_success_but_leaves_no_model_has_failed(root: Path) -> None:
    with pytest.raises(TrainingFailed):
        train(root, "pass")


def test_an_interrupted_training_leaves_nothing_behind(root: Path) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_model(root, root / "train.log", interrupt, training("import time; time.sleep(60)"))
    assert list((root / "models").iterdir()) == []


def test_only_the_newest_models_are_kept(root: Path) -> None:
    made = []
    for number in range(KEPT + 2):
        (root / "config.yml").write_text(str(number), encoding="utf-8")
        made.append(train(root, WRITES))
    assert sorted((root / "models").iterdir()) == sorted(made[-KEPT:])


def test_responses_are_given_to_rasa_as_domain_so_that_a_changed_word_trains_no_language_model(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (root / "data/responses").mkdir()
    (root / "data/responses/open.yml").write_text("responses: {}", encoding="utf-8")
    (root / "data/rules").mkdir()
    out = tmp_path_factory.mktemp("out")
    command = training_command(root, "m", out)
    domain = Path(command[command.index("--domain") + 1])
    assert sorted(str(f.relative_to(domain)) for f in domain.rglob("*.yml")) == ["domain.yml", "responses/open.yml"]
    assert command[command.index("--data") + 1 :] == [str(root / "data/nlu"), str(root / "data/rules")]
