"""Black-box helpers: the daemon as a process, a real HTTP receiver, made-up copy, a ledger of what was sent.

They know `wire` only by files, HTTP and the command line.
"""
