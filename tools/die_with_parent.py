"""Become a program that gets a signal when its starter dies: ``die_with_parent.py PARENT SIGNAL COMMAND…``.

This is a program of its own, because code that runs between fork and exec may deadlock where threads run. It
imports nothing of the project, so that it starts in a few milliseconds with ``python -I -S``.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
NOT_FOUND = 127


def ask_for_signal(number: int) -> bool:
    """Ask Linux to send this process a signal when its parent dies; return False on other systems."""
    if sys.platform != "linux":
        return False
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(number))
    return True


def main() -> None:
    """Ask for the signal, exit if the starter has died meanwhile, and become the command."""
    parent, number, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    ask_for_signal(number)
    if os.getppid() != parent:
        sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606  # the project's own command, without a shell
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main()
