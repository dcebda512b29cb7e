"""Where Rasa meets the rest: its ports, implemented over our own parts."""
