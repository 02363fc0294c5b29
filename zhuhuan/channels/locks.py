"""One message of a conversation at a time, without Rasa's pause of a second between two looks at the lock.

With Rasa's own pause the twentieth of twenty messages sent at once waits for nineteen seconds, here for as long as the others take.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore

LOOK_AGAIN_SECONDS = 0.02


class PromptLockStore(InMemoryLockStore):  # type: ignore[misc]
    """Rasa's lock store of one process, looked at often."""

    def __init__(self, endpoint_config: object = None) -> None:
        super().__init__()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = LOOK_AGAIN_SECONDS
    ) -> AsyncGenerator[TicketLock, None]:
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as held:
            yield held
