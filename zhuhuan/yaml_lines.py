"""YAML files that people keep (policies, mappings): read with the line of every value, checked against a JSON schema.

Every error is told with its line, as a Chinese sentence for the person who keeps the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

Path = tuple[str | int, ...]
TYPES = {
    "object": "一组“名称: 值”", "array": "一个列表", "string": "文字", "integer": "整数", "number": "数字", "boolean": "true或false", "null": "空",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """An error in such a file; `line` counts from 1."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.text}"


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

    def schema_problems(self, validator: Draft7Validator, words: Mapping[str, str]) -> list[Problem]:
        """Every error of the schema by its line. `words`: a schema keyword such as "pattern" to what is said of a value that breaks it."""
        return [problem for error in validator.iter_errors(self.data) for problem in self._told(error, words)]

    def _told(self, error: ValidationError, words: Mapping[str, str]) -> list[Problem]:
        """A name that is not known is told by the line on which it stands."""
        path, schema, instance = tuple(error.absolute_path), error.schema, error.instance
        if error.validator == "additionalProperties" and isinstance(schema, dict) and isinstance(instance, dict):
            known = schema.get("properties", {})
            return [Problem(self.line((*path, key)), f"不认识“{key}”；这里可用的有{'、'.join(known)}") for key in instance if key not in known]
        return [Problem(self.line(path), _in_words(error, words))]


def _in_words(error: ValidationError, words: Mapping[str, str]) -> str:
    name = next((f"“{p}”" for p in reversed(error.absolute_path) if isinstance(p, str)), "文件")
    value: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        absent = [key for key in value if key not in instance]
        return f"{name}缺少{'、'.join(absent)}"
    if error.validator == "enum":
        return f"{name}的值{instance!r}不在可选范围：{'、'.join(map(str, value))}"
    if error.validator == "type":
        return f"{name}的值{instance!r}应当是{TYPES.get(value, value) if isinstance(value, str) else '或'.join(TYPES.get(v, v) for v in value)}"
    if error.validator in ("minimum", "exclusiveMinimum", "maximum"):
        return f"{name}的值{instance}超出范围（{'最大' if error.validator == 'maximum' else '最小'}{value}）"
    if error.validator in words:
        return f"{name}的值{instance!r}{words[str(error.validator)]}"
    if error.validator in ("minItems", "minLength", "minProperties"):
        return f"{name}不能为空"
    if error.validator == "uniqueItems":
        return f"{name}里有重复的项"
    return f"{name}不对：{error.message}"
