"""Build what the pages of the desk show: rows, cards and sentences."""
