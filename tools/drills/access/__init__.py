"""P16: the access matrix, tested over HTTP on a running site: methods, roles, swapped ids, extra fields."""
