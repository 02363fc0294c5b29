"""What the commands share: errors told in their own words, the model trained with a progress bar, the servers started and surely ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from zhuhuan.loans.errors import LoanBookError
from zhuhuan.serve.errors import BadDialogues, ServeError
from zhuhuan.serve.models import ensure_model, expected_seconds, model_file
from zhuhuan.serve.places import LOGS
from zhuhuan.serve.ports import LOOPBACK, claim
from zhuhuan.serve.servers import Servers, end_on_signals

errors = Console(stderr=True, highlight=False, emoji=False)
BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


@contextmanager
def told() -> Iterator[None]:
    """What the user can mend is told on standard error without a traceback; exit code 2 for bad input, 130 for Ctrl-C, else 1."""
    try:
        yield
    except (ServeError, LoanBookError) as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT if isinstance(error, BadDialogues) else FAILED) from None
    except KeyboardInterrupt:
        errors.print("已中断，服务都已关闭。")
        raise typer.Exit(INTERRUPTED) from None


def model() -> Path:
    """The model for the data as it is now; trained, with progress and expected time on standard error, where there is none."""
    wanted = model_file()
    if wanted.exists():
        return wanted
    end_on_signals()
    expected = expected_seconds()
    if not errors.is_terminal:
        errors.print(f"训练模型（约 {expected:.0f} 秒）……")
    with Progress(TextColumn(f"训练模型（约 {expected:.0f} 秒）"), BarColumn(), TimeElapsedColumn(), console=errors, transient=True) as progress:
        task = progress.add_task("", total=expected)
        made = ensure_model(watch=lambda seconds: progress.update(task, completed=min(seconds, expected * 0.99)))
    errors.print(f"模型已训练好：models/{made.name}")
    return made


@contextmanager
def servers(book_url: str, *, trust_clock: bool = False, port: int | None = None, host: str = LOOPBACK, logs: Path = LOGS) -> Iterator[Servers]:
    """Both servers, ready; ended when the block is left, by Ctrl-C, `kill` and a closed terminal too. Raises what Servers raises, and PortInUse."""
    end_on_signals()
    if port is not None:
        claim(port, "--port", host)
    running = Servers(model(), book_url, trust_clock=trust_clock, port=port, host=host, logs=logs)
    what = "启动动作服务和对话服务（约 20 秒）……"
    if not errors.is_terminal:
        errors.print(what)
    try:
        with errors.status(what) if errors.is_terminal else nullcontext():
            running.start()
        yield running
    finally:
        running.stop()
