"""What is put together here: the Rasa bot, its wiring, the server and the command line."""
