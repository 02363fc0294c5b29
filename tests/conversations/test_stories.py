"""The test stories of tests/stories, end to end against the running server: what is understood of each text, and which action comes next.

`rasa test` tells the language model nothing of the conversation, and what a reply means depends on the question before it; so each text goes
through the server with its tracker. No action runs: what it would set stands in the story.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from running import Running

STORIES = sorted((Path(__file__).parents[1] / "stories").glob("test_*.yml"))
STAGES = {"open", "understand", "inform", "solve", "adjust", "de_escalate", "refused", "close"}


def stories() -> Iterator[Any]:
    for file in STORIES:
        for story in yaml.safe_load(file.read_text(encoding="utf-8"))["stories"]:
            yield pytest.param(story["steps"], id=f"{file.stem[5:]}: {story['story']}")


class Told:
    """One story's conversation on the server."""

    def __init__(self, http: httpx.Client, sender: str, token: str | None) -> None:
        self.http, self.path, self.token = http, f"/conversations/{sender}", token

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.http.post(self.path + path, json=body, params={"token": self.token, "include_events": "NONE"})
        answer.raise_for_status()
        return answer.json()

    def user(self, text: str) -> str:
        """Says `text`; the intent that was understood."""
        return str(self.post("/messages", {"text": text, "sender": "user"})["latest_message"]["intent"]["name"])

    def next_action(self) -> str:
        scores = self.post("/predict")["scores"]
        return str(max(scores, key=lambda s: s["score"])["action"])

    def happened(self, action: str, slots: dict[str, Any]) -> None:
        """The action ran and set the slots, then the assistant listens."""
        events = [{"event": "action", "name": action}, *({"event": "slot", "name": n, "value": v} for n, v in slots.items())]
        self.post("/tracker/events", [*events, {"event": "action", "name": "action_listen"}])


def slots_after(steps: list[dict[str, Any]], place: int) -> dict[str, Any]:
    """Slots that the story says were set by the action at `place`."""
    following = steps[place + 1] if place + 1 < len(steps) else {}
    return {name: value for given in following.get("slot_was_set", ()) for name, value in given.items()}


def test_every_stage_has_stories() -> None:
    assert {file.stem.removeprefix("test_") for file in STORIES} == STAGES


@pytest.mark.server
@pytest.mark.parametrize("steps", stories())
def test_story(server: Running, steps: list[dict[str, Any]], request: pytest.FixtureRequest) -> None:
    with httpx.Client(base_url=server.client.url, trust_env=False, timeout=30) as http:
        told = Told(http, f"story-{abs(hash(request.node.name))}", server.client.token)
        for place, step in enumerate(steps):
            if "user" in step:
                assert told.user(step["user"]) == step["intent"], f"{step['user']} was misunderstood"
            elif "action" in step:
                assert told.next_action() == step["action"], f"after step {place}: {steps[place - 1]}"
                told.happened(step["action"], slots_after(steps, place))
