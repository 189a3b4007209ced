"""The outbox: documents and feeds as files in a folder that any web server can serve."""
