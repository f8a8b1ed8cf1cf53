"""The mail benchmark runs, and its exit status says whether the goal is met."""

import re
import subprocess
import sys

from tools.paths import ROOT


def test_mail_bench_exit_status_follows_ratio() -> None:
    command = [sys.executable, "-m", "tools.bench.mail", "--mails", "5", "--rounds", "1"]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    ratio = re.search(
        r"to the loop that writes its mails +([0-9.]+) \(goal: at least 0\.67\)", completed.stdout
    )
    assert ratio is not None, completed.stdout + completed.stderr
    assert len(re.findall(r"\d+ mails a second", completed.stdout)) == 3
    assert completed.returncode == (0 if float(ratio.group(1)) >= 0.67 else 1)
