"""From a school's own file to `policy.md`: readers for each format, and one outline logic for all of them."""
