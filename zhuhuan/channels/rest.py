"""The REST channel at /webhooks/rest/webhook, as Rasa's own, made safe for messages from anybody.

Body: {"sender": "...", "message": "...", "input_channel": "chat" | "sms" | "assist", "message_id": "...", "metadata": {...}}.
A leading slash is taken off (in Rasa it would name an intent or reset the conversation), the text is cut at MAX_LENGTH characters.
"""

from __future__ import annotations

from typing import Any

from rasa.core.channels.rest import RestInput
from sanic.request import Request

MAX_LENGTH = 1000  # longer than any message that a person types; the rest of a 5,000-character paste adds nothing to its meaning
CHANNELS = ("chat", "sms", "assist")


def safe_text(message: object) -> str:
    """What of a message may enter the model: a string, without control characters, commands and excess length.

    >>> safe_text("/restart")
    'restart'
    >>> safe_text(None)
    ''
    """
    text = message if isinstance(message, str) else ""
    text = "".join(" " if ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 else c for c in text)
    return text.strip().lstrip("/／").strip()[:MAX_LENGTH]


class SafeRestInput(RestInput):  # type: ignore[misc]
    """Rasa's REST channel with safe text, known channels and the sender's own message id.

    trust_clock: whether `now` in a message's metadata is the clock (tests, converse). Otherwise it is dropped: a sender who sets the clock
    could keep a verified conversation open for ever.
    """

    def __init__(self, trust_clock: bool = False) -> None:
        super().__init__()
        self.trust_clock = trust_clock

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SafeRestInput:
        return cls(str((credentials or {}).get("trust_clock")) == "1")

    def _extract_message(self, req: Request) -> str:
        return safe_text((req.json or {}).get("message"))

    def _extract_input_channel(self, req: Request) -> str:
        named = (req.json or {}).get("input_channel")
        return named if named in CHANNELS else "chat"

    def get_metadata(self, request: Request) -> dict[str, Any]:
        body = request.json or {}
        carried = body.get("metadata")
        metadata: dict[str, Any] = dict(carried) if isinstance(carried, dict) else {}
        if not self.trust_clock:
            metadata.pop("now", None)
        if isinstance(body.get("message_id"), str):
            metadata["message_id"] = body["message_id"][:100]
        return metadata
