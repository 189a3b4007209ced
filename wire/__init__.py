"""A newsroom's wire desk in one daemon: raw stories in, NewsML-G2, feeds and deliveries out."""

__version__ = "0.1.0"
