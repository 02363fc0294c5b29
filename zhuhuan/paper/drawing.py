"""A schedule as a PNG: a bar for each due date, of principal and interest where they are known, and below it what is left after each payment.

Colours are Okabe and Ito's blue and orange, which people with any colour vision tell apart; interest is also hatched and lighter, so that a
black-and-white print can be read. The same sheet gives the same bytes: nothing of the day or the machine is written into the file.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhuhuan.money import ZERO
from zhuhuan.paper.font import characters, chinese_font
from zhuhuan.paper.sheet import Payment, Sheet

PRINCIPAL, INTEREST = "#0072B2", "#E69F00"
PALE = {PRINCIPAL: "#A6CBE2", INTEREST: "#F6DDAA"}  # of what is paid already
DPI = 150
HEIGHT, NARROWEST, WIDEST = 6.4, 9.0, 24.0  # inches of the picture
LEFT_EDGE, RIGHT_EDGE = 1.05, 0.3  # inches beside the axes
LEVEL, UPRIGHT, DENSE = 0.75, 0.2, 0.12  # inches from bar to bar that a sum usually needs, level or turned; below the last, bars have no edges
DIGIT = 0.07  # inches of a digit at the size of the sums
MILLION = 1_000_000  # yuan from which on the axis counts in 万
FEW = 12  # up to so many bars the picture is wide enough for level sums
LARGEST = Decimal("1e12")  # yuan; a sum beyond it is a slip, and would not fit

CHINESE = {
    "title": "{title}", "amount": "应还（元）", "whole": "应还", "principal": "本金", "interest": "利息", "of_it": "息 {interest}", "done": "浅色：已还清",
    "today": "今天 {day}", "left_principal": "剩余本金（元）", "left": "剩余未还（元）", "total": "共 {count} 期，合计 {total} 元", "unknown": "〓",
}  # fmt: skip
LATIN = {
    "title": "Repayment schedule, loan {loan}", "amount": "Due (CNY)", "whole": "due", "principal": "principal", "interest": "interest",
    "of_it": "int. {interest}", "done": "pale: paid", "today": "today, {day}", "left_principal": "Principal left (CNY)", "left": "Left to pay (CNY)",
    "total": "{count} payments, {total} CNY in all", "unknown": "?",
}  # fmt: skip


@dataclass(frozen=True)
class Script:
    """The language of a picture, as far as there is a font for it: `path` None draws in matplotlib's own Latin font."""

    path: Path | None
    words: dict[str, str]

    def plain(self, text: str) -> str:
        """`text` as it can be drawn: on one line, what the font lacks as a sign of its own, no mathematics between dollars."""
        known = characters(self.path) if self.path else frozenset(range(32, 127))
        drawn = "".join(" " if c.isspace() or not c.isprintable() else c if ord(c) in known else self.words["unknown"] for c in text)
        return drawn.replace("$", r"\$")


def script() -> Script:
    """Chinese where a font for it can be found, else Latin words instead of boxes."""
    path = chinese_font()
    return Script(path, CHINESE if path else LATIN)


def png(sheet: Sheet, language: Script | None = None) -> bytes:
    """The picture of a schedule. Raises ValueError for sums beyond LARGEST."""
    if sheet.total > LARGEST:
        raise ValueError(f"总额 {sheet.total} 元太大，画不了图")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # matplotlib 3.5 calls pyparsing by its old names
        return _drawn(sheet, language or script())


def _drawn(sheet: Sheet, language: Script) -> bytes:
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    family = "DejaVu Sans"  # comes with matplotlib
    if language.path is not None:
        font_manager.fontManager.addfont(str(language.path))
        family = font_manager.FontProperties(fname=str(language.path)).get_name()
    count = len(sheet.payments)
    width = min(max(NARROWEST, 1.5 + (LEVEL + 0.03 if count <= FEW else 0.5) * count), WIDEST)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a matplotlibrc of this machine changes nothing
        matplotlib.rcParams.update({"font.family": [family], "axes.unicode_minus": False, "hatch.linewidth": 0.8})
        figure = Figure(figsize=(width, HEIGHT), dpi=DPI)
        FigureCanvasAgg(figure)
        _fill(figure, sheet, language, width)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return out.getvalue()


def _fill(figure: Any, sheet: Sheet, language: Script, width: float) -> None:
    slot = (width - LEFT_EDGE - RIGHT_EDGE) / len(sheet.payments)
    bars, rest = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1.3], "hspace": 0.12})
    figure.subplots_adjust(left=LEFT_EDGE / width, right=1 - RIGHT_EDGE / width, top=0.8, bottom=0.15)
    _heading(figure, sheet, language, width)
    _bars(bars, sheet, language, slot)
    _left(rest, sheet, language, slot)
    _dates(rest, sheet, slot)
    for axes in (bars, rest):
        in_wan = language.path is not None and axes.get_ylim()[1] >= MILLION
        axes.yaxis.set_major_formatter((lambda value, _: f"{value / 10000:,.0f}万") if in_wan else (lambda value, _: f"{value:,.0f}"))
        axes.grid(axis="y", linewidth=0.5, color="#cccccc")
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)


def _heading(figure: Any, sheet: Sheet, language: Script, width: float) -> None:
    words, edge = language.words, RIGHT_EDGE / width
    title = words["title"].format(title=sheet.title, loan=sheet.loan_id)
    figure.text(edge, 0.965, language.plain(title), fontsize=15, va="top")
    about = "    ".join(f"{name}：{value}" for name, value in sheet.about) if language.path else words["today"].format(day=sheet.day)
    total = words["total"].format(count=len(sheet.payments), total=f"{sheet.total:,}")
    for line, text in enumerate((_cut(about, width), total)):
        figure.text(edge, 0.905 - 0.04 * line, language.plain(text), fontsize=9.5, va="top", color="#333333")


def _cut(text: str, width: float) -> str:
    """A heading that is too long for the picture ends in an ellipsis; at its size a Chinese character takes 0.132 inches."""
    room, used = (width - 2 * RIGHT_EDGE) / 0.135, 0.0
    for place, character in enumerate(text):
        used += 1 if ord(character) > 255 else 0.6
        if used > room - 1:
            return text[:place] + "…"
    return text


def labelled(count: int, slot: float, room: float) -> Sequence[int]:
    """Which of `count` places, `slot` inches apart, have something written beside them that needs `room` inches: all, or every n-th and the last.

    >>> labelled(4, 0.8, 0.75), labelled(8, 0.5, 0.75), labelled(9, 0.5, 0.75)
    ([0, 1, 2, 3], [0, 2, 4, 7], [0, 2, 4, 6, 8])
    """
    step = 1
    while step * slot < room and step < count:
        step += 1
    places = list(range(0, count, step))
    if places[-1] != count - 1:
        if len(places) > 1:
            places.pop()  # too near to the last one
        places.append(count - 1)
    return places


def _room(amounts: Iterable[Decimal]) -> float:
    """Inches that the longest of these sums takes, written level."""
    return max(0.55, DIGIT * (1 + max(len(f"{amount:,}") for amount in amounts)))


def _bars(axes: Any, sheet: Sheet, language: Script, slot: float) -> None:
    from matplotlib.patches import Patch

    words, payments = language.words, sheet.payments
    edge = {"edgecolor": "black", "linewidth": 0.6} if slot > DENSE else {"edgecolor": "black", "linewidth": 0.0}
    bottom, legend = [0.0] * len(payments), []
    for label, sums, colour, hatch in _parts(sheet, words):
        heights = [float(amount) for amount in sums]
        colours = [PALE[colour] if p.done else colour for p in payments]
        axes.bar(range(len(payments)), heights, 0.72 if slot > DENSE else 1.0, bottom=bottom, color=colours, hatch=hatch if slot > DENSE else "", **edge)
        bottom = [b + h for b, h in zip(bottom, heights, strict=True)]
        legend.append(Patch(facecolor=colour, hatch=hatch if slot > DENSE else "", edgecolor="black", linewidth=0.6, label=label))
    if any(p.done for p in payments):
        legend.append(Patch(facecolor=PALE[PRINCIPAL], edgecolor="black", linewidth=0.6, label=words["done"]))
    axes.legend(handles=legend, loc="lower right", bbox_to_anchor=(1, 1.0), ncol=len(legend), frameon=False, fontsize=9)
    axes.set_ylabel(words["amount"])
    _sums(axes, sheet, language, slot, bottom)
    due = sum(p.due < sheet.day for p in payments)
    if due:
        right = due > len(payments) * 0.7
        axes.axvline(due - 0.5, color="#555555", linestyle="--", linewidth=1)
        axes.text(due - 0.5, axes.get_ylim()[1], f" {words['today'].format(day=sheet.day)} ", va="top", ha="right" if right else "left", fontsize=8)


def _parts(sheet: Sheet, words: dict[str, str]) -> list[tuple[str, list[Decimal], str, str]]:
    """What the bars are made of, from below: name, a sum for each payment, colour, hatch."""
    if not sheet.split:
        return [(words["whole"], [p.amount for p in sheet.payments], PRINCIPAL, "")]
    return [
        (words["principal"], [p.principal or ZERO for p in sheet.payments], PRINCIPAL, ""),
        (words["interest"], [p.interest or ZERO for p in sheet.payments], INTEREST, "////"),
    ]


def _sums(axes: Any, sheet: Sheet, language: Script, slot: float, tops: Sequence[float]) -> None:
    """The sum of each payment above its bar; of interest too where there is room."""
    highest, upright = max(tops), slot < _room(p.amount for p in sheet.payments)
    axes.set_ylim(0, (highest or 1) * (1.36 if upright else 1.22))

    def written(payment: Payment) -> str:
        if payment.interest is None or not sheet.split or upright:
            return f"{payment.amount:,}"
        return f"{payment.amount:,}\n" + language.words["of_it"].format(interest=f"{payment.interest:,}")

    for place in labelled(len(tops), slot, UPRIGHT if slot > DENSE else LEVEL):
        axes.text(place, tops[place] + highest * 0.015, written(sheet.payments[place]), ha="center", va="bottom", rotation=90 if upright else 0, fontsize=8.5)


def _left(axes: Any, sheet: Sheet, language: Script, slot: float) -> None:
    """What is left: before the first payment, and after each."""
    before = sheet.left[0] + (sheet.payments[0].principal or ZERO if sheet.split else sheet.payments[0].amount)
    amounts = (before, *sheet.left)
    places = [-0.5, *range(len(sheet.left))]
    axes.plot(places, [float(a) for a in amounts], color="black", linewidth=1.4, marker="o", markersize=4 if slot > DENSE else 0)
    axes.set_ylim(0, (float(max(amounts)) or 1) * 1.4)
    axes.set_ylabel(language.words["left_principal" if sheet.split else "left"])
    room = _room(amounts) + 0.15
    for place in labelled(len(sheet.left), slot, room):
        if place + 0.5 >= room / slot or slot * 0.5 >= room:
            axes.annotate(f"{sheet.left[place]:,}", (place, float(sheet.left[place])), xytext=(0, 5), textcoords="offset points", ha="center", fontsize=8)
    axes.annotate(f"{before:,}", (-0.5, float(before)), xytext=(0, 5), textcoords="offset points", ha="left", fontsize=8)


def _dates(axes: Any, sheet: Sheet, slot: float) -> None:
    """The due dates below the bars: level, slanting or upright as there is room, and not all where there is none."""
    places = labelled(len(sheet.payments), slot, UPRIGHT)
    axes.set_xticks(list(places))
    days = [sheet.payments[i].due.isoformat() for i in places]
    if slot >= 0.9:
        axes.set_xticklabels(days, fontsize=8)
    elif slot >= 0.55:
        axes.set_xticklabels(days, fontsize=8, rotation=35, ha="right", rotation_mode="anchor")
    else:
        axes.set_xticklabels(days, fontsize=8, rotation=90)
    axes.set_xlim(-0.6, len(sheet.payments) - 0.4)
