"""The trained model for the data as it is now: found in models/ by its fingerprint, trained where there is none."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from zhuhuan.language import saved
from zhuhuan.serve.child import tail
from zhuhuan.serve.errors import TrainingFailed
from zhuhuan.serve.places import LOGS, MODELS, ROOT
from zhuhuan.serve.servers import quiet_environment

LEARNT_FROM = ("config.yml", "domain.yml", "data", "zhuhuan/language")
RESPONSES = "responses"  # folder of data/
CODE = ("zhuhuan/language",)
EXPECTED_SECONDS = 60.0  # until a first training here has taken its own time
KEPT = 3  # models kept in models/, the newest
DURATION = "training-seconds"


def _files(root: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    for part in parts:
        place = root / part
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (f for f in found if f.is_file() and "__pycache__" not in f.parts and not f.name.startswith("."))


def fingerprint(root: Path = ROOT, parts: tuple[str, ...] = LEARNT_FROM) -> str:
    """Twelve hex digits of the names and contents of all that a model is made of, Rasa's version included."""
    digest = hashlib.sha256(version("rasa").encode())
    for file in _files(root, parts):
        content = file.read_bytes() if file.exists() else b""
        digest.update(f"\0{file.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def model_file(root: Path = ROOT) -> Path:
    """Where the model for the data as it is now lies, or would lie."""
    return root / MODELS.name / f"zhuhuan-{fingerprint(root)}.tar.gz"


def newest_model(root: Path = ROOT) -> Path | None:
    """The model trained last; None where there is none."""
    return max((root / MODELS.name).glob("zhuhuan-*.tar.gz"), key=lambda f: f.stat().st_mtime, default=None)


def keep_language_of(old: Path, new: Path) -> None:
    """Put the learnt parts of the language model in `old` in the place of those in `new`; rules, domain and responses of `new` stay. Whole or not at all."""
    with tarfile.open(old) as source:
        parts = {Path(m.name).name: found.read() for m in source.getmembers() if Path(m.name).name in saved.ALL and (found := source.extractfile(m))}
    half = new.with_suffix(".part")
    with tarfile.open(new) as was, tarfile.open(half, "w:gz") as out:
        for member in was.getmembers():
            content = was.extractfile(member) if member.isfile() else None
            if content is None:
                out.addfile(member)
                continue
            kept = parts.get(Path(member.name).name) or content.read()
            member.size = len(kept)
            out.addfile(member, io.BytesIO(kept))
    os.replace(half, new)


def expected_seconds(root: Path = ROOT) -> float:
    """How long a training takes: as long as the last one here."""
    with suppress(OSError, ValueError):
        return float((root / ".rasa" / DURATION).read_text(encoding="ascii"))
    return EXPECTED_SECONDS


def training_command(root: Path, name: str, out: Path) -> list[str]:
    """Rasa's own training, its domain laid together in `out`.

    Rasa takes responses that lie in data/ for something that the language model learns from, and trains it anew when one word of them
    changes; as a part of the domain they are only said.
    """
    domain = out / "domain"
    domain.mkdir()
    shutil.copy(root / "domain.yml", domain)
    data = [str(part) for part in sorted((root / "data").iterdir()) if part.name != RESPONSES]
    if (root / "data" / RESPONSES).is_dir():
        shutil.copytree(root / "data" / RESPONSES, domain / RESPONSES)
    return [
        *(sys.executable, "-m", "zhuhuan.serve.rasa_command", "train", "--quiet", "--skip-validation", "--fixed-model-name", name, "--out", str(out)),
        *("--config", str(root / "config.yml"), "--domain", str(domain), "--data", *data),
    ]


def ensure_model(
    root: Path = ROOT,
    log: Path = LOGS / "train.log",
    watch: Callable[[float], None] = lambda seconds: None,
    command: Callable[[Path, str, Path], list[str]] = training_command,
) -> Path:
    """The model for the data as it is now, trained first where models/ holds none; `watch` is told the seconds spent, ten times a second.

    Raises TrainingFailed with the end of the log; a training that fails or is interrupted leaves nothing in models/.
    """
    wanted = model_file(root)
    if wanted.exists():
        return wanted
    wanted.parent.mkdir(exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    name = wanted.name.removesuffix(".tar.gz")
    with tempfile.TemporaryDirectory(dir=wanted.parent, prefix=".training-") as folder:
        started = time.monotonic()
        code = _run(command(root, name, Path(folder)), root, log, lambda: watch(time.monotonic() - started))
        made = Path(folder) / wanted.name
        if code or not made.exists():
            raise TrainingFailed(f"训练没有成功（退出码 {code}）。日志在 {log}，最后几行：\n{tail(log) or '（空）'}")
        os.replace(made, wanted)
        (root / ".rasa").mkdir(exist_ok=True)
        (root / ".rasa" / DURATION).write_text(f"{time.monotonic() - started:.0f}", encoding="ascii")
    _forget_old(root)
    return wanted


def _run(command: list[str], root: Path, log: Path, tick: Callable[[], None]) -> int:
    # Rasa's cache knows a component's class but not the functions that it calls: one cache for each state of our own code.
    environment = quiet_environment() | {"RASA_CACHE_DIRECTORY": str(_cache(root))}
    with log.open("wb") as out, subprocess.Popen(command, env=environment, cwd=root, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            while process.poll() is None:
                tick()
                time.sleep(0.1)
        except BaseException:
            process.kill()
            raise
        return process.returncode


def _cache(root: Path) -> Path:
    return root / ".rasa" / "by-code" / fingerprint(root, CODE)


def _forget_old(root: Path) -> None:
    """Keep the newest models, and the cache of the code as it is now."""
    by_age = sorted((root / MODELS.name).glob("zhuhuan-*.tar.gz"), key=lambda f: f.stat().st_mtime)
    for old in by_age[:-KEPT]:
        old.unlink(missing_ok=True)
    current = _cache(root)
    for old in current.parent.glob("*"):
        if old != current:
            shutil.rmtree(old, ignore_errors=True)
