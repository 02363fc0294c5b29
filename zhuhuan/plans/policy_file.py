"""Reading the policy file: YAML with the line of every value kept, checked against policy.schema.json.

Every error is told with its line, as a Chinese sentence for the person who keeps the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

Path = tuple[str | int, ...]
TYPES = {"object": "一组“名称: 值”", "array": "一个列表", "string": "文字", "integer": "整数", "number": "数字", "null": "空"}


@dataclass(frozen=True)
class Problem:
    """An error in the policy file; `line` counts from 1."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.text}"


class PolicyError(ValueError):
    """The policy file cannot be used; `problems` names each error with its line."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.line))
        super().__init__(f"政策文件 {source} 有{len(self.problems)}处要改：\n" + "\n".join(map(str, self.problems)))


class _Loader(yaml.SafeLoader):
    """Dates stay text: the schema checks them, and date.fromisoformat reads them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Document:
    """A parsed file: `data` as plain values and the line of each path in it."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.data: Any = None
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                self.data = self._build(loader, node, ())
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.problems.append(Problem(mark.line + 1 if mark else 1, f"不是合格的YAML：{getattr(error, 'problem', None) or error}"))
        finally:
            loader.dispose()

    def _build(self, loader: _Loader, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            built: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(getattr(key_node, "value", ""))
                if key in built:
                    self.problems.append(Problem(key_node.start_mark.line + 1, f"“{key}”写了两次，请留一个"))
                inner: Path = (*path, key)
                built[key] = self._build(loader, value_node, inner)
                self.lines[inner] = key_node.start_mark.line + 1
            return built
        if isinstance(node, yaml.SequenceNode):
            return [self._build(loader, item, (*path, i)) for i, item in enumerate(node.value)]
        return loader.construct_object(node)

    def line(self, path: Iterable[str | int]) -> int:
        """Line of a path, or of the nearest one above it."""
        wanted = tuple(path)
        while wanted and wanted not in self.lines:
            wanted = wanted[:-1]
        return self.lines.get(wanted, 1)


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    schema = json.loads(resources.files(__package__).joinpath("policy.schema.json").read_text(encoding="utf-8"))
    return Draft7Validator(schema)


def _in_words(error: ValidationError) -> str:
    name = next((f"“{p}”" for p in reversed(error.absolute_path) if isinstance(p, str)), "文件")
    value: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        absent = [key for key in value if key not in instance]
        return f"{name}缺少{'、'.join(absent)}"
    if error.validator == "enum":
        return f"{name}的值{instance!r}不在可选范围：{'、'.join(map(str, value))}"
    if error.validator == "type":
        return f"{name}的值{instance!r}应当是{TYPES.get(value, value)}"
    if error.validator in ("minimum", "exclusiveMinimum", "maximum"):
        return f"{name}的值{instance}超出范围（{'最大' if error.validator == 'maximum' else '最小'}{value}）"
    if error.validator == "pattern":
        return f"{name}的值{instance!r}格式不对，日期写成2026-01-31，金额写成300或300.00"
    if error.validator == "anyOf":
        return f"{name}的值{instance!r}不是金额：写成300或\"300.00\"，不能为负"
    if error.validator in ("minItems", "minLength"):
        return f"{name}不能为空"
    if error.validator == "uniqueItems":
        return f"{name}里有重复的项"
    return f"{name}不对：{error.message}"


def _told(document: Document, error: ValidationError) -> list[Problem]:
    """An error of the schema by its line; a name that is not known, by the line on which it stands."""
    path, schema, instance = tuple(error.absolute_path), error.schema, error.instance
    if error.validator == "additionalProperties" and isinstance(schema, dict) and isinstance(instance, dict):
        known = schema.get("properties", {})
        return [Problem(document.line((*path, key)), f"不认识“{key}”；这里可用的有{'、'.join(known)}") for key in instance if key not in known]
    return [Problem(document.line(path), _in_words(error))]


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
        problems = [problem for error in _validator().iter_errors(document.data) for problem in _told(document, error)]
    if not problems:
        problems = _meaning(document)
    if problems:
        raise PolicyError(source, dict.fromkeys(problems))
    return document
