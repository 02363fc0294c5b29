"""Labelled sentences: what the heads learn from, read from the NLU files that Rasa reads too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from zhuhuan.language.labels import CALM, EMOTIONS, INTENTS, QUESTIONS, REASONS, RISKS


class ExampleError(ValueError):
    """A training sentence that cannot be learnt from; the message names the file, the sentence and what is wrong."""


@dataclass(frozen=True)
class Example:
    """One sentence of a member with all its labels (labels.md); `reason` None where it gives none."""

    text: str
    intent: str
    reason: str | None = None
    emotion: str = CALM
    risk: frozenset[str] = frozenset()
    last_question: str | None = None

    @classmethod
    def of(cls, text: str, intent: str, metadata: Mapping[str, Any] | None, where: str = "训练数据") -> Example:
        """From the metadata that a sentence carries; raises ExampleError on a name that labels.md does not have."""
        data = dict(metadata or {})
        risk = frozenset(data.get("risk") or ())
        example = cls(text, intent, data.get("reason"), data.get("emotion") or CALM, risk, data.get("last_question"))
        named = ((example.intent, INTENTS, "intent"), (example.reason, (None, *REASONS), "reason"), (example.emotion, EMOTIONS, "emotion"),
                 (example.last_question, (None, *QUESTIONS), "last_question"), *((r, RISKS, "risk") for r in risk))  # fmt: skip
        for name, known, kind in named:
            if name not in known:
                raise ExampleError(f"{where}：“{text}”的 {kind} 写成了 {name}，labels.md 里没有这个名字，请改正。")
        return example


def content_of(file: Path) -> dict[str, Any]:
    """What a training file holds, read by libyaml where it is there; raises ExampleError where it is no YAML mapping."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ExampleError(f"{file}：不是有效的 YAML（{error}），请改正后再训练。") from error
    if not isinstance(content, dict):
        raise ExampleError(f"{file} 的最外层应当是“键: 值”。")
    return content


def read_examples(files: Iterable[Path]) -> tuple[Example, ...]:
    """Every sentence of NLU YAML files, in their order. Raises ExampleError where a file or a label is not as it should be."""
    found: list[Example] = []
    for file in files:
        for block in content_of(file).get("nlu") or ():
            for line in block.get("examples") or ():
                if not isinstance(line, dict) or not isinstance(line.get("text"), str):
                    raise ExampleError(f"{file}：intent {block.get('intent')} 下有一句没有写成 {{text: \"…\"}}：{line!r}")
                found.append(Example.of(line["text"], block["intent"], line.get("metadata"), str(file)))
    return tuple(found)


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
