"""What carries stories from stage to stage: read, accept, export, show."""
