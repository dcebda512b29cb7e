"""What does the assistant do for people? One package for each capability."""
