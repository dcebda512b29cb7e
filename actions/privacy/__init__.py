"""A person's own data: to have and to delete."""
