"""What runs the site on one's own machine: servers of its own, the demo, the checks and the drills."""
