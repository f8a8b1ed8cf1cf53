"""Import HR files of departments and people: read, check each line, plan the changes, then write them."""
