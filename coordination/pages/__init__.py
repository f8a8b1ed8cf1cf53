"""What pages of the desk show: records turned into rows, cards and sentences."""
