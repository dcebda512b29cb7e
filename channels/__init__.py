"""Where do people reach the assistant? One folder for each platform, and what they share."""
