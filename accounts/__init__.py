"""People: who they are, how they sign in, what waits for them and how they are reached."""
