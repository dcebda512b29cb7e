"""Answering questions for information."""
