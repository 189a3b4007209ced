"""What each feature of a page's block says for (above 0) or against it being story, as log-odds.

Written by ``python -m tools.fit_pages --write``, fitted on the open corpus of pages; not meant to be edited.
What the features are is said in `page_features` and `page_places`.
"""

from __future__ import annotations

_TABLE = """
always = -0.11
after run:0 short = -0.05 | after run:1 long = -0.02 | after run:2 long = 0.04
after run:3 long = -0.02 | after run:4 long = -0.18 | after run:4 short = -0.07
after:0 long = 0.53 | after:0 short = 0.18 | after:2 long = 0.06 | after:3 long = -0.19
after:4 long = -0.07 | after:4 short = -0.02 | after:5 long = -0.23 | after:5 short = -0.34
alike:0 = -0.46 | alike:0 long = -0.15 | alike:0 short = -0.31 | alike:1 = -0.28
alike:1 long = -0.13 | alike:1 short = -0.15 | alike:2 = -0.14 | alike:2 long = -0.19
alike:2 short = 0.05 | alike:3 = -0.15 | alike:3 long = -0.30 | alike:3 short = 0.16
alike:4 long = -0.02 | alike:5 = 0.38 | alike:5 long = 0.36 | alike:6 = 0.53 | alike:6 long = 0.51
alike:6 short = 0.02
before run:0 long = -0.05 | before run:1 short = -0.05 | before run:2 long = 0.06
before run:2 short = -0.02 | before run:3 long = -0.04 | before run:4 long = -0.05
before run:4 short = -0.18
before:0 long = 0.43 | before:0 short = 0.12 | before:2 long = 0.03 | before:3 long = -0.19
before:4 long = -0.17 | before:4 short = 0.04 | before:5 long = -0.03 | before:5 short = -0.38
beside picture long = -0.68
beside picture short = -0.15
blockquote linked:0 home:6 = -0.03 | blockquote linked:2 home:0 = 0.02
bold linked:0 home:5 = -0.06 | bold linked:0 home:6 = 0.03 | bold linked:2 home:6 = -0.25
bold long = -0.25
bold short = -0.06
byline middle = -0.05
byline short = -0.04
capitalised:0 middle = 0.21 | capitalised:0 short = 0.12 | capitalised:1 middle = -0.10
capitalised:1 short = -0.06 | capitalised:2 middle = -0.16 | capitalised:2 short = 0.15
capitalised:3 middle = -0.04 | capitalised:4 middle = -0.11 | capitalised:4 short = -0.16
capitals = -0.19
caption mark long = -0.08
caption mark middle = -0.24
caption mark short = -0.07
commas:0 = -0.19 | commas:1 = -0.06 | commas:2 = 0.15 | commas:3 = 0.09 | commas:4 = 0.08
dated middle = -0.09
dated short = -0.17
end of story middle = -0.06
end of story short = -0.13
ends:; = 0.03 | ends:digit = 0.15 | ends:dots = -0.21 | ends:letter = -0.34 | ends:stop = 0.26
first:digit = -0.09 | first:lower = 0.06 | first:mark = 0.08 | first:upper = -0.16
furniture alone short = -0.07
furniture long = -0.21
furniture middle = -0.18
furniture short = -0.16
grandparent linked:0 long = 0.03 | grandparent linked:0 short = 0.12
grandparent linked:1 long = 0.23 | grandparent linked:1 short = -0.04
grandparent linked:2 long = 0.04 | grandparent linked:2 short = 0.09
grandparent linked:3 long = -0.11 | grandparent linked:3 short = -0.05
grandparent linked:4 long = -0.03 | grandparent linked:4 short = -0.16
grandparent linked:5 long = -0.09 | grandparent linked:5 short = -0.13
grandparent:0 = -0.29 | grandparent:0 long = 0.05 | grandparent:0 short = -0.34
grandparent:1 = -0.33 | grandparent:1 long = -0.22 | grandparent:1 short = -0.11
grandparent:2 = -0.13 | grandparent:2 long = -0.07 | grandparent:2 short = -0.06
grandparent:3 = 0.10 | grandparent:3 short = 0.10 | grandparent:4 = 0.18 | grandparent:4 long = 0.25
grandparent:4 short = -0.07 | grandparent:5 = 0.18 | grandparent:5 long = 0.02
grandparent:5 short = 0.16 | grandparent:6 = 0.19 | grandparent:6 long = 0.04
grandparent:6 short = 0.15
heading linked:0 home:0 = -0.11 | heading linked:0 home:1 = -0.04 | heading linked:0 home:2 = 0.19
heading linked:0 home:4 = 0.07 | heading linked:0 home:5 = -0.02 | heading linked:0 home:6 = 0.14
heading linked:2 home:0 = -0.10 | heading linked:2 home:1 = -0.04 | heading linked:2 home:3 = 0.03
headline:0 long = -0.08 | headline:0 short = -0.19 | headline:1 long = -0.03
headline:1 short = -0.07 | headline:2 long = -0.07 | headline:2 short = -0.04
headline:3 long = -0.11 | headline:3 short = -0.14 | headline:4 long = 0.09 | headline:4 short = -0.04
headline:5 long = 0.05 | headline:5 short = -0.02 | headline:6 long = 0.14 | headline:6 short = -0.03
headline:7 long = 0.10 | headline:7 short = 0.08 | headline:8 short = 0.20 | headline:9 long = -0.14
headline:9 short = 0.10
in run long = 0.32
in run short = 0.18
in:advert = 0.07 | in:article = -0.05 | in:aside = -0.46 | in:author = -0.42 | in:blockquote = 0.13
in:body = 0.15 | in:box = -0.31 | in:consent = 0.20 | in:correction = -0.25 | in:details = 0.03
in:dl = -0.05 | in:figcaption = -0.17 | in:figure = -0.32 | in:footer = -0.58 | in:form = -0.14
in:h1 = -0.22 | in:h2 = 0.25 | in:h3 = 0.09 | in:h4 = 0.03 | in:h6 = -0.03 | in:header = -0.16
in:lead = 0.11 | in:li = -0.23 | in:live = 0.07 | in:main = 0.06 | in:meta = 0.30 | in:nav = -0.17
in:navigation = -0.39 | in:newsletter = -0.21 | in:ol = -0.19 | in:paragraph = 0.40 | in:pay = 0.19
in:picture = 0.15 | in:poll = -0.02 | in:quote = 0.08 | in:related = -0.23 | in:section = 0.44
in:service = 0.04 | in:social = -0.39 | in:story = -0.25 | in:table = 0.10 | in:talk = -0.49
in:td = 0.11 | in:teaser = -0.24 | in:title = -0.10 | in:ul = -0.04
is alt text = -0.20
is description = 0.36
is headline = -0.21
lead:10 unlinked = 0.03 | lead:3 unlinked = -0.03 | lead:5 linked = -0.04 | lead:5 unlinked = 0.04
lead:6 unlinked = 0.04 | lead:7 linked = -0.03 | lead:7 unlinked = 0.07 | lead:8 unlinked = 0.08
lead:9 unlinked = 0.06
li linked:0 home:0 = 0.03 | li linked:0 home:1 = 0.03 | li linked:0 home:2 = -0.03
li linked:0 home:5 = 0.24 | li linked:0 home:6 = 0.30 | li linked:2 home:0 = -0.20
li linked:2 home:6 = 0.05
linked:0 = 0.23 | linked:0 home:0 = -0.06 | linked:0 home:1 = -0.03 | linked:0 home:2 = -0.08
linked:0 home:3 = -0.08 | linked:0 home:4 = -0.07 | linked:0 home:5 = 0.34 | linked:0 home:6 = 0.22
linked:0 long = 0.18 | linked:0 short = 0.05 | linked:1 = 0.08 | linked:1 home:0 = 0.07
linked:1 home:2 = -0.02 | linked:1 home:3 = -0.04 | linked:1 home:5 = -0.03 | linked:1 home:6 = 0.13
linked:1 long = 0.09 | linked:2 = 0.11 | linked:2 home:0 = 0.05 | linked:2 home:3 = -0.03
linked:2 home:6 = 0.08 | linked:2 long = 0.11 | linked:3 = -0.04 | linked:3 home:6 = -0.02
linked:3 long = 0.05 | linked:3 short = -0.10 | linked:4 = -0.18 | linked:4 home:0 = -0.05
linked:4 home:4 = 0.05 | linked:4 home:6 = -0.13 | linked:4 long = -0.12 | linked:4 short = -0.06
linked:5 = -0.31 | linked:5 home:0 = -0.31 | linked:5 home:1 = -0.07 | linked:5 home:2 = 0.06
linked:5 home:3 = 0.04 | linked:5 home:5 = -0.05 | linked:5 long = -0.24 | linked:5 short = -0.06
links:2 = -0.03 | links:3 = -0.04 | links:4 = -0.04 | links:5 = 0.04
money short = 0.16
near:author = -0.10 | near:body = 0.23 | near:box = -0.10 | near:consent = -0.23 | near:lead = -0.09
near:live = 0.09 | near:meta = -0.12 | near:navigation = -0.34 | near:newsletter = -0.20
near:pay = -0.25 | near:picture = -0.18 | near:quote = 0.03 | near:related = -0.11
near:service = 0.08 | near:social = 0.06 | near:story = 0.49 | near:talk = -0.52 | near:teaser = -0.20
near:title = -0.07
not stated long = -0.10
not stated short = -0.26
own:advert = 0.15 | own:author = -0.11 | own:box = -0.08 | own:consent = -0.10 | own:lead = 0.13
own:live = 0.06 | own:meta = -0.32 | own:navigation = -0.22 | own:newsletter = -0.09
own:paragraph = 0.11 | own:pay = 0.09 | own:picture = -0.27 | own:quote = -0.03 | own:related = -0.12
own:service = 0.05 | own:social = -0.09 | own:story = -0.16 | own:talk = -0.08 | own:teaser = -0.20
own:title = -0.22
parent linked:0 long = -0.03 | parent linked:0 short = 0.06 | parent linked:1 long = 0.23
parent linked:1 short = 0.17 | parent linked:2 short = 0.03 | parent linked:3 long = 0.03
parent linked:3 short = -0.07 | parent linked:4 long = -0.03 | parent linked:4 short = -0.23
parent linked:5 long = -0.12 | parent linked:5 short = -0.14
parent:0 = -0.37 | parent:0 long = -0.06 | parent:0 short = -0.31 | parent:1 = -0.46
parent:1 long = -0.29 | parent:1 short = -0.18 | parent:2 = -0.18 | parent:2 long = -0.23
parent:2 short = 0.06 | parent:3 = 0.03 | parent:3 long = -0.08 | parent:3 short = 0.10
parent:4 = 0.28 | parent:4 long = 0.09 | parent:4 short = 0.19 | parent:5 = 0.21
parent:5 long = 0.25 | parent:5 short = -0.04 | parent:6 = 0.38 | parent:6 long = 0.39
passed:0 long = 0.18 | passed:0 short = -0.32 | passed:1 long = 0.26 | passed:1 short = 0.06
passed:2 long = 0.17 | passed:2 short = 0.29 | passed:3 long = -0.12 | passed:3 short = 0.34
passed:4 long = -0.27 | passed:4 short = -0.15 | passed:5 long = -0.14 | passed:5 short = -0.41
repeated = -0.28
sentences:1 = -0.05 | sentences:2 = -0.06 | sentences:4 = 0.18
separated middle = -0.12
separated short = -0.05
size:0 = -0.14 | size:0 ends:: = -0.03 | size:0 ends:digit = 0.03 | size:0 ends:letter = -0.12
size:0 ends:other = -0.02 | size:1 = -0.19 | size:1 ends:digit = -0.05 | size:1 ends:letter = -0.12
size:10 = 0.06 | size:10 ends:letter = 0.05 | size:10 ends:stop = 0.10 | size:11 = 0.14
size:2 = -0.08 | size:2 ends:stop = -0.07 | size:3 = 0.09 | size:3 ends:letter = 0.13
size:3 ends:stop = -0.08 | size:4 = 0.04 | size:4 ends:digit = 0.03 | size:4 ends:letter = 0.06
size:4 ends:other = -0.03 | size:5 = -0.15 | size:5 ends:letter = -0.15 | size:6 = -0.06
size:6 ends:letter = -0.05 | size:7 ends:digit = 0.02 | size:7 ends:dots = -0.08
size:7 ends:letter = -0.03 | size:7 ends:stop = 0.05 | size:8 = 0.08 | size:8 ends:letter = -0.07
size:8 ends:stop = 0.14 | size:9 = 0.11 | size:9 ends:letter = -0.05 | size:9 ends:stop = 0.13
stated long = 0.26
stated short = 0.07
tag:aside = -0.06 | tag:div = -0.64 | tag:figcaption = -0.16 | tag:h1 = -0.22 | tag:h2 = 0.25
tag:h3 = 0.08 | tag:h4 = 0.03 | tag:h6 = -0.03 | tag:li = 0.46 | tag:other = 0.27
tag:section = -0.03
"""


def _read(table: str) -> dict[str, float]:
    """The table's entries, ``name = weight``, several in a row with bars between."""
    entries = (entry.rpartition(" = ") for row in table.split("\n") for entry in row.split(" | ") if entry)
    return {name: float(weight) for name, _, weight in entries}


WEIGHTS = _read(_TABLE)
