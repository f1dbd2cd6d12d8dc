"""What is kept on disk about a lifter: profiles and histories."""
