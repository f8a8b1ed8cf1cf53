"""Forms of departments and HR imports."""
