"""Kills at random moments: nothing accepted is lost, nothing is doubled, nothing overtakes."""
