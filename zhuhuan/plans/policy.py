"""The policy: which plans a loan may have, how far they go, and who may agree to them.

>>> terms = load_policy().terms("农户种植贷款", 12, date(2026, 11, 24))
>>> terms.product_class, terms.dpd_class, terms.limits[0].approver
('farming', 'short', 'assistant')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, cast

from zhuhuan.loans.values import Approver, Part
from zhuhuan.money import yuan
from zhuhuan.plans.policy_file import Document, PolicyError, Problem, read
from zhuhuan.plans.values import PlanKind

APPROVERS: tuple[Approver, ...] = ("assistant", "collector", "supervisor", "committee")
PRODUCT_CLASSES = ("farming", "breeding", "consumer", "business", "student", "housing", "vehicle", "other")
RISING = ("periods", "months", "defer_months", "first_within_days")
WEEKLY_GAP = 10  # days between two payments up to which a plan counts as weekly


def months_between(first: date, last: date) -> int:
    """Full calendar months from `first` to `last`; 0 where `last` comes before.

    >>> months_between(date(2026, 11, 24), date(2027, 1, 23)), months_between(date(2026, 11, 24), date(2027, 1, 24))
    (1, 2)
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))


def weekly_run(schedule: Sequence[Part]) -> bool:
    """Whether payments follow each other about weekly."""
    return len(schedule) > 2 and (schedule[-1].due - schedule[0].due).days <= WEEKLY_GAP * (len(schedule) - 1)


@dataclass(frozen=True)
class Limits:
    """How far one approver may go. amount: largest debt in yuan (None: any); months: until the last payment; first_within_days: until the first,
    beyond which the wait counts as a deferral of `defer_months`; minimum_part: smallest payment in yuan, the last one excepted."""

    approver: Approver
    amount: Decimal | None
    periods: int
    months: int
    defer_months: int
    first_within_days: int
    minimum_part: Decimal

    def allow(self, schedule: Sequence[Part], debt: Decimal, today: date) -> bool:
        """Whether this approver may agree to a schedule for `debt` yuan. Four weekly payments count as one period."""
        first, last, count = schedule[0].due, schedule[-1].due, len(schedule)
        if weekly_run(schedule):
            count = -(-count // 4)
        return (
            (self.amount is None or debt <= self.amount)
            and count <= self.periods
            and months_between(today, last) <= self.months
            and ((first - today).days <= self.first_within_days or months_between(today, first) <= self.defer_months)
            and all(part.amount >= self.minimum_part for part in schedule[:-1])
        )


@dataclass(frozen=True)
class Terms:
    """The policy for one product class and days-past-due class; the fields are those of policy.yml."""

    version: str
    product_class: str
    dpd_class: str
    kinds: frozenset[PlanKind]
    usual_periods: int
    hardship_periods: int
    hardship: frozenset[str]
    usual_defer_months: int
    first_in_days: int
    grace_days: int
    promise_window_days: int
    late_days: int
    approval_days: int
    living_minimum: Decimal
    income_share: Decimal
    workdays_a_month: int
    harvest_months: tuple[int, ...]
    seasonal_day: int
    waiver_by: Approver
    ranking: Mapping[str, tuple[PlanKind, ...]]
    limits: tuple[Limits, ...]

    @property
    def widest(self) -> Limits:
        """The limits of the highest approver."""
        return self.limits[-1]

    def approver(self, schedule: Sequence[Part], debt: Decimal, today: date, kind: PlanKind) -> Approver | None:
        """The lowest approver who may agree to a schedule for `debt` yuan; None where nobody may.

        A kind that is not in the policy for this class is beyond the assistant, whatever its figures.
        """
        able = (limit.approver for limit in self.limits if limit.allow(schedule, debt, today))
        return next((a for a in able if a != "assistant" or kind in self.kinds), None)


@dataclass(frozen=True)
class Version:
    """The policy from `effective` on."""

    name: str
    effective: date
    terms: Mapping[tuple[str, str], Terms]


@dataclass(frozen=True)
class Policy:
    """All versions of a policy file, oldest first."""

    versions: tuple[Version, ...]
    dpd_classes: tuple[tuple[str, int | None], ...]
    words: tuple[tuple[str, str], ...]

    def product_class(self, product: str) -> str:
        """Class of a product by the words in its name; `other` where none occurs."""
        name = product.lower()
        return next((cls for word, cls in self.words if word in name), "other")

    def dpd_class(self, days_past_due: int) -> str:
        """Class of a number of days past due; 0 counts as the first class."""
        return next(name for name, up_to in self.dpd_classes if up_to is None or days_past_due <= up_to)

    def on(self, day: date) -> Version:
        """The version that holds on `day`; before the first one took effect, the first one."""
        return next((v for v in reversed(self.versions) if v.effective <= day), self.versions[0])

    def terms(self, product: str, days_past_due: int, day: date) -> Terms:
        """What may be agreed on `day` for a product that is so many days past due."""
        return self.on(day).terms[self.product_class(product), self.dpd_class(days_past_due)]


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `change` laid over it; mappings are merged, everything else is replaced."""
    out = dict(base)
    for key, value in change.items():
        out[key] = _merged(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
    return out


def _terms(raw: Mapping[str, Any], version: str, product: str, overdue: str) -> Terms:
    limits = tuple(
        Limits(a, None if row["amount"] is None else yuan(row["amount"]), row["periods"], row["months"], row["defer_months"], row["first_within_days"],
               yuan(row["minimum_part"]))
        for a in APPROVERS if (row := raw["limits"].get(a))
    )
    plain = {key: raw[key] for key in ("usual_periods", "hardship_periods", "usual_defer_months", "first_in_days", "grace_days", "promise_window_days",
                                       "late_days", "approval_days", "workdays_a_month", "seasonal_day", "waiver_by")}
    return Terms(
        version=version, product_class=product, dpd_class=overdue, kinds=frozenset(raw["kinds"]), hardship=frozenset(raw["hardship"]),
        living_minimum=yuan(raw["living_minimum"]), income_share=Decimal(str(raw["income_share"])), harvest_months=tuple(raw["harvest_months"]),
        ranking={reason: tuple(kinds) for reason, kinds in raw["ranking"].items()}, limits=limits, **plain,
    )


def _falling(terms: Terms) -> str | None:
    """The name of a limit that a higher approver has lower than the one below."""
    for below, above in zip(terms.limits, terms.limits[1:], strict=False):
        if any(getattr(above, name) < getattr(below, name) for name in RISING) or above.minimum_part > below.minimum_part:
            return above.approver
        if above.amount is not None and (below.amount is None or above.amount < below.amount):
            return above.approver
    return None


def _version(document: Document, index: int, overdue_classes: Sequence[str]) -> tuple[Version, list[Problem]]:
    raw = document.data["versions"][index]
    where: tuple[str | int, ...] = ("versions", index)
    table, problems = {}, []
    for product in PRODUCT_CLASSES:
        for overdue in overdue_classes:
            fields, last = raw["default"], (*where, "default", "limits")
            for j, override in enumerate(raw.get("overrides", ())):
                if override.get("product", product) == product and override.get("overdue", overdue) == overdue:
                    fields = _merged(fields, override)
                    last = (*where, "overrides", j, "limits") if "limits" in override else last
            if any(row.keys() != fields["limits"]["assistant"].keys() for row in fields["limits"].values()):
                problems.append(Problem(document.line(last), f"{product}/{overdue}：新加的审批人要写全六项限额"))
                continue
            terms = table[product, overdue] = _terms(fields, raw["version"], product, overdue)
            if wrong := _falling(terms):
                problems.append(Problem(document.line(last), f"{product}/{overdue}：{wrong}的权限比下一级还小，上一级至少要有下一级的权限"))
    return Version(raw["version"], date.fromisoformat(raw["effective"]), table), problems


def parse_policy(text: str, source: str = "policy.yml") -> Policy:
    """The policy in `text`; `source` is the name used in errors. Raises PolicyError naming every error by its line."""
    document = read(text, source)
    classes = tuple((c["name"], cast("int | None", c.get("up_to"))) for c in document.data["days_past_due"])
    built = [_version(document, i, [name for name, _ in classes]) for i in range(len(document.data["versions"]))]
    if problems := [p for _, found in built for p in found]:
        raise PolicyError(source, dict.fromkeys(problems))
    words = tuple((word.lower(), rule["class"]) for rule in document.data["products"] for word in rule["words"])
    return Policy(tuple(v for v, _ in built), classes, words)


def load_policy(path: Path | str | None = None) -> Policy:
    """The policy of a file, by default the one that comes with the package.

    Raises PolicyError where the file is wrong (each error with its line) and OSError where it cannot be read.
    """
    if path is None:
        return parse_policy(resources.files(__package__).joinpath("policy.yml").read_text(encoding="utf-8"))
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError(str(path), [Problem(1, "不是UTF-8编码，请另存为UTF-8")]) from None
    return parse_policy(text, str(path))
