"""Start processes so that all of them can be ended: own group, ended with their parent, findable later."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

HOME_MARK = "CROSSING_HOME"  # in the environment of every process started, so that strays are known
TIED = Path(__file__).with_name("die_with_parent.py")


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    home: Path,
    log: IO[bytes],
    cwd: Path,
    orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a group of its own, marked as belonging to ``home``.

    It gets the signal ``orphaned`` when this process dies.
    """
    tied = [sys.executable, "-I", "-S", str(TIED), str(os.getpid()), str(int(orphaned))]
    return subprocess.Popen(
        [*tied, *map(str, command)],
        env={**environment, HOME_MARK: str(home)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        start_new_session=True,
    )


def end_group(process: subprocess.Popen[bytes], *, first: signal.Signals, patience: float) -> None:
    """Ask the process to stop, wait, then end what is left of its group."""
    if process.poll() is None:
        process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def catches(number: int, how: signal.Signals) -> bool:
    """Say whether process ``number`` has a handler of its own for the signal."""
    try:
        words = Path(f"/proc/{number}/status").read_text().split()
    except OSError:
        return False
    caught = int(words[words.index("SigCgt:") + 1], 16)
    return bool(caught >> (how - 1) & 1)


def strays(home: Path) -> list[int]:
    """Return the ids of processes an earlier start left behind in ``home``."""
    mark = os.fsencode(f"{HOME_MARK}={home}")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended meanwhile, or somebody else's
        if mark in variables and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def end_strays(home: Path, *, patience: float = 8) -> int:
    """End what an earlier start left behind in ``home``; return how many there were."""
    found = strays(home)
    for how in (signal.SIGTERM, signal.SIGKILL):
        left = strays(home)
        for number in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, how)
        deadline = time.monotonic() + patience
        while strays(home) and time.monotonic() < deadline:
            time.sleep(0.1)
    return len(found)
