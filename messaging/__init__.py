"""How people are reached: outbox, delivery, digests, preferences, and the mailbox of the demo."""
