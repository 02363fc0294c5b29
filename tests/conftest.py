"""The servers for tests marked `server`: the model trained if needed, both started once a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running import Running

from zhuhuan.serve.books import Books
from zhuhuan.serve.client import Client


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Action server and Rasa on free ports, with a trusted clock."""
    from zhuhuan.serve.models import ensure_model
    from zhuhuan.serve.servers import Servers

    folder = tmp_path_factory.mktemp("server")
    (folder / "books").mkdir()
    books = Books(folder / "books")
    with Servers(ensure_model(), books.url, trust_clock=True, logs=folder / "log") as servers, Client(servers.url, servers.token) as client:
        yield Running(client, books, servers.log_files)
