"""Writing: a `Revision` becomes a `Document`, bytes with a media type.

One file a format, each a `wire.ports.Renderer`: stateless, pure, without clock or I/O, so that the same
revision gives the same bytes for ever. `base` holds what the formats decide alike, `validate` proves
NewsML-G2 documents right. RSS, Atom and JSON Feed stand in `feeds`, with all that makes feeds of entries;
`outbox` puts documents and feeds into files.
"""
