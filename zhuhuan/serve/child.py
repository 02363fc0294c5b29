"""One child process: started in a group of its own with its log in a file, watched, and ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from zhuhuan.serve.errors import ChildDied

GRACE_SECONDS = 8.0  # how long a server may take to end by itself before it is killed
POLL_SECONDS = 0.1
TAIL_LINES = 15
NOISE = re.compile(r"^.*(?:Deprecation|Future|User)Warning: .*\n(?:  .*\n)?", re.MULTILINE)  # a warning, and the line of code that it quotes


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, third parties' warnings left out; empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 64_000))
        text = log.read().decode("utf-8", errors="replace")
    return "\n".join(NOISE.sub("", text).rstrip().splitlines()[-lines:])


class Child:
    """A server process. `name` is what it is called in messages."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            # A session of its own: the terminal's Ctrl-C reaches only the parent, which ends its children in order.
            self._process = subprocess.Popen(
                command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def require_alive(self) -> None:
        """Raises ChildDied with the end of the log where the process has ended by itself."""
        if not self.alive:
            raise ChildDied(self.told(f"{self.name}意外退出（退出码 {self._process.returncode}）"))

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return as soon as `ready()`; raises ChildDied where the process ends before, or `seconds` pass."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.require_alive()
            if time.monotonic() > deadline:
                raise ChildDied(self.told(f"{self.name}在 {seconds:.0f} 秒内没有准备好"))
            time.sleep(POLL_SECONDS)

    def told(self, what: str) -> str:
        """`what` went wrong, with the end of the log."""
        return f"{what}。日志在 {self.log}，最后几行：\n{tail(self.log) or '（空）'}"

    def stop(self) -> None:
        """End the process and its group: asked first, killed after GRACE_SECONDS. Does nothing where it has ended."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_SECONDS)
        self._signal(signal.SIGKILL)  # whatever of the group is left
        self._process.wait()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # the group is gone (macOS: PermissionError for one of zombies)
            os.killpg(self._process.pid, number)
