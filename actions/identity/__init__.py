"""Knowing who a person is, when a task needs it: signing in through one identity broker."""
