"""One store: everything that one API call changes is committed at once."""
