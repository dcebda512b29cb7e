"""WeChat: what it sends us, and what we send through its API."""
