"""The font for Chinese text in pictures and papers, as a file.

Noto Sans SC (SIL Open Font License 1.1; Version 2.004 of notofonts/noto-cjk, Regular) comes with the package pylopdf-fonts-zh-cn, unchanged, 8 MB,
beside Noto Serif SC: all of GB 2312 and Big5, and of GBK all but one sign, rare characters of names (䶮, 㛃) included. Compared were mpl-font
(57 MB, an older Noto, no licence file), manimgx-fonts-cjk (33 MB, one variable collection, of which matplotlib draws the Japanese face only),
justmytype-intl-cjk (30 MB, variable: drawn in its thinnest weight) and paperang-p2-fonts-cjk (2 MB, WenQuanYi 0.2.0-beta, without such rare characters).
Its outlines are CFF in an .otf: matplotlib and fpdf2 take it (fpdf2 embeds only the characters used), reportlab does not.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

SAMPLE = "还款计划本金利息合计元"
PATIENCE = 10  # seconds for fontconfig


@lru_cache(maxsize=1)
def chinese_font() -> Path | None:
    """The file of a font with Chinese glyphs: the packaged one, else one of this system's; None where there is none."""
    return packaged_font() or system_font()


def packaged_font() -> Path | None:
    """Noto Sans SC of pylopdf-fonts-zh-cn; None where that package is not installed."""
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError:
        return None
    path = Path(sans_path())
    return path if path.is_file() else None


def system_font() -> Path | None:
    """A font of this system that fontconfig names for Chinese and that holds SAMPLE; None where there is none."""
    command = shutil.which("fc-list")
    if command is None:
        return None
    try:
        listed = subprocess.run([command, ":lang=zh-cn", "file"], capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    paths = sorted(Path(line.rstrip(": ")) for line in listed.splitlines() if line.strip())
    return next((path for path in paths if path.is_file() and not missing(SAMPLE, path)), None)


@lru_cache(maxsize=8)
def characters(path: Path) -> frozenset[int]:
    """Code points that a font has glyphs for (of a collection, its first face); empty where the file cannot be read as a font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError):
        return frozenset()


def missing(text: str, path: Path) -> str:
    """The characters of `text` that the font has no glyph for, in the order met."""
    known = characters(path)
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and not c.isspace()))
