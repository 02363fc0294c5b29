"""What can go wrong with the loan book: each message is a sentence for staff that says what is wrong, where, and what to do."""

from __future__ import annotations


class LoanBookError(Exception):
    """Base of all errors of the loan book."""


class NoTables(LoanBookError):
    """The database has no tables yet, or those of another version."""


class UnknownRecord(LoanBookError, LookupError):
    """A member or loan that the book does not hold, or a loan that is another member's."""


class BadRecord(LoanBookError, ValueError):
    """A record that must not be written, such as a schedule that does not add up."""


class AlreadyHandled(LoanBookError):
    """A message of that id was handled before, perhaps a moment ago by another process: nothing of this unit of work is kept."""


class BadStatement(LoanBookError, ValueError):
    """A loan's figures that contradict each other. `field` names the one that is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class BadAccount(LoanBookError, ValueError):
    """An account (contract.md) that lacks something or contradicts itself; the message begins with the place."""


class BadFile(LoanBookError, ValueError):
    """A file that cannot be read as a table at all."""
