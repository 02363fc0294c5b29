"""Reading the policy file: YAML with the line of every value kept, checked against policy.schema.json.

Every error is told with its line, as a Chinese sentence for the person who keeps the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import resources

from jsonschema import Draft7Validator

from zhuhuan.yaml_lines import Document, Path, Problem

__all__ = ["Document", "Path", "PolicyError", "Problem", "read"]
WORDS = {"pattern": "格式不对，日期写成2026-01-31，金额写成300或300.00", "anyOf": "不是金额：写成300或\"300.00\"，不能为负", "oneOf": "不对：share和months要写一个，并且只写一个"}


class PolicyError(ValueError):
    """The policy file cannot be used; `problems` names each error with its line."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.line))
        super().__init__(f"政策文件 {source} 有{len(self.problems)}处要改：\n" + "\n".join(map(str, self.problems)))


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    schema = json.loads(resources.files(__package__).joinpath("policy.schema.json").read_text(encoding="utf-8"))
    return Draft7Validator(schema)


def _meaning(document: Document) -> list[Problem]:
    """What a schema cannot say: classes that exist and rise, versions that follow each other in time."""
    data, found = document.data, []
    classes = data["days_past_due"]
    ends = [c.get("up_to") for c in classes]
    for i, end in enumerate(ends[:-1]):
        if end is None or (i and end <= (ends[i - 1] or 0)):
            found.append(Problem(document.line(("days_past_due", i)), "除最后一档外，每档都要写up_to，并且一档比一档大"))
    if ends[-1] is not None:
        found.append(Problem(document.line(("days_past_due", len(ends) - 1)), "最后一档不写up_to，否则天数更多的贷款没有档可用"))
    names = {c["name"] for c in classes}
    last: date | None = None
    for i, version in enumerate(data["versions"]):
        where: Path = ("versions", i)
        try:
            day = date.fromisoformat(version["effective"])
        except ValueError:
            found.append(Problem(document.line((*where, "effective")), f"没有{version['effective']}这一天"))
        else:
            if last is not None and day <= last:
                found.append(Problem(document.line((*where, "effective")), "版本要按生效日期从早到晚排列"))
            last = day
        for key in ("product", "overdue"):
            if key in version["default"]:
                found.append(Problem(document.line((*where, "default", key)), f"default对所有贷款有效，“{key}”只写在overrides里"))
        for j, override in enumerate(version.get("overrides", ())):
            if "overdue" in override and override["overdue"] not in names:
                found.append(Problem(document.line((*where, "overrides", j, "overdue")), f"没有逾期档{override['overdue']!r}，可用的有{'、'.join(sorted(names))}"))
    return found


def read(text: str, source: str) -> Document:
    """The checked document; raises PolicyError naming every error by its line."""
    document = Document(text)
    problems = list(document.problems)
    if document.data is None and not problems:
        problems.append(Problem(1, "文件是空的"))
    if not problems:
        problems = document.schema_problems(_validator(), WORDS)
    if not problems:
        problems = _meaning(document)
    if problems:
        raise PolicyError(source, dict.fromkeys(problems))
    return document
