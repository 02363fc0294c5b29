"""Our bot and its peer, a freshly made `rasa init` bot: how each is trained, started and weighed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from benchmarks.talking import Line, NotAnswered
from zhuhuan.serve.child import Child, tail
from zhuhuan.serve.models import ensure_model
from zhuhuan.serve.ports import LOOPBACK, free_port
from zhuhuan.serve.servers import Servers

COPIED = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "data", "actions", "zhuhuan")
START_SECONDS = 600.0
ADDED = '- intent: thank\n  examples:\n  - {text: "这一句是性能测试时新添的 谢谢您嘞"}\n'


class Bot(Protocol):
    """A trained bot that can be started, talked to and ended."""

    name: str
    hello: str

    @property
    def url(self) -> str: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def pids(self) -> Sequence[int]: ...


class Ours:
    """Action server and Rasa, as `zhuhuan serve` starts them."""

    name, hello = "zhuhuan", "你好"

    def __init__(self, model: Path, book_url: str, logs: Path) -> None:
        self._of = (model, book_url, logs)
        self._servers: Servers | None = None

    @property
    def _running(self) -> Servers:
        if self._servers is None:
            raise RuntimeError("our bot has not been started")
        return self._servers

    @property
    def url(self) -> str:
        return self._running.url

    def start(self) -> None:
        model, book_url, logs = self._of
        self._servers = Servers(model, book_url, logs=logs)
        self._servers.start()

    def stop(self) -> None:
        if self._servers is not None:
            self._servers.stop()

    def pids(self) -> list[int]:
        return [child.pid for child in self._running.children]


class Peer:
    """The `rasa init` bot in its folder, run as its makers say: `rasa run`. It has no custom action, so no action server is weighed."""

    name, hello = "rasa init", "hello"

    def __init__(self, folder: Path, logs: Path) -> None:
        self._folder, self._logs = folder, logs
        self._port = free_port()
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    def start(self) -> None:
        self._port = free_port()
        command = [sys.executable, "-m", "rasa", "run", "--interface", LOOPBACK, "--port", str(self._port)]
        self._child = Child(self.name, command, stock_environment(), self._folder, self._logs / "peer.log")

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def pids(self) -> list[int]:
        return [self._child.pid] if self._child is not None else []


def stock_environment() -> dict[str, str]:
    """The peer's environment: this one, without telemetry. Bytecode is kept, as for our own servers; its thread counts are its own (measured: one thread makes it slower)."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"RASA_TELEMETRY_ENABLED": "false", "PYTHONUTF8": "1"}


def seconds_to_first_answer(bot: Bot) -> float:
    """Start a bot; seconds from before its processes exist until it has answered a greeting."""
    began = time.perf_counter()
    bot.start()
    while time.perf_counter() - began < START_SECONDS:
        line = Line(bot.url)
        try:
            if line.say("first", bot.hello):
                return time.perf_counter() - began
        except (OSError, NotAnswered):
            pass  # not listening yet, or listening without its model
        finally:
            line.close()
        time.sleep(0.05)
    raise NotAnswered(f"{bot.name} did not answer within {START_SECONDS:.0f} seconds")


def resident_megabytes(pids: Sequence[int]) -> float:
    """Resident memory of processes and all their children."""
    found = [psutil.Process(pid) for pid in pids]
    found += [child for process in found for child in process.children(recursive=True)]
    return sum(process.memory_info().rss for process in found) / 1e6


@dataclass(frozen=True)
class Trained:
    """A model and how long it took."""

    model: Path
    seconds: float


def make_peer(folder: Path, logs: Path) -> Trained:
    """`rasa init --no-prompt` in `folder`: makes the bot and trains it."""
    folder.mkdir(parents=True)
    log = logs / "peer-train.log"
    began = time.perf_counter()
    with log.open("wb") as out:
        command = [sys.executable, "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)]
        code = subprocess.run(command, env=stock_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    seconds = time.perf_counter() - began
    models = list((folder / "models").glob("*.tar.gz"))
    if code or not models:
        raise RuntimeError(f"rasa init failed (exit code {code}):\n{tail(log)}")
    return Trained(models[0], seconds)


def copy_project(root: Path, copy: Path) -> None:
    """What a training reads, in another folder: nothing is cached there yet, neither vectors nor anything of Rasa's."""
    copy.mkdir(parents=True)
    for part in COPIED:
        if (root / part).is_dir():
            shutil.copytree(root / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(root / part, copy / part)


def train_ours(copy: Path, logs: Path) -> Trained:
    """The project's own training, in a copy of it."""
    began = time.perf_counter()
    model = ensure_model(copy, logs / "train.log")
    return Trained(model, time.perf_counter() - began)


def add_sentence(copy: Path) -> None:
    """One new training sentence, as someone who works on the data adds it; the model has to be trained again, all other sentences stay."""
    nlu = copy / "data" / "nlu" / "added_by_bench.yml"
    nlu.write_text(f'version: "3.1"\nnlu:\n{ADDED}', encoding="utf-8")
