"""The platform, played: for the demo and for the tests. It refuses nothing that WeChat takes."""
