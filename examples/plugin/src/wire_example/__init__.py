"""A format and a transport for wire, found by their entry points."""
