"""Settings; ``chosen`` picks the module that fits the environment."""
