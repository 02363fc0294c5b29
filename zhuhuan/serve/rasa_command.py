"""`python -m zhuhuan.serve.rasa_command run …`: Rasa's own command line, with the HTTP API's token taken from the environment.

On the command line itself every user of the machine could read the token.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from jsonschema import Draft202012Validator


def check_each_schema_once() -> None:
    """jsonschema checks the schema itself at every `validate`, and Rasa hands it the same one after every action: half of such a turn's time."""
    check, known = Draft202012Validator.check_schema, set[str]()

    def once(schema: Any, *arguments: Any, **options: Any) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in known:
            check(schema, *arguments, **options)
            known.add(key)

    Draft202012Validator.check_schema = once  # type: ignore[method-assign]


def main() -> None:
    """Run `rasa` with this process's arguments, and `--auth-token` where ZHUHUAN_API_TOKEN is set."""
    token = os.environ.pop("ZHUHUAN_API_TOKEN", None)
    sys.argv = ["rasa", *sys.argv[1:], *([f"--auth-token={token}"] if token else [])]
    check_each_schema_once()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
