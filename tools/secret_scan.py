"""Search the repository for what must never be in it: secrets, and addresses of package registries."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.paths import ROOT

FORBIDDEN = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a code host's token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})\b"),
    "a chat or payment token": re.compile(r"\b(xox[abprs]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{16,})\b"),
    "a Sentry address": re.compile(r"https://[0-9a-f]{32}@"),
    "a password in an address": re.compile(
        r"\b(postgres|postgresql|redis|rediss|smtp|smtp\+tls|smtp\+ssl)://[^\s:/@\"'{}]+:"
        r"(?!password@|PASSWORD@)[^\s@/\"'{}]{6,}@"
    ),
    "a registry's address": re.compile(
        r"files\.python" + r"hosted\.org|py" + r"pi\.org|registry\." + r"npmjs\.org|index-" + r"url",
        re.IGNORECASE,
    ),
    "a path of somebody's machine": re.compile(r"(?<![\w./])/(work|root|home/\w+|Users/\w+)/[\w.-]+"),
}
# The lock file names this option; it is what keeps addresses out of the lock file.
ALLOWED = "--no-emit-" + "index-" + "url"
LARGEST = 2_000_000


def files() -> list[Path]:
    """Return the files that git tracks or would add; without git, all outside the generated folders."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    paths = [ROOT / name for name in listing.split("\0") if name]
    return [path for path in paths if path.is_file()] or [
        path for path in ROOT.rglob("*") if path.is_file() and not _is_local(path)
    ]


def _is_local(path: Path) -> bool:
    return bool({".git", ".venv", ".local", ".tools", "node_modules"} & set(path.parts))


def findings(path: Path) -> Iterator[str]:
    """Yield each forbidden text of one file as ``path:line: what it is``."""
    if path.stat().st_size > LARGEST:
        return
    try:
        lines = path.read_text().splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, start=1):
        for what, pattern in FORBIDDEN.items():
            if pattern.search(line.replace(ALLOWED, "")):
                yield f"{path.relative_to(ROOT)}:{number}: {what}"


def main() -> None:
    """Print all findings, and exit with status 1 when there are any."""
    found = [finding for path in files() for finding in findings(path)]
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
