"""Rasa graph components of the language model. Each reads a message, adds one thing to it, and is saved and loaded by itself.

Order in config.yml: SentenceFeaturizer, IntentHead, Values, EmotionHead, ReasonHead, RiskHead, DialogueSignals, then Rasa's FallbackClassifier.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, cast

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    ENTITIES,
    FEATURE_TYPE_SENTENCE,
    INTENT,
    INTENT_RANKING_KEY,
    METADATA,
    METADATA_EXAMPLE,
    TEXT,
)
from rasa.shared.nlu.training_data.features import Features as RasaFeatures
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from zhuhuan.language import saved
from zhuhuan.language.answers import EmotionAnswer, IntentAnswer, ReasonAnswer, RiskAnswer
from zhuhuan.language.embedding import embedder
from zhuhuan.language.examples import Example
from zhuhuan.language.features import Features, SentenceFeatures, readable
from zhuhuan.language.scene import scene_of
from zhuhuan.language.signals import signals
from zhuhuan.language.values import birth_dates, extract
from zhuhuan.language.vectors import Recent, VectorStore

SURE = 0.5  # a risk flag below it is a faint sign
RANKING = 10  # intents that a message carries
Type = DefaultV1Recipe.ComponentType


def labelled(training_data: TrainingData) -> list[Message]:
    """Messages that have a text and an intent, in a fixed order."""
    return [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]


def example_of(message: Message) -> Example:
    """The sentence with the labels of its metadata; raises ExampleError on a label that labels.md does not have."""
    return Example.of(message.get(TEXT), message.get(INTENT), (message.get(METADATA) or {}).get(METADATA_EXAMPLE))


def features_of(messages: list[Message]) -> Features:
    """What SentenceFeaturizer put into the messages."""
    from scipy.sparse import vstack

    pairs = [(m.get_sparse_features(TEXT)[1], m.get_dense_features(TEXT)[1]) for m in messages]
    grams = vstack([cast(RasaFeatures, sparse).features for sparse, _ in pairs]).tocsr()
    return Features(grams, np.vstack([cast(RasaFeatures, dense).features for _, dense in pairs]))


class Saved(GraphComponent):
    """A component whose learnt part is one object in one file."""

    file: ClassVar[str]

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learnt: Any) -> None:
        self.config, self.storage, self.resource, self.learnt = config, storage, resource, learnt

    @classmethod
    def fresh(cls, config: dict[str, Any]) -> Any:
        """What has not learnt yet."""
        raise NotImplementedError

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Saved:
        return cls(config, model_storage, resource, cls.fresh(config))

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Saved:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / cls.file))

    def persist(self) -> Resource:
        with self.storage.write_to(self.resource) as folder:
            joblib.dump(self.learnt, folder / self.file)
        return self.resource


@DefaultV1Recipe.register(Type.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(Saved):
    """Character n-grams and the sentence vector as Rasa features, so that any of Rasa's classifiers can be put on them as well."""

    file = saved.FEATURES

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"embedder": "use", "vectors": ".rasa/vectors"}

    @classmethod
    def fresh(cls, config: dict[str, Any]) -> SentenceFeatures:
        return SentenceFeatures()

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learnt: SentenceFeatures) -> None:
        super().__init__(config, storage, resource, learnt)
        self.embed = Recent(embedder(config["embedder"]))
        self.store = VectorStore(Path(config["vectors"]))

    def train(self, training_data: TrainingData) -> Resource:
        texts = [readable(m.get(TEXT)) for m in labelled(training_data)]
        self.learnt.fit(texts, self.store.vectors(self.embed.embed, texts))
        return self.persist()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = labelled(training_data)
        texts = [readable(m.get(TEXT)) for m in messages]
        self._add(messages, self.learnt.transform(texts, self.store.vectors(self.embed.embed, texts)))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        texts = [readable(m.get(TEXT) or "") for m in messages]
        self._add(messages, self.learnt.transform(texts, self.embed(texts)))
        return messages

    def _add(self, messages: list[Message], features: Features) -> None:
        for i, message in enumerate(messages):
            for row in (features.grams[i], features.dense[i : i + 1]):
                message.add_features(RasaFeatures(row, FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))


class Head(Saved):
    """A head on the sentence's features."""

    answer: ClassVar[Any]

    @classmethod
    def fresh(cls, config: dict[str, Any]) -> Any:
        return cls.answer()

    def train(self, training_data: TrainingData) -> Resource:
        messages = labelled(training_data)
        self.learnt.fit(features_of(messages), [example_of(m) for m in messages])
        return self.persist()


@DefaultV1Recipe.register(Type.INTENT_CLASSIFIER, is_trainable=True)
class IntentHead(Head):
    """Sets `intent` and `intent_ranking`, by the sentence and the assistant's last question."""

    file = saved.INTENT
    answer = IntentAnswer

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        for message in messages:
            question = scene_of(message, tracker).last_question
            ranking = [{"name": n, "confidence": c} for n, c in self.learnt.ranking(features_of([message]), question)]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKING], add_to_output=True)
        return messages


@DefaultV1Recipe.register(Type.ENTITY_EXTRACTOR, is_trainable=False)
class Values(GraphComponent):
    """Adds amounts, dates and the other values of labels.md to `entities`, and `birth_date` for the verification."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Values:
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        for message in messages:
            text, scene = message.get(TEXT) or "", scene_of(message, tracker)
            found = extract(text, scene.today, scene.last_question, scene.pay_day, (message.get(INTENT) or {}).get("name"))
            entities = [*(message.get(ENTITIES) or ()), *(value.as_dict() for value in found)]
            entities += [{"entity": "birth_date", "value": d.isoformat(), "start": 0, "end": len(text)} for d in birth_dates(text)]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


@DefaultV1Recipe.register(Type.INTENT_CLASSIFIER, is_trainable=True)
class EmotionHead(Head):
    """Sets `emotion`: {name, intensity from 0 to 1}."""

    file = saved.EMOTION
    answer = EmotionAnswer

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            name, intensity = self.learnt.emotion(features_of([message]))
            message.set("emotion", {"name": name, "intensity": round(intensity, 3)}, add_to_output=True)
        return messages


@DefaultV1Recipe.register(Type.INTENT_CLASSIFIER, is_trainable=True)
class ReasonHead(Head):
    """Sets `reason`: {name, confidence}, or leaves it away where none is given."""

    file = saved.REASON
    answer = ReasonAnswer

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.learnt.reason(features_of([message]), (message.get(INTENT) or {}).get("name"))
            message.set("reason", {"name": found[0], "confidence": found[1]} if found else None, add_to_output=True)
        return messages


@DefaultV1Recipe.register(Type.INTENT_CLASSIFIER, is_trainable=True)
class RiskHead(Head):
    """Sets `risk`: [{name, confidence}] of the flags above their thresholds."""

    file = saved.RISK
    answer = RiskAnswer

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.learnt.risks(features_of([message]))
            message.set("risk", [{"name": n, "confidence": c} for n, c in found], add_to_output=True)
        return messages


@DefaultV1Recipe.register(Type.ENTITY_EXTRACTOR, is_trainable=False)
class DialogueSignals(GraphComponent):
    """Adds `care` and `lapsed` to `entities`: they fill slots that the dialogue's rules look at."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DialogueSignals:
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            flags = frozenset(r["name"] for r in message.get("risk") or ())
            sure = frozenset(r["name"] for r in message.get("risk") or () if r["confidence"] >= SURE)
            found = [{"entity": kind, "value": value, "start": 0, "end": len(text)} for kind, value in signals(text, flags, sure, scene_of(message, tracker))]
            message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found], add_to_output=True)
        return messages
