"""Who may come in, whom single sign-on brings, and how fresh a sign-in is."""
