"""Starting both servers: what children are told, and a model that does not load."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from zhuhuan.serve import servers
from zhuhuan.serve.errors import ChildDied
from zhuhuan.serve.rasa_command import check_each_schema_once
from zhuhuan.serve.servers import NO_MODEL, OK, Servers, quiet_environment


def test_a_model_that_does_not_load_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running = Servers(Path("models/broken.tar.gz"), "sqlite://")
    running.children.append(SimpleNamespace(told=lambda what: what))  # type: ignore[arg-type]
    for status, ready in ((None, False), (500, False), (OK, True)):
        monkeypatch.setattr(servers, "status_of", lambda url, status=status, **parameters: status)
        assert running._rasa_ready() is ready
    monkeypatch.setattr(servers, "status_of", lambda url, **parameters: NO_MODEL)
    with pytest.raises(ChildDied, match=r"broken\.tar\.gz"):
        running._rasa_ready()


def test_children_write_bytecode_and_stay_quiet_and_the_token_is_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = quiet_environment()
    assert "PYTHONDONTWRITEBYTECODE" not in environment and environment["RASA_TELEMETRY_ENABLED"] == "false"
    started: list[list[str]] = []
    running = Servers(Path("m.tar.gz"), "sqlite:////tmp/{sender}.db", trust_clock=True)
    monkeypatch.setattr(running, "_start", lambda name, command, log, ready: started.append(command) or (lambda: None))
    running.start()
    assert len(started) == 2 and not any(running.token in word for command in started for word in command)
    told = running._environment()
    assert (told["ZHUHUAN_DB"], told["ZHUHUAN_TRUST_CLOCK"], told["ZHUHUAN_API_TOKEN"]) == ("sqlite:////tmp/{sender}.db", "1", running.token)
    assert told["ZHUHUAN_ACTION_PORT"] == str(running.action_port) and running.action_port != running.port


def test_two_runs_have_different_tokens() -> None:
    assert Servers(Path("m"), "sqlite://").token != Servers(Path("m"), "sqlite://").token


def test_a_schema_is_checked_once_and_a_bad_one_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[object] = []
    own = Draft202012Validator.check_schema
    monkeypatch.setattr(Draft202012Validator, "check_schema", lambda schema, *rest, **named: (checked.append(schema), own(schema))[1])
    check_each_schema_once()
    for _ in range(3):
        jsonschema.validate({"a": 1}, {"type": "object"})
    assert checked == [{"type": "object"}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([], {"type": "object"})
    for _ in range(2):
        with pytest.raises(jsonschema.SchemaError):
            jsonschema.validate({}, {"type": 7})
