"""`python -m zhuhuan.serve.rasa_command run …`: Rasa's own command line, with the HTTP API's token taken from the environment.

On the command line itself every user of the machine could read the token.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `rasa` with this process's arguments, and `--auth-token` where ZHUHUAN_API_TOKEN is set."""
    token = os.environ.pop("ZHUHUAN_API_TOKEN", None)
    sys.argv = ["rasa", *sys.argv[1:], *(["--auth-token", token] if token else [])]
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
