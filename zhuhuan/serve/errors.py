"""What can go wrong when the servers run: each message is a sentence that says what is wrong, where, and what to do."""

from __future__ import annotations


class ServeError(Exception):
    """Base of all errors of running the servers; told in its own words, exit code 1."""


class PortInUse(ServeError):
    """Another program listens on the port that was asked for."""


class ChildDied(ServeError):
    """A server ended by itself, or never became ready; the message ends with the last lines of its log."""


class TrainingFailed(ServeError):
    """`rasa train` ended without a model; the message ends with the last lines of its log."""


class NoAnswer(ServeError):
    """The REST channel does not answer, or not with what it should."""


class BadDialogues(ServeError):
    """A file of dialogues that cannot be used; `line` counts from 1. Exit code 2."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(f"第{line}行：{reason}" if line else reason)
        self.line = line
