"""The desk page (``/desk``) and the HTTP API (``/api``): stories, inbox, feeds and endpoints for those who
work here.

- ``app.py``     the routes, and how it says what went wrong
- ``people.py``  who may come in; ``throttle.py`` how often somebody may try; ``login.py`` coming and going
- ``gate.py``    what every request has to pass: host, origin, session or token, role, CSRF token
- ``frame.py``   templates under a strict policy; ``static.py`` the files that they load; ``answers.py``
- ``board.py``, ``story.py``, ``inbox.py``, ``outlets.py``  the pages
- ``difference.py``, ``highlight.py``  versions compared, documents coloured
- ``api.py``     the same as JSON, by ``api_table.py``: ``api_operations.py`` and ``api_outlets.py``
"""
