"""Ports on this machine: is one free, and which one is."""

from __future__ import annotations

import socket
from contextlib import closing

from zhuhuan.serve.errors import PortInUse

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on `port` now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one in TIME_WAIT is free, as it is for the server
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def claim(port: int, option: str, host: str = LOOPBACK) -> int:
    """`port` if it is free; raises PortInUse, with the option that chooses another one."""
    if not is_free(port, host):
        raise PortInUse(f"端口 {port} 已被别的程序占用。请先结束那个程序，或换一个端口，例如 {option} {free_port()}")
    return port


def free_port() -> int:
    """A port that was free a moment ago, chosen by the system."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
