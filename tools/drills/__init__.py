"""Fault drills: promises about faults, tested on real processes that are killed, stopped and starved.

``python -m tools.drills`` runs them. Every drill runs a second time with the protection switched off (its
control); that run must fail, or else the drill proves nothing. The protection is switched off in the drill's
own processes only (``tools.drills.patching``): the product has no such switch.
"""
