"""Developer tools: demo, checks, fault drills, benchmarks, and the servers these need on one machine."""
