"""``python -m tools.drills.inside MODULE …``: run a module with the product loaded."""

import runpy
import sys

import django

from config.startup import load_settings

if __name__ == "__main__":
    load_settings()
    django.setup()
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
