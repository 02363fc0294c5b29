"""What a person labelled becomes training sentences: one file beside the written ones, that Rasa and the heads read like any other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from zhuhuan.language.examples import Example, content_of

HEAD = "# Sentences of real conversations, masked, labelled with `zhuhuan language review`.\n"


def label_of(intent: str, emotion: str | None, reason: str | None, risk: tuple[str, ...], last_question: str | None) -> dict[str, Any]:
    """A label as it is stored, without what is empty or calm."""
    label: dict[str, Any] = {"intent": intent, "emotion": emotion if emotion != "calm" else None, "reason": reason, "risk": list(risk), "last_question": last_question}
    return {name: value for name, value in label.items() if value}


def add_sentence(file: Path, text: str, label: Mapping[str, Any]) -> bool:
    """Write one sentence with its label into the YAML file, whole or not at all; False where it stands there already.

    Raises ExampleError where a name is none of labels.md, or the file cannot be read.
    """
    metadata = {name: value for name, value in label.items() if name != "intent"}
    Example.of(text, str(label["intent"]), metadata, str(file))
    content: dict[str, Any] = content_of(file) if file.exists() else {"version": "3.1", "nlu": []}
    blocks: dict[str, list[dict[str, Any]]] = {block["intent"]: block["examples"] for block in content["nlu"]}
    if any(line["text"] == text and (line.get("metadata") or {}).get("last_question") == label.get("last_question") for lines in blocks.values() for line in lines):
        return False
    blocks.setdefault(str(label["intent"]), []).append({"text": text, **({"metadata": metadata} if metadata else {})})
    content["nlu"] = [{"intent": intent, "examples": lines} for intent, lines in sorted(blocks.items())]
    handle, half = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000))
    os.replace(half, file)
    return True
