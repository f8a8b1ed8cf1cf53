"""Make ``.venv`` from the lock file. Runs with any Python 3.11+, before anything is installed.

Takes uv where it is there or pip can bring it (seconds), else the standard venv with pip (a minute).
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
LOCK = ROOT / "requirements-dev.txt"
ADVICE = "Install it first (on Debian and Ubuntu: apt install python3-venv)."


def run(*command: str | Path) -> bool:
    """Run a command; say whether it succeeded."""
    return subprocess.run([str(part) for part in command], check=False, cwd=ROOT).returncode == 0


def uv() -> Path | None:
    """Find uv: on the PATH, brought earlier, or brought now by pip."""
    if found := shutil.which("uv"):
        return Path(found)
    program = TOOLS / "bin" / "uv"
    if not program.exists() and find_spec("pip"):
        quiet = ("--quiet", "--disable-pip-version-check", "--root-user-action=ignore")
        lock = ROOT / "requirements-uv.txt"
        run(sys.executable, "-m", "pip", "install", *quiet, "--target", TOOLS, "--require-hashes", "-r", lock)
    return program if program.exists() else None


def install_with_uv() -> bool:
    """Make the environment with uv."""
    program = uv()
    if program is None:
        return False
    if not (VENV / "bin" / "python").exists():
        made = run(program, "venv", "--quiet", "--python", sys.executable, "--no-python-downloads", VENV)
        if not made:
            return False
    python = VENV / "bin" / "python"
    return run(program, "pip", "sync", "--quiet", "--require-hashes", "--python", python, LOCK)


def install_with_pip() -> bool:
    """Make the environment with the standard library's venv and pip."""
    if find_spec("ensurepip") is None:
        return False
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK)
    return run(sys.executable, "-m", "venv", "--clear", VENV) and run(VENV / "bin" / "python", *pip)


def main() -> None:
    """Install, or say in one sentence what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036  # run by whatever Python is there, to say so
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    print("Setting up .venv from requirements-dev.txt …", flush=True)
    if install_with_uv() or install_with_pip():
        return
    if find_spec("pip") is None and find_spec("ensurepip") is None:
        sys.exit(f"This Python has neither pip nor venv. {ADVICE}")
    sys.exit("The packages could not be installed: see the message above.")


if __name__ == "__main__":
    main()
