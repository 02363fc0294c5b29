"""Where the project's files lie: found from the package itself, so that every command works from any folder."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
VAR = ROOT / "var"  # what running leaves behind: the loan book, logs
LOGS = VAR / "log"
BOOK = f"sqlite:///{(VAR / 'zhuhuan.db').as_posix()}"
