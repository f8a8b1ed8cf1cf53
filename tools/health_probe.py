"""Check whether a server answers: ``python -m tools.health_probe http://…`` or ``smtp://…``."""

import smtplib
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main() -> None:
    """Exit with a message and status 1 when there is no answer within four seconds."""
    address = sys.argv[1]
    parts = urlsplit(address)
    try:
        if parts.scheme == "smtp":
            smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=4).quit()
        else:
            urllib.request.urlopen(address, timeout=4).close()
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"{address} does not answer: {error}")


if __name__ == "__main__":
    main()
