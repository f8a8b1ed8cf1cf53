"""``make mutants ONLY="path …"``; the package's docstring explains the method."""

from __future__ import annotations

import argparse
import importlib
import sys

import pytest

from tools.mutants.modules import Module, modules_of, nearest_tests
from tools.mutants.report import Report
from tools.paths import LOCAL

ONCE = ["-p", "no:randomly", "-p", "no:cacheprovider", "-m", "not browser", "-q"]


class MutantLoopPlugin:
    """A pytest plugin that replaces pytest's loop over the tests."""

    def __init__(self, modules: list[Module], given: argparse.Namespace, report: Report) -> None:
        self.modules, self.given, self.report = modules, given, report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the mutants; modules that need Django are imported here, because it is set up by now."""
        loop = importlib.import_module("tools.mutants.loop")
        run = loop.Mutating(self.modules, self.given.tables, budget=self.given.seconds, report=self.report)
        run.run(session)
        return True


def main() -> int:
    """Change the files and tables named; return 1 when no test noticed one of the changes."""
    given = _arguments()
    modules = [module for text in given.only for module in modules_of(text)]
    report = Report(LOCAL / "mutants" / "report.txt")
    tests = given.tests or sorted({nearest_tests(module.path) for module in modules}) or ["tests"]
    status = pytest.main([*ONCE, *tests], plugins=[MutantLoopPlugin(modules, given, report)])
    return int(status) or int(bool(report.left))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=sys.modules["tools.mutants"].__doc__)
    parser.add_argument("only", nargs="*", help="files, folders, or path:first-last for some lines")
    parser.add_argument(
        "--tables", nargs="*", default=[], help="models with transitions; data_export; retention"
    )
    parser.add_argument("--tests", nargs="*", default=[], help="instead of the tests nearest to the files")
    parser.add_argument("--seconds", type=float, default=60, help="limit for all tests of one mutant")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
