"""What pages show: read here, so that views only ask."""
