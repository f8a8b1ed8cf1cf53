"""``make manage``: a management command against the demo's database and broker."""

import subprocess
import sys

from tools.house import some_servers
from tools.places import ROOT


def main() -> int:
    """Run the command; return its exit status."""
    arguments = sys.argv[1:] or ["help"]
    with some_servers() as told:
        if arguments[0] not in {"migrate", "help"}:
            prepared = subprocess.run(
                [sys.executable, "-m", "tools.prepare", "tables"], env=told, check=False
            )
            if prepared.returncode:
                return prepared.returncode
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=told, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
