"""A sheet written to files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhuhuan.paper.sheet import Sheet


def write(sheet: Sheet, picture: Path | None, workbook: Path | None) -> Iterator[Path]:
    """Write the picture and the workbook where they are asked for; yields each path. Folders are made as needed. Raises OSError."""
    if picture is not None:
        from zhuhuan.paper.drawing import png

        yield _put(picture, png(sheet))
    if workbook is not None:
        from zhuhuan.paper.workbook import xlsx

        yield _put(workbook, xlsx(sheet))


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
