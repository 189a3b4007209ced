"""The HTTP surface: feeds, story pages and documents, health. Reads through ports, changes nothing.

- ``app.py``      the routes; ``answers.py`` what they answer with, ``conditional.py`` what was asked for
- ``changes.py``, ``hub.py``, ``private.py``  the change feed, WebSub, private feeds
- ``server.py``   uvicorn in a thread; ``protocol.py`` one connection, quicker for polls and with limits
- ``waiting.py``  how streams wait; ``later.py`` an application that is built when first asked for
- ``desk/``       the desk page and the HTTP API
"""
