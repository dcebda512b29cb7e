"""How does the assistant understand? Text, retrieval, and thin Rasa components over both."""
