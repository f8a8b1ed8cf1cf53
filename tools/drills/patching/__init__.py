"""Switch protections off, and kill at named points, in a drill's own processes only."""
