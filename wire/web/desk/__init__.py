"""The desk page (``/desk``) and the HTTP API (``/api``): stories, inbox, feeds and endpoints for those who
work here.

people, throttle   who may come in, and how often somebody may try
gate               what every request has to pass: host, origin, session or token, role, CSRF token
login              coming and going
frame, static      templates under a strict policy, and the files that they load
board, story, …    one module a page
api                the same as JSON
"""
