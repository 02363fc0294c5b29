"""A file of dialogues for `zhuhuan converse` (contract.md): read, checked, every complaint with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from zhuhuan.loans.accounts import read_account
from zhuhuan.loans.errors import BadAccount
from zhuhuan.serve.errors import BadDialogues

CHANNELS = ("chat", "sms")


@dataclass(frozen=True)
class MemberTurn:
    """What the member says, and how the clock moves before it: days on, and the hour where it is given."""

    text: str
    gap_days: int = 0
    at: time | None = None


@dataclass(frozen=True)
class Dialogue:
    """One conversation. `other`: the sender's number is not the member's. `channel`: None where the command's own is to be used."""

    id: str
    account: Mapping[str, Any]
    turns: tuple[MemberTurn, ...]
    channel: str | None = None
    other: bool = False


class _PlainLoader(yaml.SafeLoader):
    """YAML in which digits stay as they were written: `0410` is no octal number, `23:40` no count of minutes, a day no date object."""


_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def read_dialogues(path: Path, today: date) -> tuple[Dialogue, ...]:
    """The dialogues of a file, their accounts checked as they would stand on `today`. Raises BadDialogues."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadDialogues(f"打不开文件 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadDialogues(f"文件 {path} 不是 UTF-8 编码（第 {error.start} 字节）") from error
    loader = _PlainLoader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode) or not root.value:
            raise BadDialogues("文件里应是一串对话，每个以“- id:”开头", root.start_mark.line + 1 if root else 1)
        return tuple(_dialogue(loader, node, today) for node in root.value)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadDialogues(f"不是合格的 YAML：{error.problem or error.context}", mark.line + 1 if mark else None) from error
    except yaml.YAMLError as error:
        raise BadDialogues(f"不是合格的 YAML：{error}") from error
    finally:
        loader.dispose()


def _dialogue(loader: _PlainLoader, node: yaml.Node, today: date) -> Dialogue:
    line = node.start_mark.line + 1
    given, lines = _mapping(loader, node, "对话")
    name = str(_needed(given, "id", "对话", line))
    place = f"对话 {name}"
    account = _needed(given, "account", place, line)
    if not isinstance(account, dict):
        raise BadDialogues(f"{place}：account 应是会员和贷款的各项", lines["account"])
    try:
        read_account(account, today)
    except BadAccount as error:
        raise BadDialogues(f"{place}：{error}", lines["account"]) from error
    channel = given.get("channel")
    if channel is not None and channel not in CHANNELS:
        raise BadDialogues(f"{place}：channel 只能是 {' 或 '.join(CHANNELS)}，不能是“{channel}”", lines["channel"])
    sender = given.get("sender")
    if sender not in (None, "member", "other"):
        raise BadDialogues(f"{place}：sender 只能是 other 或不写，不能是“{sender}”", lines["sender"])
    _needed(given, "turns", place, line)
    return Dialogue(name, account, _turns(loader, node, place, lines["turns"]), channel, sender == "other")


def _turns(loader: _PlainLoader, node: yaml.Node, place: str, line: int) -> tuple[MemberTurn, ...]:
    found = next(value for key, value in node.value if key.value == "turns")
    if not isinstance(found, yaml.SequenceNode) or not found.value:
        raise BadDialogues(f"{place}：turns 应是一串“- member: …”", line)
    return tuple(_turn(loader, turn, place) for turn in found.value)


def _turn(loader: _PlainLoader, node: yaml.Node, place: str) -> MemberTurn:
    line = node.start_mark.line + 1
    given, lines = _mapping(loader, node, f"{place}的一轮")
    text = _needed(given, "member", f"{place}的一轮", line)
    if not isinstance(text, str):
        raise BadDialogues(f"{place}：member 应是一句话", lines["member"])
    gap, at = given.get("gap_days"), given.get("at")
    if gap is not None and not re.fullmatch(r"\d{1,5}", str(gap)):
        raise BadDialogues(f"{place}：gap_days 应是 0 以上的整数，不能是“{gap}”", lines["gap_days"])
    try:
        hour = None if at is None else time.fromisoformat(str(at).strip().zfill(5))
    except ValueError:
        raise BadDialogues(f"{place}：at 应是 HH:MM，不能是“{at}”", lines["at"]) from None
    return MemberTurn(text, int(gap or 0), hour)


def _mapping(loader: _PlainLoader, node: yaml.Node, place: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The values of a mapping node, and the line of each key."""
    if not isinstance(node, yaml.MappingNode):
        raise BadDialogues(f"{place}应由“键: 值”组成", node.start_mark.line + 1)
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    return {str(k): v for k, v in loader.construct_mapping(node, deep=True).items()}, lines


def _needed(given: Mapping[str, Any], key: str, place: str, line: int) -> Any:
    if given.get(key) is None:
        raise BadDialogues(f"{place}：缺少 {key}", line)
    return given[key]
