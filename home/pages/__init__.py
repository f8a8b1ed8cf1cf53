"""What these pages show: records turned into rows and cards."""
