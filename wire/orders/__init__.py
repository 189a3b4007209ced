"""What people order and ask: on the desk page, by command, over the API.

- ``by_hand.py``     kill, withhold, release, embargo, correct; ``quarantine.py`` files that could not be read
- ``queue_work.py``  pause, resume, retry, replay; ``trial.py`` whether an endpoint can be reached
- ``pushing.py``     files that come by ``POST /api/stories``
- ``checkup.py``     ``wire check`` and ``wire status``; ``auditing.py`` ``wire audit``
- ``safekeeping.py`` backups; ``books.py`` where the store lies, and how to read it
- ``words.py``       names, notes and instants as people give them
"""
