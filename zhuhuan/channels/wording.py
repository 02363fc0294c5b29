"""Which variant of a response is said: the channel's own, never the last one word for word, in the script that the member writes."""

from __future__ import annotations

import copy
import zlib
from functools import lru_cache
from typing import Any

import opencc
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

RECENT = 8  # bot messages within which nothing is said twice in the same words, if another variant is left


@lru_cache(maxsize=2)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def writes_traditional(text: str) -> bool:
    """Whether a message is in Traditional characters: some change in Simplified, none in Traditional.

    >>> writes_traditional("會不會打電話去我公司"), writes_traditional("你好"), writes_traditional("会上征信吗")
    (True, False, False)
    """
    return bool(text) and _converter("t2s").convert(text) != text and _converter("s2t").convert(text) == text


class VariedResponses(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Rasa's response files, with the variant chosen so that a conversation does not repeat itself; the same conversation always gets the same."""

    def __init__(self, endpoint_config: object = None, domain: Domain | None = None) -> None:
        super().__init__((domain or Domain.empty()).responses)

    def variants(self, utter_action: str, channel: str) -> list[dict[str, Any]]:
        """Variants for the channel, else those for every channel."""
        known = self.responses.get(utter_action, [])
        return [v for v in known if v.get("channel") == channel] or [v for v in known if not v.get("channel")]

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> dict[str, Any] | None:
        variants = self.variants(utter_action, tracker.get_latest_input_channel() or output_channel)
        if not variants:
            return None
        said = [event.text for event in reversed(tracker.events) if isinstance(event, BotUttered)][:RECENT]
        first = zlib.crc32(f"{tracker.sender_id}{utter_action}".encode()) + len(said)
        filled: dict[str, Any] = {}
        for i in range(len(variants)):
            variant = copy.deepcopy(variants[(first + i) % len(variants)])
            filled = self._fill_response(variant, tracker.current_slot_values(), **kwargs)
            if filled.get("text") not in said:
                break
        latest = tracker.latest_message
        if filled.get("text") and latest and writes_traditional(latest.text or ""):
            filled["text"] = _converter("s2hk").convert(filled["text"])
        filled.pop("channel", None)
        return filled
