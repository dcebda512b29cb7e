"""The platform's part, for demonstrations and tests: no account at WeChat is needed."""
