"""What keeps watch over the running daemon and tells others of it."""
