"""Ports: free or not, and what is said of one that is not."""

from __future__ import annotations

import socket

import pytest

from zhuhuan.serve.errors import PortInUse
from zhuhuan.serve.ports import claim, free_port, is_free


@pytest.fixture
def busy() -> int:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_port_that_another_program_has_is_named_with_the_option_that_chooses_another(busy: int) -> None:
    with pytest.raises(PortInUse) as told:
        claim(busy, "--port")
    assert f"端口 {busy} " in str(told.value)
    suggested = int(str(told.value).rsplit("--port ", 1)[1])
    assert suggested != busy and is_free(suggested)


def test_a_free_port_can_be_claimed_and_used() -> None:
    port = claim(free_port(), "--port")
    with socket.socket() as server:
        server.bind(("127.0.0.1", port))
        assert not is_free(port)
