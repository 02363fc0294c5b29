"""The peer of `make bench-language`: Rasa's default pipeline (with its tokenizer for Chinese) on the same sentences, in processes of its own.

As a script (`python -m benchmarks.peer_language MODEL`) it reads a JSON list of texts from standard input and writes the intents and the time taken.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.bots import stock_environment

ROOT = Path(__file__).resolve().parents[1]
# `rasa init`'s pipeline as its config.yml leaves it to the default, with JiebaTokenizer where white space parts no words.
PIPELINE: list[dict[str, Any]] = [
    {"name": "JiebaTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "constrain_similarities": True},
]


@dataclass(frozen=True)
class Peer:
    """A trained peer: its model and the seconds that training took."""

    model: Path
    seconds: float


def train_peer(folder: Path, epochs: int, sentences: Sequence[tuple[str, str]]) -> Peer:
    """Train on `sentences` (text, intent). They are read by our importer (Rasa's own takes minutes for many); the pipeline is Rasa's. Raises RuntimeError with the log's end."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks: dict[str, list[dict[str, str]]] = {}
    for text, intent in sentences:
        blocks.setdefault(intent, []).append({"text": text})
    nlu = {"version": "3.1", "nlu": [{"intent": intent, "examples": lines} for intent, lines in sorted(blocks.items())]}
    (folder / "nlu.yml").write_text(yaml.safe_dump(nlu, allow_unicode=True, width=10_000), encoding="utf-8")
    pipeline = [*PIPELINE[:-1], {**PIPELINE[-1], "epochs": epochs}]
    config = {"recipe": "default.v1", "language": "zh", "importers": [{"name": "zhuhuan.language.importing.SentenceImporter"}], "pipeline": pipeline, "policies": []}
    (folder / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "zhuhuan.serve.rasa_command", "train", "nlu", "--config", str(folder / "config.yml"), "--nlu", str(folder / "nlu.yml"),
               "--domain", str(ROOT / "domain.yml"), "--out", str(folder), "--fixed-model-name", "peer"]  # fmt: skip
    log, started = folder / "training.log", time.perf_counter()
    environment = stock_environment() | {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
    with log.open("wb") as out:
        code = subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        raise RuntimeError(f"the peer's training ended with {code}: {log.read_text(encoding='utf-8', errors='replace')[-1500:]}")
    return Peer(folder / "peer.tar.gz", time.perf_counter() - started)


def parse_with(model: Path, texts: list[str]) -> tuple[list[str], float, float]:
    """Intents of `texts`, milliseconds a text, and megabytes that the process took."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.peer_language", str(model)], cwd=ROOT, env=stock_environment(), input=json.dumps(texts),
                          capture_output=True, text=True, check=True)  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    return told["intents"], told["ms"], told["mb"]


def _main(model: str) -> None:
    import psutil
    from rasa.core.agent import Agent

    texts = json.loads(sys.stdin.read())
    agent = Agent.load(model)

    async def answer() -> tuple[list[str], float]:
        await agent.parse_message(texts[0])
        started = time.perf_counter()
        intents = [(await agent.parse_message(text))["intent"]["name"] for text in texts]
        return intents, (time.perf_counter() - started) / len(texts) * 1000

    intents, ms = asyncio.run(answer())
    print(json.dumps({"intents": intents, "ms": ms, "mb": psutil.Process().memory_info().rss / 1e6}))


if __name__ == "__main__":
    _main(sys.argv[1])
