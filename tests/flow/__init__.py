"""The whole flow as a specification: the daemon as a process, a real receiver, files, HTTP, command line."""
