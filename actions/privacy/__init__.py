"""Forgetting a person on request."""
