"""What people order and ask: on the desk page, by command, over the API."""
