"""Become a program that gets a signal when its starter dies: ``die_with_parent.py PARENT SIGNAL COMMAND…``.

A program of its own rather than code between fork and exec, which may stop for ever where threads run.
Imports nothing of ours: it runs with ``python -I -S``, in a few milliseconds.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
NOT_FOUND = 127


def ask_for_signal(number: int) -> bool:
    """Ask Linux to send this process a signal when its parent dies; False where there is no Linux to ask."""
    if sys.platform != "linux":
        return False
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(number))
    return True


def main() -> None:
    """Ask for the signal, make sure the starter still lives, and become the command."""
    parent, number, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    ask_for_signal(number)
    if os.getppid() != parent:
        sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606  # a command of ours, no shell
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main()
