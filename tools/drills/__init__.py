"""Fault drills: the promises about faults, tried over real processes that are killed, stopped and starved.

``python -m tools.drills`` runs them. Every drill is run a second time with the protection switched off (its
control), and that must fail, or the drill proves nothing. What is switched off is switched off in the
drill's processes only (``tools.drills.patching``): the product has no such switch.
"""
