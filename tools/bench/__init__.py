"""What the site can do in a second, beside the bare minimum in the same run."""
