"""Switches protections off, and kills at named points, inside a drill's processes and nowhere else."""
