"""Rasa graph components of the language model: `Understanding` learns and answers, `DialogueSignals` tells the rules what comes before all else.

All heads learn in one component: Rasa fingerprints all sentences, features included, once for every trainable component, which cost more time
than the learning itself. The parts are small classes of their own (features.py, answers.py, understander.py) that know nothing of Rasa.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from zhuhuan.language.examples import Example
from zhuhuan.language.scene import scene_of
from zhuhuan.language.signals import signals
from zhuhuan.language.understander import Understander
from zhuhuan.language.values import birth_dates

RANKING = 10  # intents that a message carries
SURE = 0.5  # a risk flag below it is a faint sign
Type = DefaultV1Recipe.ComponentType


def examples_of(training_data: TrainingData) -> list[Example]:
    """The sentences with the labels of their metadata; raises ExampleError on a label that labels.md does not have."""
    return [
        Example.of(m.get(TEXT), m.get(INTENT), (m.get(METADATA) or {}).get(METADATA_EXAMPLE))
        for m in training_data.intent_examples
        if m.get(TEXT) and m.get(INTENT)
    ]


@DefaultV1Recipe.register(Type.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(GraphComponent):  # type: ignore[misc]
    """Sets `intent`, `intent_ranking`, `entities`, `emotion` {name, intensity}, `reason` {name, confidence} or None, `risk` [{name, confidence}]."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"vectors": ".rasa/vectors"}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learnt: Understander | None = None) -> None:
        self.config, self.storage, self.resource, self.learnt = config, storage, resource, learnt

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Understanding:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Understanding:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Understander.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        self.learnt = Understander.fit(examples_of(training_data), Path(self.config["vectors"]))
        with self.storage.write_to(self.resource) as folder:
            self.learnt.save(folder)
        return self.resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        for message in messages:
            self._answer(message, tracker)
        return messages

    def _answer(self, message: Message, tracker: DialogueStateTracker | None) -> None:
        assert self.learnt is not None, "a component answers only once it is loaded"
        text, scene = message.get(TEXT) or "", scene_of(message, tracker)
        found = self.learnt.understand(text, scene.today, scene.last_question, scene.pay_day, RANKING, scene.verified)
        births = [{"entity": "birth_date", "value": day.isoformat(), "start": 0, "end": len(text)} for day in birth_dates(text)]
        message.set(INTENT, found["intent"], add_to_output=True)
        message.set(INTENT_RANKING_KEY, found["intent_ranking"], add_to_output=True)
        message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found["entities"], *births], add_to_output=True)
        for name in ("emotion", "reason", "risk"):
            message.set(name, found[name], add_to_output=True)


@DefaultV1Recipe.register(Type.ENTITY_EXTRACTOR, is_trainable=False)
class DialogueSignals(GraphComponent):  # type: ignore[misc]
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
            scene = scene_of(message, tracker)
            found = [{"entity": kind, "value": value, "start": 0, "end": len(text)} for kind, value in signals(text, flags, sure, scene)]
            message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found], add_to_output=True)
        return messages
