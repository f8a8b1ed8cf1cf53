"""What is held about people, how it is erased, and how long it is kept. Each app says so of its own records.

An app registers in its ``held.py``, ``erasure.py`` and ``retention.py``; what it leaves out it names with the
reason. A test walks every model and fails for a column that nobody spoke of.
"""
