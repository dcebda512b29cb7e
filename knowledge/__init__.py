"""What does the assistant know? Plain files, checked and turned into immutable snapshots."""
