"""Conversations over HTTP and the time that each turn takes, the same for every bot.

A conversation is an opening (not measured) and `TURNS_EACH` measured turns by a sender of its own, so that trackers are as long as those
of real conversations. A turn counts only if the bot said what it should: a quick apology is not a turn.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlsplit

TURNS_EACH = 10
TIMEOUT_SECONDS = 60.0
MOST_OTHER = 0.1  # of the answers; the language model may misread a sentence now and then, but a bench that measures apologies is none


class NotAnswered(RuntimeError):
    """The bot did not say what it should."""


@dataclass(frozen=True)
class Script:
    """What is said to a bot in a conversation. `answers`: whether the replies are the ones wanted; `opened`: the same for the opening's last reply."""

    opening: tuple[str, ...]
    turns: tuple[str, ...]
    answers: Callable[[Sequence[str]], bool]
    opened: Callable[[Sequence[str]], bool] = bool


@dataclass(frozen=True)
class Speaker:
    """A sender and what it says."""

    sender: str
    script: Script


class Line:
    """One kept-alive HTTP connection to a bot's REST channel. The standard library's client: a heavier one would hide part of the ratio."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)

    def say(self, sender: str, text: str) -> list[str]:
        """The texts of the replies."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise NotAnswered(f"HTTP {response.status} to {text!r}: {content[:200]!r}")
        return [reply["text"] for reply in json.loads(content) if reply.get("text")]

    def close(self) -> None:
        self._connection.close()


@dataclass
class Timings:
    """Milliseconds of the turns that were answered as they should be; what else was said, by text; and the seconds that it took in all."""

    milliseconds: list[float] = field(default_factory=list)
    others: list[tuple[str, list[str]]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, more: Timings) -> None:
        self.milliseconds += more.milliseconds
        self.others += more.others
        self.seconds += more.seconds

    def check(self, name: str) -> None:
        """Raises NotAnswered where too many turns got another answer than the one that was to be measured."""
        asked = len(self.milliseconds) + len(self.others)
        if len(self.others) > MOST_OTHER * asked:
            shown = "\n".join(f"  {text} -> {replies}" for text, replies in self.others[:5])
            raise NotAnswered(f"{name}: {len(self.others)} of {asked} turns were answered otherwise, for instance:\n{shown}")


def open_conversation(line: Line, speaker: Speaker) -> None:
    """Say the opening; raises NotAnswered where it does not lead to where it should."""
    replies: list[str] = []
    for text in speaker.script.opening:
        replies = line.say(speaker.sender, text)
    if not speaker.script.opened(replies):
        raise NotAnswered(f"the opening {speaker.script.opening} of {speaker.sender} led to {replies}")


def talk(line: Line, speaker: Speaker, texts: Iterator[str], turns: int) -> Timings:
    """Measured turns of a conversation that is open."""
    found = Timings()
    began = time.perf_counter()
    for _ in range(turns):
        text = next(texts)
        start = time.perf_counter()
        replies = line.say(speaker.sender, text)
        taken = (time.perf_counter() - start) * 1000
        if speaker.script.answers(replies):
            found.milliseconds.append(taken)
        else:
            found.others.append((text, replies))
    found.seconds = time.perf_counter() - began
    return found


def one_client(url: str, speaker: Speaker, texts: Iterator[str]) -> Timings:
    """A whole conversation of one client."""
    line = Line(url)
    try:
        open_conversation(line, speaker)
        return talk(line, speaker, texts, TURNS_EACH)
    finally:
        line.close()


def many_clients(url: str, speakers: Sequence[Speaker], texts: Sequence[Iterator[str]]) -> Timings:
    """As many conversations at once as there are speakers; `seconds` from the first measured turn to the end of the last."""
    lines = [Line(url) for _ in speakers]
    for line, speaker in zip(lines, speakers, strict=True):
        open_conversation(line, speaker)
    results: list[Timings | Exception] = [NotAnswered("no result")] * len(speakers)
    together = threading.Barrier(len(speakers) + 1)

    def hold(place: int) -> None:
        together.wait()
        try:
            results[place] = talk(lines[place], speakers[place], texts[place], TURNS_EACH)
        except Exception as error:  # raised again below, in the caller's thread
            results[place] = error

    threads = [threading.Thread(target=hold, args=(place,)) for place in range(len(speakers))]
    for thread in threads:
        thread.start()
    together.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    for line in lines:
        line.close()
    found = Timings()
    for result in results:
        if isinstance(result, Exception):
            raise result
        found.add(result)
    found.seconds = seconds
    return found


def sentences(texts: Sequence[str], offset: int = 0) -> Iterator[str]:
    """The sentences again and again, from place `offset` on."""
    start = offset % len(texts)
    return cycle((*texts[start:], *texts[:start]))
