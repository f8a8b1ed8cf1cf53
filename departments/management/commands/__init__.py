"""``manage.py`` commands: thin, the work is in ``departments.imports``."""
