#!/bin/sh
# Makes .venv: Python 3.10 (from $PYTHON, the path, pyenv, else fetched by uv) with the packages of requirements.lock and this project.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }
stop() { echo "setup: $*" >&2; exit 1; }

is_310() { [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "3.10" ]; }

find_python() { # prints a Python 3.10 that runs (a pyenv shim may be there and not run); where $PYTHON is given, that one or none
    for candidate in ${PYTHON:-python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python}; do
        if is_310 "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
}

find_uv() {
    for candidate in uv .uv/bin/uv "$HOME/.local/bin/uv"; do
        if "$candidate" --version >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}

install_uv() { # into a private .uv/, or for the user where this Python cannot make environments
    for candidate in "$python" python3 python; do
        [ -n "$candidate" ] && "$candidate" -m pip --version >/dev/null 2>&1 || continue
        say "installing uv"
        if "$candidate" -m venv .uv >/dev/null 2>&1 && .uv/bin/python -m pip install --quiet --disable-pip-version-check uv; then return; fi
        rm -rf .uv
        if "$candidate" -m pip install --quiet --user --disable-pip-version-check uv; then return; fi
    done
}

python=$(find_python)
[ -z "${PYTHON:-}" ] || [ -n "$python" ] || stop "PYTHON=$PYTHON does not run as Python 3.10"
uv=$(find_uv)
if [ -z "$uv" ]; then
    install_uv
    uv=$(find_uv)
fi
[ -n "$uv" ] || stop "uv is missing and could not be installed with pip. Install uv or Python 3 with pip and venv, then run make again"

if ! { [ -x .venv/bin/python ] && is_310 .venv/bin/python; }; then
    if [ -n "$python" ]; then
        say "making .venv with $("$python" --version)"
    else
        say "no Python 3.10 found, uv fetches one"
    fi
    "$uv" venv --quiet --clear --python "${python:-3.10}" .venv || stop "no Python 3.10: install it, or name one: make PYTHON=/path/to/python3.10"
fi
say "installing the locked packages into .venv (one to four minutes the first time, about 2 GB)"
VIRTUAL_ENV="$PWD/.venv" "$uv" pip sync --quiet requirements.lock
VIRTUAL_ENV="$PWD/.venv" "$uv" pip install --quiet --no-deps --no-build-isolation --editable .
say "ready"
