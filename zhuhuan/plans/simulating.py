"""A simulation shown: tables for the terminal and a plot; two policies side by side where there are two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.table import Table

from zhuhuan.paper.font import chinese_font
from zhuhuan.plans.explain import APPROVER_WORDS, KIND_WORDS
from zhuhuan.plans.policy import APPROVERS, PRODUCT_CLASSES, Policy
from zhuhuan.plans.simulate import ALL, Group, Simulation, Tally

PRODUCT_WORDS = {
    "farming": "种植", "breeding": "养殖", "consumer": "消费", "business": "经营", "student": "助学", "housing": "住房", "vehicle": "购车", "other": "其他",
}  # fmt: skip
NOTHING = "没有方案"
# Okabe and Ito's colours, which people with any colour vision tell apart; the same kind always has the same one, and those used twice are hatched.
LOOK = {
    "instalments": ("#0072B2", ""), "stepped": ("#56B4E9", ""), "deferral": ("#E69F00", ""), "grace": ("#F0E442", ""), "whole": ("#009E73", ""),
    "partial": ("#CC79A7", ""), "seasonal": ("#D55E00", ""), "interest_only": ("#FFFFFF", "////"), "extension": ("#E69F00", "xxxx"),
    "settlement": ("#009E73", "...."), NOTHING: ("#999999", ""),
}  # fmt: skip
DPI = 150
PANEL, LINE = 6.0, 0.42  # inches of a panel's width and of a bar
LEFT, TOP, BOTTOM = 1.5, 1.1, 0.65  # inches beside the panels, for names, legend and scale


def group_words(group: Group, policy: Policy) -> str:
    """A group as staff say it: the product class and how many days past due.

    >>> from zhuhuan.plans.policy import load_policy
    >>> group_words(("farming", "short"), load_policy()), group_words(("farming", "long"), load_policy())
    ('种植 1–30天', '种植 31天以上')
    """
    if group == ALL:
        return "全部"
    product, overdue = group
    least = 1
    for name, up_to in policy.dpd_classes:
        if name == overdue:
            return f"{PRODUCT_WORDS.get(product, product)} {f'{least}–{up_to}天' if up_to else f'{least}天以上'}"
        least = (up_to or 0) + 1
    return f"{PRODUCT_WORDS.get(product, product)} {overdue}"


def tables(policy: Policy, now: Simulation, before: Simulation | None = None) -> Iterator[Table]:
    """What the members of each group get under `now`; where it differs under `before`, that first: `12 → 15`."""
    yield _kinds("会员首先得到的方案（人）", "first", policy, now, before)
    yield _kinds("会员得到的方案，不论排第几（人）", "any", policy, now, before)
    yield _burden(policy, now, before)
    if reasons := _names("why", now, before):
        table = _table("为什么没有方案", "原因", "会员（人）")
        for reason in reasons:
            table.add_row(reason, _both(lambda s: s.total.of("why").get(reason, 0), now, before))  # noqa: B023
        yield table


def summary(now: Simulation, before: Simulation | None = None) -> str:
    """One sentence on the book and the policies."""
    versions = f"政策 {now.version}" if before is None else f"政策 {before.version} → {now.version}"
    standing = f"，其中 {now.total.standing} 人已有有效的安排或承诺、不再另排" if now.total.standing else ""
    return f"{versions}，{now.today} 当天：账上会员 {now.members} 人，有逾期的 {now.total.members} 人{standing}。"


def _names(what: str, now: Simulation, before: Simulation | None) -> list[str]:
    """Names that occur, most frequent first."""
    return list(dict.fromkeys([*now.total.of(what), *(before.total.of(what) if before else ())]))


def _both(figure: Callable[[Simulation], Any], now: Simulation, before: Simulation | None) -> str:
    """A figure of both simulations, or one where they agree; nothing of it is a dash."""
    here = _shown(figure(now))
    there = here if before is None else _shown(figure(before))
    return here if here == there else f"{there} → {here}"


def _shown(value: int | Decimal | None) -> str:
    return "–" if not value and not isinstance(value, Decimal) else f"{value:,}"


def _groups(policy: Policy, *simulations: Simulation | None) -> list[Group]:
    """The groups that occur, by product and days past due, and ALL after them."""
    overdue = [name for name, _ in policy.dpd_classes]
    met = {group for simulation in simulations if simulation is not None for group in simulation.groups}
    return [*sorted(met, key=lambda g: (PRODUCT_CLASSES.index(g[0]), overdue.index(g[1]) if g[1] in overdue else len(overdue))), ALL]


def _tally(simulation: Simulation, group: Group) -> Tally:
    return simulation.tallies.get(group) or Tally()


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, overflow="fold", no_wrap=first == "贷款")
    for other in others:
        table.add_column(other, justify="right", overflow="fold")
    return table


def _kinds(title: str, what: str, policy: Policy, now: Simulation, before: Simulation | None) -> Table:
    kinds = _names(what, now, before)
    table = _table(title, "贷款", "会员", *(KIND_WORDS[kind] for kind in kinds), NOTHING)  # type: ignore[index]
    groups = _groups(policy, now, before)
    for group in groups:
        cells = [_both(lambda s: _tally(s, group).of(what).get(kind, 0), now, before) for kind in kinds]  # noqa: B023
        members, none = (_both(lambda s: getattr(_tally(s, group), name), now, before) for name in ("members", "none"))  # noqa: B023
        table.add_row(group_words(group, policy), members, *cells, none, end_section=group == groups[-2])
    return table


def _burden(policy: Policy, now: Simulation, before: Simulation | None) -> Table:
    """Who decides on the first plan, what it asks in its hardest month and what it costs."""
    title = "首先得到的方案：由谁定（人），最重的一个月要还多少、比今天还清多付多少（中位数，元）"
    table = _table(title, "贷款", *("助手" if a == "assistant" else APPROVER_WORDS[a] for a in APPROVERS), "最重一月", "多付")
    groups = _groups(policy, now, before)
    for group in groups:
        cells = [_both(lambda s: _tally(s, group).of("approver").get(a, 0), now, before) for a in APPROVERS]  # noqa: B023
        month, cost = (_both(lambda s: getattr(_tally(s, group), name), now, before) for name in ("median_monthly", "median_cost"))  # noqa: B023
        table.add_row(group_words(group, policy), *cells, month, cost, end_section=group == groups[-2])
    return table


def plot(path: Path, policy: Policy, simulations: Sequence[Simulation]) -> None:
    """Write the picture: for each group the members by the kind that they get first, a panel for each simulation. Raises OSError.

    Chinese where a font for it is at hand, else English names.
    """
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    font = chinese_font()
    family = "DejaVu Sans"  # comes with matplotlib
    if font is not None:
        font_manager.fontManager.addfont(str(font))
        family = font_manager.FontProperties(fname=str(font)).get_name()
    groups = _groups(policy, *simulations)[:-1]
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a matplotlibrc of this machine changes nothing
        matplotlib.rcParams.update({"font.family": [family], "hatch.linewidth": 0.8})
        width, height = LEFT + (PANEL + 0.3) * len(simulations), TOP + BOTTOM + LINE * max(1, len(groups))
        figure = Figure(figsize=(width, height), dpi=DPI)
        FigureCanvasAgg(figure)
        figure.subplots_adjust(left=LEFT / width, right=1 - 0.3 / width, top=1 - TOP / height, bottom=BOTTOM / height, wspace=0.06)
        panels = figure.subplots(1, len(simulations), sharey=True, sharex=True, squeeze=False)[0]
        for axes, simulation in zip(panels, simulations, strict=True):
            _panel(axes, simulation, groups, [group_words(g, policy) if font else " ".join(g) for g in groups], font is not None)
        _legend(figure, simulations, font is not None)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})


def _firsts(tally: Tally) -> dict[str, int]:
    return {**tally.of("first"), **({NOTHING: tally.none} if tally.none else {})}


def _panel(axes: Any, simulation: Simulation, groups: Sequence[Group], names: Sequence[str], chinese: bool) -> None:
    """Horizontal bars, the groups from above; the number of members in each piece that has room for it."""
    places, left = range(len(groups)), [0] * len(groups)
    widest = max([_tally(simulation, group).members for group in groups], default=1)
    for kind, (colour, hatch) in LOOK.items():
        numbers = [_firsts(_tally(simulation, group)).get(kind, 0) for group in groups]
        if any(numbers):
            axes.barh(places, numbers, 0.72, left=left, color=colour, hatch=hatch, edgecolor="black", linewidth=0.6)
            for place, number in enumerate(numbers):
                if number > widest * 0.04:
                    back = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.2}
                    axes.text(left[place] + number / 2, place, f"{number:,}", ha="center", va="center", fontsize=8, bbox=back)
            left = [a + b for a, b in zip(left, numbers, strict=True)]
    axes.set_yticks(list(places))
    axes.set_yticklabels(names)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.margins(x=0.04)
    axes.set_xlabel("会员（人）" if chinese else "members")
    axes.set_title(f"政策 {simulation.version}，{simulation.today}" if chinese else f"policy {simulation.version}, {simulation.today}", fontsize=11)
    axes.grid(axis="x", linewidth=0.5, color="#cccccc")
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _legend(figure: Any, simulations: Sequence[Simulation], chinese: bool) -> None:
    from matplotlib.patches import Patch

    used = [kind for kind in LOOK if any(_firsts(s.total).get(kind) for s in simulations)]
    words: dict[str, str] = {kind: word if chinese else kind.replace("_", " ") for kind, word in KIND_WORDS.items()}
    words[NOTHING] = NOTHING if chinese else "nothing fits"
    handles = [Patch(facecolor=LOOK[kind][0], hatch=LOOK[kind][1], edgecolor="black", linewidth=0.6, label=words[kind]) for kind in used]
    title = "首先得到的方案" if chinese else "offered first"
    if handles:
        figure.legend(handles=handles, loc="upper center", ncol=min(len(handles), 5), frameon=False, fontsize=9, title=title, title_fontsize=10)
