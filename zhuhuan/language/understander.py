"""The whole language model without Rasa: the same learnt parts, put to one sentence after another."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import joblib

from zhuhuan.language import saved
from zhuhuan.language.answers import EmotionAnswer, IntentAnswer, ReasonAnswer, RiskAnswer
from zhuhuan.language.context import in_context
from zhuhuan.language.embedding import Embedder, embedder
from zhuhuan.language.examples import Example, read_examples
from zhuhuan.language.features import SentenceFeatures, readable
from zhuhuan.language.values import extract
from zhuhuan.language.vectors import Recent, VectorStore

EMBEDDER = "use"


class NoModel(LookupError):
    """There is no trained model where one was looked for."""


@dataclass
class Understander:
    """Learnt parts and the embedder they were learnt with."""

    features: SentenceFeatures
    intent: IntentAnswer
    reason: ReasonAnswer
    emotion: EmotionAnswer
    risk: RiskAnswer
    embed: Embedder

    def understand(self, text: str, today: date, last_question: str | None = None, pay_day: int | None = None, ranked: int = 3,
                   verified: bool = False) -> dict[str, Any]:
        """One utterance as contract.md's `zhuhuan language parse` answers it, with the `ranked` likeliest intents.

        today: the conversation's own date. pay_day: day of the month on which the member is paid, if known. verified: the person is known already.
        """
        line = readable(text)
        row = self.features.transform([line], self.embed([line]))
        ranking = in_context(self.intent.ranking(row, last_question, len(line.replace(" ", ""))), line, verified, last_question)[:ranked]
        name = ranking[0][0]
        emotion, intensity = self.emotion.emotion(row)
        reason = self.reason.reason(row, name)
        return {
            "text": text,
            "intent": {"name": name, "confidence": round(ranking[0][1], 4)},
            "intent_ranking": [{"name": n, "confidence": round(c, 4)} for n, c in ranking],
            "entities": [v.as_dict() for v in extract(text, today, last_question, pay_day, name)],
            "emotion": {"name": emotion, "intensity": round(intensity, 3)},
            "reason": {"name": reason[0], "confidence": round(reason[1], 4)} if reason else None,
            "risk": [{"name": n, "confidence": round(c, 4)} for n, c in self.risk.risks(row)],
        }

    def save(self, folder: Path) -> None:
        """The learnt parts as files in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in self._parts().items():
            handle, half = tempfile.mkstemp(dir=folder)
            os.close(handle)
            joblib.dump(part, half)
            os.replace(half, folder / name)

    def _parts(self) -> dict[str, object]:
        return {saved.FEATURES: self.features, saved.INTENT: self.intent, saved.REASON: self.reason, saved.EMOTION: self.emotion, saved.RISK: self.risk}

    @classmethod
    def load(cls, folder: Path) -> Understander:
        """From the files below `folder`, at any depth; raises NoModel where one is missing."""
        found = {p.name: p for p in folder.rglob("*.joblib")}
        missing = [n for n in saved.ALL if n not in found]
        if missing:
            raise NoModel(f"{folder} 里缺少 {'、'.join(missing)}，请先运行 zhuhuan language train 或 rasa train。")
        features, intent, reason, emotion, risk = (joblib.load(found[name]) for name in saved.ALL)
        return cls(features, intent, reason, emotion, risk, Recent(embedder(EMBEDDER)))

    @classmethod
    def of_archive(cls, archive: Path) -> Understander:
        """From a model archive that `rasa train` wrote; raises NoModel where it holds another pipeline."""
        with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
            wanted = [m for m in tar.getmembers() if m.isfile() and Path(m.name).name in saved.ALL]
            for member in wanted:
                member.name = Path(member.name).name  # nothing of an archive is written outside of the folder
                tar.extract(member, folder)
            return cls.load(Path(folder))

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Path) -> Understander:
        """Trained on `examples`; `vectors` is the folder in which sentences' vectors are kept from one training to the next."""
        embed = embedder(EMBEDDER)
        texts = [readable(e.text) for e in examples]
        rows = VectorStore(vectors).vectors(embed, texts)
        features = SentenceFeatures().fit(texts, rows)
        known = features.transform(texts, rows)
        with ThreadPoolExecutor(max_workers=2) as two:  # liblinear works without the interpreter's lock
            intent, reason = two.submit(IntentAnswer().fit, known, examples), two.submit(ReasonAnswer().fit, known, examples)
            emotion, risk = two.submit(EmotionAnswer().fit, known, examples), two.submit(RiskAnswer().fit, known, examples)
            return cls(features, intent.result(), reason.result(), emotion.result(), risk.result(), Recent(embed))


def digest(examples: Sequence[Example]) -> str:
    """A name for a set of examples: the same sentences with the same labels have the same one, in whatever order."""
    lines = sorted(json.dumps([e.text, e.intent, e.reason, e.emotion, sorted(e.risk), e.last_question], ensure_ascii=False) for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def newest(models: Path, data: Path, kept: Path, tell: Callable[[str], None] = lambda said: None) -> Understander:
    """The model that was trained last in `models`; where there is none, one trained on the sentences in `data` and kept in `kept` for the next call.

    `tell` hears what takes long. Raises NoModel where there are neither models nor sentences.
    """
    for archive in sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True):
        try:
            return Understander.of_archive(archive)
        except NoModel:
            continue
    examples = read_examples(sorted(data.glob("*.yml")))
    if not examples:
        raise NoModel(f"{models} 里没有模型，{data} 里也没有训练句子，请先运行 make train。")
    folder = kept / digest(examples)
    if not folder.exists():
        tell(f"还没有训练好的模型，先用 {len(examples)} 个句子训练（约一分钟）……")
        Understander.fit(examples, kept / "vectors").save(folder)
    return Understander.load(folder)
