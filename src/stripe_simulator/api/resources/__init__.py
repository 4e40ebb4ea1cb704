"""The resources, a module each: what they take and what they do."""
