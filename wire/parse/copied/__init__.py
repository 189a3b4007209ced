"""Text that somebody copied from a web page: which of its lines are the story, who wrote it, and when."""
