"""The names that drills patch in the product exist; otherwise a drill stumbles when it is run much later."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.drills.faults import FAULTS
from tools.paths import ROOT

# In a process of its own, because patches last as long as their process.
APPLY_ALL = """
import django
django.setup()
from tools.drills.patching.named import PATCHES
for apply in PATCHES.values():
    apply()
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_fits_the_product(fault: str) -> None:
    with FAULTS[fault]():
        pass


def test_patches_fit_the_product() -> None:
    done = subprocess.run(
        [sys.executable, "-c", APPLY_ALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
