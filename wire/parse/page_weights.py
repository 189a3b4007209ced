"""What each feature of a page's block says for (above 0) or against it being story, as log-odds.

Written by ``tools/fit_pages.py``.
"""

from __future__ import annotations

_TABLE = """
always = -0.122
after run:0 short = -0.05 | after run:2 long = 0.05 | after run:3 long = -0.03 | after run:4 long = -0.18
after run:4 short = -0.07
after:0 long = 0.53 | after:0 short = 0.18 | after:1 long = -0.02 | after:1 short = 0.02
after:2 long = 0.06 | after:3 long = -0.20 | after:4 long = -0.05 | after:5 long = -0.26
after:5 short = -0.35
alike:0 = -0.48 | alike:0 long = -0.19 | alike:0 short = -0.29 | alike:1 = -0.28 | alike:1 long = -0.14
alike:1 short = -0.15 | alike:2 = -0.15 | alike:2 long = -0.20 | alike:2 short = 0.06 | alike:3 = -0.16
alike:3 long = -0.33 | alike:3 short = 0.16 | alike:4 long = -0.04 | alike:5 = 0.41 | alike:5 long = 0.40
alike:6 = 0.57 | alike:6 long = 0.55
before run:0 long = -0.06 | before run:0 short = 0.02 | before run:1 long = 0.02
before run:1 short = -0.05 | before run:2 long = 0.07 | before run:3 long = -0.04
before run:4 long = -0.06 | before run:4 short = -0.20
before:0 long = 0.45 | before:0 short = 0.12 | before:2 long = 0.04 | before:3 long = -0.20
before:4 long = -0.14 | before:4 short = 0.05 | before:5 long = -0.06 | before:5 short = -0.39
bold long = -0.26 | bold short = -0.06 | byline middle = -0.05 | byline short = -0.04 | capitals = -0.20
caption mark long = -0.10 | caption mark middle = -0.28 | caption mark short = -0.07
dated middle = -0.10 | dated short = -0.17 | end of story middle = -0.07 | end of story short = -0.13
furniture alone short = -0.07 | furniture long = -0.21 | furniture middle = -0.19
furniture short = -0.16 | in run long = 0.31 | in run short = 0.20 | is alt text = -0.18
is description = 0.37 | is headline = -0.18 | money short = 0.15 | not stated long = -0.09
not stated short = -0.28 | repeated = -0.26 | separated middle = -0.13 | separated short = -0.06
stated long = 0.20 | stated short = -0.03
capitalised:0 middle = 0.20 | capitalised:0 short = 0.13 | capitalised:1 middle = -0.09
capitalised:1 short = -0.06 | capitalised:2 middle = -0.16 | capitalised:2 short = 0.16
capitalised:3 middle = -0.05 | capitalised:4 middle = -0.12 | capitalised:4 short = -0.17
commas:0 = -0.21 | commas:1 = -0.05 | commas:2 = 0.14 | commas:3 = 0.11 | commas:4 = 0.07
ends:; = 0.03 | ends:digit = 0.17 | ends:dots = -0.25 | ends:letter = -0.37 | ends:other = 0.04
ends:stop = 0.26
first:digit = -0.10 | first:lower = 0.06 | first:mark = 0.09 | first:upper = -0.17
grandparent linked:0 short = 0.11 | grandparent linked:1 long = 0.26 | grandparent linked:2 long = 0.06
grandparent linked:2 short = 0.11 | grandparent linked:3 long = -0.11
grandparent linked:3 short = -0.05 | grandparent linked:4 long = -0.04
grandparent linked:4 short = -0.17 | grandparent linked:5 long = -0.13
grandparent linked:5 short = -0.16
grandparent:0 = -0.37 | grandparent:0 short = -0.39 | grandparent:1 = -0.35 | grandparent:1 long = -0.24
grandparent:1 short = -0.11 | grandparent:2 = -0.15 | grandparent:2 long = -0.07
grandparent:2 short = -0.08 | grandparent:3 = 0.09 | grandparent:3 short = 0.09 | grandparent:4 = 0.16
grandparent:4 long = 0.23 | grandparent:4 short = -0.07 | grandparent:5 = 0.26
grandparent:5 long = 0.07 | grandparent:5 short = 0.18 | grandparent:6 = 0.24 | grandparent:6 long = 0.04
grandparent:6 short = 0.20
headline:0 long = -0.03 | headline:0 short = -0.16 | headline:1 short = -0.06 | headline:2 long = -0.08
headline:2 short = -0.05 | headline:3 long = -0.10 | headline:3 short = -0.13 | headline:4 long = 0.13
headline:4 short = -0.04 | headline:5 short = -0.03 | headline:6 long = 0.09 | headline:6 short = -0.04
headline:7 long = 0.08 | headline:7 short = 0.06 | headline:8 long = -0.07 | headline:8 short = 0.18
headline:9 long = -0.13 | headline:9 short = 0.09
in:advert = 0.07 | in:article = -0.04 | in:aside = -0.49 | in:author = -0.43 | in:blockquote = 0.14
in:body = 0.17 | in:box = -0.32 | in:consent = 0.24 | in:correction = -0.24 | in:details = 0.03
in:dl = -0.05 | in:figcaption = -0.20 | in:figure = -0.36 | in:footer = -0.58 | in:form = -0.15
in:h1 = -0.22 | in:h2 = 0.27 | in:h3 = 0.09 | in:h4 = 0.03 | in:h6 = -0.03 | in:header = -0.18
in:lead = 0.07 | in:li = -0.23 | in:live = 0.07 | in:main = 0.06 | in:meta = 0.31 | in:nav = -0.18
in:navigation = -0.37 | in:newsletter = -0.22 | in:ol = -0.20 | in:paragraph = 0.42 | in:pay = 0.20
in:picture = 0.16 | in:poll = -0.03 | in:quote = 0.07 | in:related = -0.22 | in:section = 0.43
in:service = 0.04 | in:social = -0.39 | in:story = -0.26 | in:table = 0.10 | in:talk = -0.49
in:td = 0.11 | in:teaser = -0.24 | in:title = -0.11 | in:ul = -0.04
linked:0 = 0.30 | linked:0 long = 0.19 | linked:0 short = 0.11 | linked:1 = 0.09 | linked:1 long = 0.10
linked:2 = 0.12 | linked:2 long = 0.12 | linked:3 = -0.04 | linked:3 long = 0.06 | linked:3 short = -0.10
linked:4 = -0.19 | linked:4 long = -0.13 | linked:4 short = -0.06 | linked:5 = -0.38
linked:5 long = -0.28 | linked:5 short = -0.10
links:2 = -0.03 | links:3 = -0.05 | links:4 = -0.04 | links:5 = 0.05
near:author = -0.12 | near:body = 0.24 | near:box = -0.11 | near:consent = -0.24 | near:lead = -0.11
near:live = 0.09 | near:meta = -0.13 | near:navigation = -0.36 | near:newsletter = -0.20
near:pay = -0.25 | near:picture = -0.25 | near:quote = 0.02 | near:related = -0.11 | near:service = 0.08
near:social = 0.06 | near:story = 0.50 | near:talk = -0.52 | near:teaser = -0.25 | near:title = -0.07
own:advert = 0.14 | own:author = -0.12 | own:box = -0.09 | own:consent = -0.10 | own:lead = 0.10
own:live = 0.07 | own:meta = -0.33 | own:navigation = -0.22 | own:newsletter = -0.09
own:paragraph = 0.11 | own:pay = 0.10 | own:picture = -0.34 | own:quote = -0.03 | own:related = -0.13
own:service = 0.05 | own:social = -0.10 | own:story = -0.16 | own:talk = -0.08 | own:teaser = -0.21
own:title = -0.23
parent linked:0 short = 0.08 | parent linked:1 long = 0.24 | parent linked:1 short = 0.19
parent linked:2 short = 0.03 | parent linked:3 long = 0.02 | parent linked:3 short = -0.07
parent linked:4 long = -0.04 | parent linked:4 short = -0.24 | parent linked:5 long = -0.16
parent linked:5 short = -0.19
parent:0 = -0.38 | parent:0 long = -0.07 | parent:0 short = -0.31 | parent:1 = -0.48
parent:1 long = -0.30 | parent:1 short = -0.18 | parent:2 = -0.20 | parent:2 long = -0.25
parent:2 short = 0.06 | parent:3 long = -0.09 | parent:3 short = 0.10 | parent:4 = 0.30
parent:4 long = 0.10 | parent:4 short = 0.20 | parent:5 = 0.23 | parent:5 long = 0.26
parent:5 short = -0.03 | parent:6 = 0.40 | parent:6 long = 0.41
passed:0 long = 0.17 | passed:0 short = -0.32 | passed:1 long = 0.26 | passed:1 short = 0.06
passed:2 long = 0.19 | passed:2 short = 0.29 | passed:3 long = -0.13 | passed:3 short = 0.35
passed:4 long = -0.28 | passed:4 short = -0.15 | passed:5 long = -0.15 | passed:5 short = -0.41
sentences:1 = -0.09 | sentences:2 = -0.06 | sentences:4 = 0.19
size:0 = -0.14 | size:0 ends:: = -0.03 | size:0 ends:digit = 0.03 | size:0 ends:letter = -0.12
size:0 ends:other = -0.02 | size:1 = -0.20 | size:1 ends:: = -0.02 | size:1 ends:digit = -0.06
size:1 ends:letter = -0.12 | size:10 = 0.04 | size:10 ends:letter = 0.06 | size:10 ends:stop = 0.10
size:11 = 0.16 | size:2 = -0.08 | size:2 ends:stop = -0.07 | size:3 = 0.09 | size:3 ends:letter = 0.14
size:3 ends:stop = -0.09 | size:4 = 0.04 | size:4 ends:digit = 0.03 | size:4 ends:letter = 0.07
size:4 ends:other = -0.03 | size:4 ends:stop = -0.02 | size:5 = -0.17 | size:5 ends:letter = -0.17
size:6 = -0.05 | size:6 ends:letter = -0.08 | size:6 ends:other = 0.02 | size:7 = -0.02
size:7 ends:dots = -0.11 | size:7 ends:letter = -0.04 | size:7 ends:stop = 0.07 | size:8 = 0.08
size:8 ends:letter = -0.07 | size:8 ends:stop = 0.15 | size:9 = 0.12 | size:9 ends:letter = -0.05
size:9 ends:stop = 0.14
tag:aside = -0.06 | tag:div = -0.67 | tag:figcaption = -0.23 | tag:h1 = -0.22 | tag:h2 = 0.27
tag:h3 = 0.08 | tag:h4 = 0.03 | tag:h6 = -0.03 | tag:li = 0.50 | tag:other = 0.29 | tag:section = -0.03
"""


def _read(table: str) -> dict[str, float]:
    entries = (entry.rpartition(" = ") for row in table.split("\n") for entry in row.split(" | ") if entry)
    return {name: float(weight) for name, _, weight in entries}


WEIGHTS = _read(_TABLE)
