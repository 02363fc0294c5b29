"""Child processes: watched, and ended with all that they started."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from zhuhuan.serve.child import Child, tail
from zhuhuan.serve.errors import ChildDied


def start(folder: Path, code: str) -> Child:
    return Child("试验服务", [sys.executable, "-u", "-c", code], os.environ, folder, folder / "log" / "child.log")


def test_a_server_that_dies_is_told_with_its_exit_code_and_the_end_of_its_log(tmp_path: Path) -> None:
    child = start(tmp_path, "import sys; print('line one'); print('配置不对'); sys.exit(3)")
    with pytest.raises(ChildDied) as told:
        child.wait_until(lambda: False, 20)
    assert "试验服务意外退出（退出码 3）" in str(told.value)
    assert "配置不对" in str(told.value) and str(tmp_path / "log" / "child.log") in str(told.value)
    child.stop()


def test_a_server_that_is_never_ready_is_told_after_the_time_allowed(tmp_path: Path) -> None:
    child = start(tmp_path, "import time; time.sleep(60)")
    try:
        with pytest.raises(ChildDied, match="没有准备好"):
            child.wait_until(lambda: False, 0.3)
    finally:
        child.stop()
    assert not child.alive


def test_stopping_ends_what_the_server_started_too(tmp_path: Path) -> None:
    child = start(tmp_path, "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(p.pid); time.sleep(60)")
    log = tmp_path / "log" / "child.log"
    child.wait_until(lambda: log.read_text().strip().isdigit(), 20)
    grandchild = int(log.read_text())
    child.stop()
    for _ in range(50):
        if not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the grandchild is still running")
    assert not child.alive


def test_stopping_twice_or_after_death_does_nothing(tmp_path: Path) -> None:
    child = start(tmp_path, "pass")
    while child.alive:
        time.sleep(0.05)
    child.stop()
    child.stop()
    assert not child.alive


def test_the_tail_of_a_long_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_text("".join(f"第 {i} 行\n" for i in range(20_000)), encoding="utf-8")
    assert tail(log, 2) == "第 19998 行\n第 19999 行"
    assert tail(tmp_path / "none.log") == ""


def test_the_tail_leaves_out_third_parties_warnings_and_keeps_a_traceback(tmp_path: Path) -> None:
    log = tmp_path / "noisy.log"
    log.write_text('Traceback (most recent call last):\n  File "a.py", line 1, in f\nNameError: YEARS\n/x/y.py:3: DeprecationWarning: old\n  import old\nend\n')
    assert tail(log) == 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nNameError: YEARS\nend'
