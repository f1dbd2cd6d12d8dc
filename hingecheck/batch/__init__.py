"""Many clips: a folder of uploads checked once each, and the dataset that comes of it."""
