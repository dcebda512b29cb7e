"""Saying things again, more simply, or in another language."""
