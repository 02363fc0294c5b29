"""The policy: which plans a loan may have, how far they go, and who may agree to them.

>>> terms = load_policy().terms("农户种植贷款", 12, date(2026, 11, 24))
>>> terms.product_class, terms.dpd_class, terms.limits[0].approver
('farming', 'short', 'assistant')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from importlib import resources
from pathlib import Path
from typing import Any, cast

from zhuhuan.loans.values import Approver, Part
from zhuhuan.money import FEN, ZERO, yuan
from zhuhuan.plans.policy_file import Document, PolicyError, Problem, read
from zhuhuan.plans.values import PlanKind

APPROVERS: tuple[Approver, ...] = ("assistant", "collector", "supervisor", "committee")
PRODUCT_CLASSES = ("farming", "breeding", "consumer", "business", "student", "housing", "vehicle", "other")
RANK = {approver: rank for rank, approver in enumerate(APPROVERS)}
LIMITS = ("amount", "periods", "months", "defer_months", "first_within_days", "minimum_part")  # these every approver needs
RISING = ("periods", "months", "defer_months", "first_within_days", "interest_months", "extension_months", "waiver_share", "waiver_amount")
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
    beyond which the wait counts as a deferral of `defer_months`; minimum_part: smallest payment in yuan, the last one excepted.

    interest_months: months of interest alone. extension_months: beyond the contract's last day. waiver_share: of the penalty interest, waiver_amount
    yuan of it at most. What the file does not grant is 0.
    """

    approver: Approver
    amount: Decimal | None
    periods: int
    months: int
    defer_months: int
    first_within_days: int
    minimum_part: Decimal
    interest_months: int = 0
    extension_months: int = 0
    waiver_share: Decimal = Decimal(0)
    waiver_amount: Decimal = ZERO

    def covers(self, debt: Decimal) -> bool:
        """Whether a debt of so many yuan is small enough for this approver."""
        return self.amount is None or debt <= self.amount

    def allow(self, schedule: Sequence[Part], debt: Decimal, today: date, interest_months: int = 0) -> bool:
        """Whether this approver may agree to a schedule for `debt` yuan. Four weekly payments count as one period.

        interest_months: how many of its first payments are interest alone; the smallest payment does not bind those.
        """
        first, last, count = schedule[0].due, schedule[-1].due, len(schedule)
        if weekly_run(schedule):
            count = -(-count // 4)
        return (
            self.covers(debt)
            and count <= self.periods
            and interest_months <= self.interest_months
            and months_between(today, last) <= self.months
            and ((first - today).days <= self.first_within_days or months_between(today, first) <= self.defer_months)
            and all(part.amount >= self.minimum_part for part in schedule[interest_months:-1])
        )


@dataclass(frozen=True)
class ExtensionCap:
    """How long a loan may be extended whose term was `up_to` months (None: any): `months`, or a `share` of that term."""

    up_to: int | None
    share: Decimal | None = None
    months: int | None = None


@dataclass(frozen=True)
class Plausible:
    """The hardest case that is worth asking about, for what the member did not say: a low income in yuan a month, the share of an income
    that outgoings and other debts may take, the number of dependants."""

    income: Decimal
    outgoings_share: Decimal
    other_debts_share: Decimal
    dependants: int


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
    late_days_with_reason: int
    most_concessions: int
    approval_days: int
    living_minimum: Decimal
    income_share: Decimal
    workdays_a_month: int
    harvest_months: tuple[int, ...]
    seasonal_day: int
    waiver_by: Approver
    ranking: Mapping[str, tuple[PlanKind, ...]]
    limits: tuple[Limits, ...]
    living_minimum_by_region: tuple[tuple[str, Decimal], ...]
    dependant_share: Decimal
    interest_only_months: int
    interest_only_from: Decimal
    extension: tuple[ExtensionCap, ...]
    settlement_within_days: int
    approval: Mapping[PlanKind, Approver]
    papers_by_kind: Mapping[PlanKind, tuple[str, ...]]
    plausible: Plausible

    @property
    def widest(self) -> Limits:
        """The limits of the highest approver."""
        return self.limits[-1]

    def order(self, reason: str | None) -> tuple[PlanKind, ...]:
        """All kinds of the class, in the order in which they fit a reason (None: not known)."""
        return self.ranking.get(reason or "default", self.ranking["default"])

    def papers(self, kind: PlanKind) -> tuple[str, ...]:
        """What the member has to bring for a plan of that kind."""
        return self.papers_by_kind.get(kind, ())

    def living(self, region: str = "", dependants: int = 0) -> Decimal:
        """Yuan a month that a household keeps to live on: the minimum of the member's region (the longest name that `region` begins with),
        and the policy's share of it for each dependant.

        >>> load_policy().terms("", 12, date(2026, 11, 24)).living(dependants=2)
        Decimal('600.00')
        """
        least = next((kept for name, kept in self.living_minimum_by_region if region.startswith(name)), self.living_minimum) if region else self.living_minimum
        return yuan(least * (1 + self.dependant_share * dependants)) if dependants else least

    def _from(self, kind: PlanKind) -> int:
        """The rank of the lowest approver for a kind. One that is not in the policy for this class is beyond the assistant, whatever its figures."""
        return max(RANK[self.approval.get(kind, "assistant")], kind not in self.kinds)

    def approver(self, schedule: Sequence[Part], debt: Decimal, today: date, kind: PlanKind, interest_months: int = 0) -> Approver | None:
        """The lowest approver who may agree to a schedule for `debt` yuan; None where nobody may."""
        lowest = self._from(kind)
        for limit in self.limits:
            if RANK[limit.approver] >= lowest and limit.allow(schedule, debt, today, interest_months):
                return limit.approver
        return None

    def extension_months(self, term: int) -> int:
        """How many months a loan of `term` months may be extended, all extensions together; 0 where the policy has no rule for it."""
        cap = next((c for c in self.extension if c.up_to is None or term <= c.up_to), None)
        if cap is None:
            return 0
        return cap.months if cap.months is not None else int(term * (cap.share or 0))

    def extension_approver(self, schedule: Sequence[Part], debt: Decimal, months: int) -> Approver | None:
        """The lowest approver who may let a loan run `months` longer than its contract; None where nobody may."""
        lowest = self._from("extension")
        able = (
            limit.approver for limit in self.limits
            if RANK[limit.approver] >= lowest and limit.covers(debt) and months <= limit.extension_months
            and all(part.amount >= limit.minimum_part for part in schedule[:-1])
        )  # fmt: skip
        return next(able, None)

    def waiver(self, penalty: Decimal, debt: Decimal) -> tuple[Approver, Decimal] | None:
        """The lowest approver who may waive penalty interest on `debt` yuan, and the most of `penalty` that he or she may; None where nobody may."""
        lowest = max(self._from("settlement"), RANK[self.waiver_by])
        for limit in self.limits:
            most = min(penalty * limit.waiver_share, limit.waiver_amount).quantize(FEN, rounding=ROUND_DOWN)
            if RANK[limit.approver] >= lowest and limit.covers(debt) and most > 0:
                return limit.approver, most
        return None


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


PLAIN = ("usual_periods", "hardship_periods", "usual_defer_months", "first_in_days", "grace_days", "promise_window_days", "late_days", "late_days_with_reason", "most_concessions", "approval_days",
         "workdays_a_month", "seasonal_day", "waiver_by")  # fmt: skip


def _limits(approver: Approver, row: Mapping[str, Any]) -> Limits:
    return Limits(
        approver, None if row["amount"] is None else yuan(row["amount"]), row["periods"], row["months"], row["defer_months"], row["first_within_days"],
        yuan(row["minimum_part"]), row.get("interest_months", 0), row.get("extension_months", 0), Decimal(str(row.get("waiver_share", 0))),
        yuan(row.get("waiver_amount", 0)),
    )


def _cap(row: Mapping[str, Any]) -> ExtensionCap:
    return ExtensionCap(row.get("term_up_to"), Decimal(str(row["share"])) if "share" in row else None, row.get("months"))


def _order(raw: Mapping[str, Any], first: Sequence[PlanKind]) -> tuple[PlanKind, ...]:
    """The kinds of a class: those that fit a reason, then the others as they fit where no reason is known, then what the ranking does not name."""
    return tuple(kind for kind in dict.fromkeys((*first, *raw["ranking"]["default"], *raw["kinds"])) if kind in raw["kinds"])


def _terms(raw: Mapping[str, Any], version: str, product: str, overdue: str) -> Terms:
    """What a file of before does not have is not granted: no interest-only months, no extension, no waiver."""
    regions = {name: yuan(kept) for name, kept in raw.get("living_minimum_by_region", {}).items()}
    guess = raw["plausible"]
    return Terms(
        version=version, product_class=product, dpd_class=overdue, kinds=frozenset(raw["kinds"]), hardship=frozenset(raw["hardship"]),
        living_minimum=yuan(raw["living_minimum"]), income_share=Decimal(str(raw["income_share"])), harvest_months=tuple(raw["harvest_months"]),
        ranking={reason: _order(raw, kinds) for reason, kinds in raw["ranking"].items()},
        limits=tuple(_limits(a, row) for a in APPROVERS if (row := raw["limits"].get(a))),
        living_minimum_by_region=tuple(sorted(regions.items(), key=lambda item: -len(item[0]))),
        dependant_share=Decimal(str(raw["dependant_share"])),
        interest_only_months=raw.get("interest_only_months", 0),
        interest_only_from=yuan(raw.get("interest_only_from", 0)),
        extension=tuple(_cap(row) for row in raw.get("extension", ())),
        settlement_within_days=raw.get("settlement_within_days", 0),
        approval=dict(raw.get("approval", {})),
        papers_by_kind={kind: tuple(names) for kind, names in raw.get("papers", {}).items()},
        plausible=Plausible(yuan(guess["income"]), Decimal(str(guess["outgoings_share"])), Decimal(str(guess["other_debts_share"])), guess["dependants"]),
        **{key: raw[key] for key in PLAIN},
    )  # fmt: skip


def _falling(terms: Terms) -> str | None:
    """The name of a limit that a higher approver has lower than the one below."""
    for below, above in zip(terms.limits, terms.limits[1:], strict=False):
        if any(getattr(above, name) < getattr(below, name) for name in RISING) or above.minimum_part > below.minimum_part:
            return above.approver
        if above.amount is not None and (below.amount is None or above.amount < below.amount):
            return above.approver
    return None


def _contradictions(terms: Terms) -> list[tuple[str, str]]:
    """What is wrong in the terms of one class: the field, and a sentence."""
    found = []
    if wrong := _falling(terms):
        found.append(("limits", f"{wrong}的权限比下一级还小，上一级至少要有下一级的权限"))
    known = {limit.approver for limit in terms.limits}
    for field, names in (("approval", terms.approval.values()), ("waiver_by", (terms.waiver_by,))):
        found += [(field, f"{field}写了{name}，limits里没有这个审批人的权限") for name in dict.fromkeys(names) if name not in known]
    ends = [cap.up_to for cap in terms.extension]
    rising = all(end is not None and (i == 0 or end > (ends[i - 1] or 0)) for i, end in enumerate(ends[:-1]))
    if ends and (not rising or ends[-1] is not None):
        found.append(("extension", "除最后一档外，每档都要写term_up_to并且一档比一档大；最后一档不写"))
    return found


def _version(document: Document, index: int, overdue_classes: Sequence[str]) -> tuple[Version, list[Problem]]:
    raw = document.data["versions"][index]
    where: tuple[str | int, ...] = ("versions", index)
    table: dict[tuple[str, str], Terms] = {}
    base = _contradictions(_terms(raw["default"], raw["version"], "", ""))
    problems = [Problem(document.line((*where, "default", field)), text) for field, text in base]
    for product in PRODUCT_CLASSES if not base else ():
        for overdue in overdue_classes:
            fields, places = raw["default"], {name: (*where, "default", name) for name in raw["default"]}
            for j, override in enumerate(raw.get("overrides", ())):
                if override.get("product", product) == product and override.get("overdue", overdue) == overdue:
                    fields = _merged(fields, override)
                    places.update({name: (*where, "overrides", j, name) for name in override})
            if any(name not in row for row in fields["limits"].values() for name in LIMITS):
                problems.append(Problem(document.line(places["limits"]), f"{product}/{overdue}：新加的审批人要写全六项限额"))
                continue
            terms = table[product, overdue] = _terms(fields, raw["version"], product, overdue)
            problems += [Problem(document.line(places[field]), f"{product}/{overdue}：{text}") for field, text in _contradictions(terms)]
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
