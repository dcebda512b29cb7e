"""Which entry answers a question. Pure: a snapshot and a text in, scored entries out."""
