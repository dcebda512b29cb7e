"""Benchmarks, always side by side with something everybody knows, in one run."""
