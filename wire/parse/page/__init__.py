"""The parts of reading a web page, in the order in which `wire.parse.webpage` names them."""
