"""Thin Rasa components over nlu.text and nlu.retrieval.

Rasa builds components itself, from their class names, so that the live objects which they read
cannot be handed to them: they stand in ``live``, and bot.wiring puts them there.
"""
