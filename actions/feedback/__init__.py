"""Writing down what people think of the service."""
