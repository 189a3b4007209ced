"""Pure things that several stages need.

- ``words.py``, ``languages.py``, ``zones.py``, ``printable.py``, ``hidden.py``  of texts, times and markup
- ``likeness.py``   how alike two texts are; ``searching.py`` by which words a story is found
- ``amending.py``   what people may change of a story
- ``deskview.py``, ``lists.py``, ``people.py``  what is shown, and to whom
- ``alarms.py``, ``metrics.py``  when to call for people; figures for Prometheus
- ``particulars.py``  texts with a delivery's particulars filled in
- ``renditions.py``   bytes ready to be served, compressed once
- ``input_files.py``  files named on the command line; ``portions.py`` long sequences
- ``clock.py``        the time; ``memory.py`` the process's own memory
"""
