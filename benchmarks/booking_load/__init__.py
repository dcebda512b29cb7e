"""The three measures of benchmarks/booking.py, and the calendar that they work on."""
