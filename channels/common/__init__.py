"""What every channel shares: what comes in is guarded, what goes out is one message."""
