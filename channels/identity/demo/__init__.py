"""The demo broker: what stands in for the identity broker where there is none."""
