"""Speed and memory, measured on the real daemon: see ``bench/README.md``."""
