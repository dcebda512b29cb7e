"""What the WeChat benchmark measures, a file each."""
