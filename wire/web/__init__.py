"""The HTTP surface: feeds, story pages and documents, health. Reads through ports, changes nothing."""
