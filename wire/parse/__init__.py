"""Reading: a `RawFile` becomes one or more `Draft`s, each saying what the document itself says.

`detect.read` is the way in: it refuses what can be no story, asks every parser for its evidence and
lets the surest one read. A format's parser lives in a file of its own here, beside what several of them
need (`base`, `charset`, `dates`, `embargo`, `markup`). What parsers of one kind need lies in packages:

- `copied`: text that somebody copied from a page: which of its lines are the story;
- `items`: agencies' items in XML and JSON, and what agencies leave in the copy of any item;
- `page`: web pages: what they state, which of their blocks are the story;
- `sent`: what people write and send: mails, documents, and what stands around the copy in them;
- `profiles`: dialects of agencies, as data.

Nothing here invents, cleans or follows anything: dates may be naive, bodies hostile; normalising comes after.
"""
