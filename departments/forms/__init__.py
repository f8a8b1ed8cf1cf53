"""What people type about departments and HR files."""
