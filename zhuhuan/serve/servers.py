"""The action server and Rasa, started in this order and ended in the other.

>>> with Servers(model, "sqlite:////tmp/books/{sender}.db", trust_clock=True) as servers:  # doctest: +SKIP
...     Client(servers.url, servers.token).say("19900000001", "你好")
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType

import httpx

from zhuhuan.serve.child import Child
from zhuhuan.serve.errors import ChildDied
from zhuhuan.serve.places import LOGS, ROOT
from zhuhuan.serve.ports import LOOPBACK, free_port

ACTION_SERVER, RASA = "动作服务", "对话服务"
READY_SECONDS = {ACTION_SERVER: 90.0, RASA: 240.0}  # a cold disk and a busy machine included
OK, NO_MODEL = 200, 409
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def quiet_environment() -> dict[str, str]:
    """This process's environment for children: no telemetry, no third-party chatter, one thread for sums as small as ours."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # without bytecode each start takes 20 s longer
    environment.update(dict.fromkeys(ONE_THREAD, "1"))
    environment.update(
        PYTHONUNBUFFERED="1",
        PYTHONUTF8="1",
        PYTHONWARNINGS="ignore",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        RASA_TELEMETRY_ENABLED="false",
        LOG_LEVEL="WARNING",
        LOG_LEVEL_LIBRARIES="ERROR",
    )
    return environment


class Servers:
    """Both servers as a context: ready when it is entered, gone when it is left, however that happens.

    model: the trained model's file. book_url: the loan book's URL, absolute, perhaps with `{sender}`. trust_clock: `now` in a message's metadata
    is the conversation's clock. port: Rasa's (None: any free one). host: where Rasa listens; the action server only ever on loopback.
    token: opens Rasa's HTTP API (trackers); a new random one each time.
    """

    def __init__(
        self, model: Path, book_url: str, *, trust_clock: bool = False, port: int | None = None, host: str = LOOPBACK, logs: Path = LOGS
    ) -> None:
        self.model, self.book_url, self.trust_clock = model, book_url, trust_clock
        self.port, self.host, self.logs = port or free_port(), host, logs
        self.action_port = free_port()
        self.token = secrets.token_hex(24)
        self.children: list[Child] = []

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK if self.host == '0.0.0.0' else self.host}:{self.port}"

    @property
    def log_files(self) -> tuple[Path, Path]:
        return self.logs / "actions.log", self.logs / "rasa.log"

    def __enter__(self) -> Servers:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start both at once and return when both are ready; raises ChildDied where one does not become so (then call `stop`)."""
        waits = (self._start_actions(), self._start_rasa())
        for wait in waits:
            wait()

    def _environment(self) -> dict[str, str]:
        return quiet_environment() | {
            "ZHUHUAN_DB": self.book_url,
            "ZHUHUAN_TRUST_CLOCK": "1" if self.trust_clock else "0",
            "ZHUHUAN_ACTION_PORT": str(self.action_port),
            "ZHUHUAN_API_TOKEN": self.token,
            "SANIC_HOST": LOOPBACK,
        }

    def _start_actions(self) -> Callable[[], None]:
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.action_port), "--quiet"]
        return self._start(ACTION_SERVER, command, self.log_files[0], lambda: status_of(f"http://{LOOPBACK}:{self.action_port}/health") == OK)

    def _start_rasa(self) -> Callable[[], None]:
        command = [
            *(sys.executable, "-m", "zhuhuan.serve.rasa_command", "run", "--quiet", "--enable-api", "--model", str(self.model)),
            *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--interface", self.host, "--port", str(self.port)),
        ]
        return self._start(RASA, command, self.log_files[1], self._rasa_ready)

    def _rasa_ready(self) -> bool:
        status = status_of(f"{self.url}/status", token=self.token)
        if status == NO_MODEL:  # Rasa listens only after it has tried to load the model, and listens even when that failed
            raise ChildDied(self.children[-1].told(f"{RASA}装不上模型 {self.model.name}"))
        return status == OK

    def _start(self, name: str, command: list[str], log: Path, ready: Callable[[], bool]) -> Callable[[], None]:
        """Start a child; what is returned waits until it is ready."""
        child = Child(name, command, self._environment(), ROOT, log)
        self.children.append(child)
        return lambda: child.wait_until(ready, READY_SECONDS[name])

    def require_alive(self) -> None:
        """Raises ChildDied where one of the servers has ended."""
        for child in self.children:
            child.require_alive()

    def wait(self) -> None:
        """Return on Ctrl-C; raises ChildDied where a server ends by itself."""
        with suppress(KeyboardInterrupt):
            while True:
                self.require_alive()
                time.sleep(0.5)

    def stop(self) -> None:
        """End both servers; a second Ctrl-C meanwhile does not leave one behind."""
        with _undisturbed():
            while self.children:
                self.children.pop().stop()


def status_of(url: str, **parameters: str) -> int | None:
    """The HTTP status with which a GET of `url` is answered; None where nobody answers."""
    try:
        return httpx.get(url, params=parameters, timeout=2.0, trust_env=False).status_code
    except httpx.HTTPError:
        return None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and the like wait until the block has ended (signals belong to the main thread; elsewhere nothing is to be done)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def end_on_signals() -> None:
    """Let `kill` and a closed terminal end this process as Ctrl-C does, so that its servers end too."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
