"""XML namespaces of the news formats."""

from __future__ import annotations

NAR = "http://iptc.org/std/nar/2006-10-01/"  #: NewsML-G2 and its siblings
NITF = "http://iptc.org/std/NITF/2006-10-18/"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"

XML_LANG = f"{{{XML}}}lang"  #: the attribute ``xml:lang`` as lxml names it
