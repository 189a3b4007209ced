"""What all news formats share: namespaces, qcodes and their catalogue, Media Topics, small codes.

The tables under ``data/`` hold facts of the IPTC NewsCodes and the IPTC catalogue, © IPTC, licensed under
CC BY 4.0 (https://iptc.org). ``tools/make_iptc_tables.py`` makes them; each is read when first asked for.
"""
