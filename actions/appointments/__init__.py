"""Permit appointments: booking, viewing, changing and cancelling them."""
