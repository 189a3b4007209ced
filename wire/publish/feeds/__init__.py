"""Feeds: stories as entries, joined under heads as RSS, Atom and JSON Feed; their past, and lists of them."""
