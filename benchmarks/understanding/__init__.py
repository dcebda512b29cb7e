"""How well the assistant understands: on its own test set and on public ones."""
