"""Lines of CSV that open safely; the same for all apps."""

from accounts.sheets import BOM, CSV, lines, safe

__all__ = ["BOM", "CSV", "lines", "safe"]
