"""P16: who gets in where, asked of a running site over HTTP: methods, roles, swapped ids, extra fields."""
