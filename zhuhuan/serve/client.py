"""A client of the REST channel (zhuhuan/channels/rest.py) and of the trackers behind it."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Any

import httpx

from zhuhuan.serve.errors import NoAnswer

TIMEOUT_SECONDS = 60.0


class Client:
    """Talks to one Rasa server; may be used by several threads. `token` opens the trackers."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self._http = httpx.Client(base_url=self.url, timeout=TIMEOUT_SECONDS, trust_env=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def reachable(self) -> bool:
        """Whether a REST channel answers there."""
        try:
            return bool(self._http.get("/webhooks/rest/", timeout=3.0).json() == {"status": "ok"})
        except (httpx.HTTPError, ValueError):
            return False

    def say(self, sender: str, text: str, *, now: datetime | None = None, channel: str = "chat", message_id: str | None = None) -> list[str]:
        """Send a message and return the replies' texts. `now` is the conversation's clock where the server trusts it. Raises NoAnswer."""
        body: dict[str, Any] = {"sender": sender, "message": text, "input_channel": channel}
        if now is not None:
            body["metadata"] = {"now": now.isoformat()}
        if message_id is not None:
            body["message_id"] = message_id
        replies = self._json("POST", "/webhooks/rest/webhook", json=body)
        return [str(reply["text"]) for reply in replies if reply.get("text")]

    def tracker(self, sender: str) -> dict[str, Any]:
        """The conversation's slots and latest message, without its events. Raises NoAnswer."""
        found = self._json("GET", f"/conversations/{sender}/tracker", params={"token": self.token, "include_events": "NONE"})
        return dict(found)

    def _json(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = self._http.request(method, path, **request)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise NoAnswer(f"对话服务 {self.url}{path} 没有正常应答（{type(error).__name__}：{error}）。请看服务的日志") from error
