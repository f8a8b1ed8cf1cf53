"""Data protection: what is held about people, how it is erased, and how long it is kept.

Each app registers its own records in its ``data_export.py``, ``erasure.py`` and ``retention.py``, and gives
the reason for what it leaves out. A test walks every model and fails for a column that no app has named.
"""
