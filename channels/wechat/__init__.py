"""WeChat: mini programs and service accounts."""
