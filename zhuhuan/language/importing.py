"""Reads the training files for Rasa, fast: Rasa's own reader parses each file several times in pure Python and checks each of 13,000 sentences
against a schema, which takes minutes; here libyaml reads them once. What the schema would find, tests/language checks (names, doubles, shape).

Named in config.yml under `importers`; rules and the domain stay with Rasa's reader.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from zhuhuan.language.examples import ExampleError, content_of

RULES = re.compile(r"^(?:rules|stories):", re.MULTILINE)
LEARNT = re.compile(r"^(?:nlu|responses):", re.MULTILINE)


def yaml_files(paths: list[str] | str | None) -> list[Path]:
    """The YAML files at `paths`, folders searched to any depth, in a fixed order."""
    given = [Path(p) for p in ([paths] if isinstance(paths, str) else paths or [])]
    found = {f for p in given for f in (p.rglob("*.yml") if p.is_dir() else [p]) if f.suffix in (".yml", ".yaml")}
    return sorted(found)


def messages_of(file: Path, content: dict[str, Any]) -> list[Message]:
    """Sentences with their intent and per-example metadata; raises ExampleError where an example has no text."""
    messages = []
    for block in content.get("nlu") or ():
        for number, example in enumerate(block["examples"], 1):
            if not isinstance(example, dict) or not isinstance(example.get("text"), str):
                raise ExampleError(f"{file}，意图 {block.get('intent')} 的第 {number} 句没有 text。")
            messages.append(Message.build(text=example["text"].strip(), intent=block["intent"], example_metadata=example.get("metadata")))
    return messages


class SentenceImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's importer, with sentences and responses read by `content_of`."""

    def __init__(self, config_file: str | None = None, domain_path: str | None = None, training_data_paths: list[str] | str | None = None) -> None:
        files = yaml_files(training_data_paths)
        texts = {f: f.read_text(encoding="utf-8") for f in files}
        self._learnt = [f for f, text in texts.items() if LEARNT.search(text)]
        super().__init__(config_file, domain_path, [str(f) for f, text in texts.items() if RULES.search(text)])

    @cached_property
    def _training_data(self) -> TrainingData:
        messages: list[Message] = []
        responses: dict[str, Any] = {}
        for file in self._learnt:
            content = content_of(file)
            messages += messages_of(file, content)
            responses |= content.get("responses") or {}
        return TrainingData(messages, responses=responses)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return self._training_data
