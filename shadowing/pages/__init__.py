"""What pages show: records turned into rows, cards, sentences and timelines, for the views alone."""
