"""Cards proposed for clauses that have none: from others' cards, or to be filled in; a person decides."""
