"""Start processes in a way that lets all of them be ended.

Each runs in a group of its own, ends with its parent, and is marked so that a later start can find it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

HOME_MARK = "CROSSING_HOME"  # in the environment of every process started, so that leftover ones can be found
DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")


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

    The process gets the signal ``orphaned`` when this process dies.
    """
    starter = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), str(os.getpid()), str(int(orphaned))]
    return subprocess.Popen(
        [*starter, *map(str, command)],
        env={**environment, HOME_MARK: str(home)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        start_new_session=True,
    )


def end_group(process: subprocess.Popen[bytes], *, first: signal.Signals, patience: float) -> None:
    """Send ``first`` to the process, wait up to ``patience`` seconds, then kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def catches(number: int, how: signal.Signals) -> bool:
    """Return whether process ``number`` has its own handler for the signal."""
    try:
        words = Path(f"/proc/{number}/status").read_text().split()
    except OSError:
        return False
    caught = int(words[words.index("SigCgt:") + 1], 16)
    return bool(caught >> (how - 1) & 1)


def strays(home: Path) -> list[int]:
    """Return the ids of processes that an earlier start left running for ``home``."""
    mark = os.fsencode(f"{HOME_MARK}={home}")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # has ended, or belongs to another user
        if mark in variables and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def end_strays(home: Path, *, patience: float = 8) -> int:
    """End the processes that an earlier start left running for ``home``; return how many there were."""
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
