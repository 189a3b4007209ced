"""What the parsers of agencies' items in XML and JSON share, and the parts of the larger formats."""
