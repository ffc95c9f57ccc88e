"""`python -m bench.install LOCK`: install what is measured beside the bot, each package by itself.

Not each of them has a wheel for each system and each Python. What cannot be installed is named and left out;
`python -m bench` then reports it as not installed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_ENTRY = re.compile(r"^(?P<name>[\w.-]+)==(?:.*\\\n)*.*$", re.MULTILINE)
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes", "--no-deps")


def entries_of(lock: str) -> dict[str, str]:
    """Take a lock file apart.

    Args:
        lock: its content.

    Returns:
        by each package's name its entry with its hashes.
    """
    return {found["name"]: found[0] for found in _ENTRY.finditer(lock)}


def main(arguments: Sequence[str]) -> int:
    """Install the packages of a lock file.

    Args:
        arguments: the lock file's path.

    Returns:
        the exit code; 0 also where packages were left out.
    """
    with TemporaryDirectory() as folder:
        for name, entry in entries_of(Path(arguments[0]).read_text(encoding="utf-8")).items():
            wanted = Path(folder) / f"{name}.txt"
            wanted.write_text(entry + "\n", encoding="utf-8")
            # All of it comes from the lock file of this checkout.
            command = [sys.executable, *_PIP, "--only-binary", ":all:", "--requirement", str(wanted)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["pip told nothing"])[-1]
                print(f"{name} does not install here and is left out: {reason}", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
