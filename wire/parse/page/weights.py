"""What each feature of a page's block says for (above 0) or against it being story, as log-odds.

Written by ``python -m tools.fit_pages --write``, fitted on the open corpus of pages; not meant to be edited.
What the features are is said in `page.features` and `page.places`.
"""

from __future__ import annotations

_TABLE = """
always = -0.13
address/l = -0.05
address/t = -0.02
advert first/s = -0.02
advert first/t = -0.05
advert/l = -0.04
advert/t = -0.05
affiliate first/s = -0.03
affiliate first/t = 0.04
affiliate/l = 0.06
affiliate/s = 0.12
affiliate/t = 0.06
after run:0 short = -0.05 | after run:1 long = -0.02 | after run:2 long = 0.04
after run:4 long = -0.18 | after run:4 short = -0.06
after:0 long = 0.53 | after:0 short = 0.17 | after:2 long = 0.06 | after:3 long = -0.22
after:4 long = -0.08 | after:5 long = -0.23 | after:5 short = -0.32
agency first/s = -0.03
agency/l = -0.14
agency/s = -0.07
agency/t = -0.02
alike:0 = -0.45 | alike:0 long = -0.14 | alike:0 short = -0.30 | alike:1 = -0.26
alike:1 long = -0.11 | alike:1 short = -0.15 | alike:2 = -0.12 | alike:2 long = -0.17
alike:2 short = 0.05 | alike:3 = -0.16 | alike:3 long = -0.31 | alike:3 short = 0.15
alike:4 long = -0.04 | alike:4 short = 0.03 | alike:5 = 0.37 | alike:5 long = 0.34
alike:5 short = 0.03 | alike:6 = 0.50 | alike:6 long = 0.49
author/s = -0.03
before run:0 long = -0.05 | before run:1 long = 0.03 | before run:1 short = -0.04
before run:2 long = 0.07 | before run:2 short = -0.04 | before run:3 long = -0.03
before run:4 long = -0.07 | before run:4 short = -0.17
before:0 long = 0.46 | before:0 short = 0.11 | before:1 short = 0.02 | before:3 long = -0.20
before:4 long = -0.19 | before:4 short = 0.05 | before:5 long = -0.03 | before:5 short = -0.37
beside picture long = -0.68
beside picture short = -0.13
blockquote linked:0 home:6 = -0.03 | blockquote linked:2 home:0 = 0.02
bold linked:0 home:5 = -0.06 | bold linked:0 home:6 = 0.04 | bold linked:2 home:6 = -0.24
bold long = -0.23
bold short = -0.07
byline = -0.05
capitals:0/l = 0.19 | capitals:0/s = 0.17 | capitals:0/t = 0.08 | capitals:1/l = 0.18
capitals:1/s = 0.10 | capitals:2/l = 0.03 | capitals:2/s = -0.04 | capitals:3/l = -0.09
capitals:3/s = -0.10 | capitals:3/t = -0.02 | capitals:4/l = -0.12 | capitals:5/l = -0.03
capitals:5/s = 0.03 | capitals:6/l = -0.11 | capitals:6/s = -0.14 | capitals:6/t = -0.06
capitals:none to see/s = -0.02 | capitals:none to see/t = -0.19
caption mark/l = -0.14
caption mark/s = -0.15
caption mark/t = -0.03
click first/l = -0.05
click first/s = -0.05
click/l = -0.10
click/s = -0.06
clock/s = -0.07
clock/t = -0.03
colon inside/l = -0.21
colon inside/s = -0.12
colon inside/t = -0.03
commas:0/l = -0.17 | commas:0/s = 0.12 | commas:0/t = -0.17 | commas:1/l = -0.05 | commas:1/s = -0.06
commas:2/l = 0.12 | commas:2/s = -0.02 | commas:3/l = 0.14 | commas:3/s = -0.03
comments first/t = -0.02
comments/l = -0.15
comments/t = -0.03
contact first/l = -0.02
contact/l = -0.09
contact/s = -0.04
dated/l = -0.06
dated/s = -0.08
dated/t = -0.06
digits/l = -0.02
digits/s = -0.05
end mark = -0.11
ends:colon/l = 0.04 | ends:colon/s = 0.03 | ends:colon/t = -0.04 | ends:comma/l = 0.04
ends:digit/s = 0.07 | ends:digit/t = 0.04 | ends:dots/l = -0.22 | ends:dots/s = -0.03
ends:letter/l = -0.30 | ends:letter/s = -0.11 | ends:letter/t = -0.18 | ends:other/l = 0.04
ends:other/t = -0.04 | ends:quote/l = 0.03 | ends:quote/t = 0.06 | ends:stop quoted/l = 0.14
ends:stop quoted/s = -0.04 | ends:stop/l = 0.30 | ends:stop/s = 0.06
first:digit/l = -0.04 | first:digit/s = 0.02 | first:digit/t = -0.06 | first:letter/s = -0.04
first:letter/t = -0.04 | first:lower/l = 0.04 | first:lower/s = 0.06 | first:mark/l = 0.03
first:mark/s = 0.04 | first:mark/t = 0.09 | first:quote/s = -0.04 | first:upper/l = 0.03
first:upper/s = -0.03 | first:upper/t = -0.20
function:0/l = -0.03 | function:0/t = -0.12 | function:1/l = 0.05 | function:2/l = -0.17
function:2/s = -0.03 | function:3/s = 0.03 | function:4/l = 0.12 | function:5/l = 0.07
function:5/s = 0.05 | function:6/t = -0.02 | function:wide/s = -0.06 | function:wide/t = -0.03
grandparent linked:0 short = 0.12 | grandparent linked:1 long = 0.23
grandparent linked:1 short = -0.03 | grandparent linked:2 long = 0.05
grandparent linked:2 short = 0.07 | grandparent linked:3 long = -0.11
grandparent linked:3 short = -0.05 | grandparent linked:4 long = -0.05
grandparent linked:4 short = -0.16 | grandparent linked:5 long = -0.09
grandparent linked:5 short = -0.12
grandparent:0 = -0.29 | grandparent:0 long = 0.04 | grandparent:0 short = -0.33
grandparent:1 = -0.34 | grandparent:1 long = -0.22 | grandparent:1 short = -0.12
grandparent:2 = -0.14 | grandparent:2 long = -0.08 | grandparent:2 short = -0.06
grandparent:3 = 0.10 | grandparent:3 short = 0.10 | grandparent:4 = 0.18 | grandparent:4 long = 0.25
grandparent:4 short = -0.07 | grandparent:5 = 0.18 | grandparent:5 short = 0.17 | grandparent:6 = 0.18
grandparent:6 long = 0.05 | grandparent:6 short = 0.13
heading linked:0 home:0 = -0.12 | heading linked:0 home:1 = -0.05 | heading linked:0 home:2 = 0.19
heading linked:0 home:4 = 0.07 | heading linked:0 home:5 = -0.03 | heading linked:0 home:6 = 0.14
heading linked:2 home:0 = -0.11 | heading linked:2 home:1 = -0.04 | heading linked:2 home:3 = 0.03
headline:0 long = -0.08 | headline:0 short = -0.18 | headline:1 long = -0.03
headline:1 short = -0.07 | headline:2 long = -0.06 | headline:2 short = -0.04
headline:3 long = -0.10 | headline:3 short = -0.16 | headline:4 long = 0.09 | headline:4 short = -0.05
headline:5 long = 0.06 | headline:5 short = -0.03 | headline:6 long = 0.13 | headline:7 long = 0.10
headline:7 short = 0.08 | headline:8 short = 0.19 | headline:9 long = -0.17 | headline:9 short = 0.11
i first/l = -0.07
i first/s = 0.06
in run long = 0.28
in run short = 0.16
in:advert = 0.06 | in:article = -0.05 | in:aside = -0.48 | in:author = -0.42 | in:blockquote = 0.13
in:body = 0.16 | in:box = -0.30 | in:consent = 0.23 | in:correction = -0.26 | in:details = 0.03
in:dl = -0.04 | in:figcaption = -0.18 | in:figure = -0.32 | in:footer = -0.56 | in:form = -0.16
in:h1 = -0.22 | in:h2 = 0.23 | in:h3 = 0.07 | in:h4 = 0.03 | in:h6 = -0.03 | in:header = -0.15
in:lead = 0.09 | in:li = -0.24 | in:live = 0.06 | in:main = 0.07 | in:meta = 0.30 | in:nav = -0.16
in:navigation = -0.37 | in:newsletter = -0.20 | in:ol = -0.20 | in:paragraph = 0.40 | in:pay = 0.18
in:picture = 0.15 | in:poll = -0.02 | in:quote = 0.07 | in:related = -0.25 | in:section = 0.39
in:service = 0.03 | in:social = -0.38 | in:story = -0.26 | in:table = 0.10 | in:talk = -0.48
in:td = 0.12 | in:teaser = -0.23 | in:title = -0.12 | in:ul = -0.05
is alt text = -0.24
is description = 0.31
is headline = -0.22
lead:5 linked = -0.04 | lead:5 unlinked = 0.04 | lead:6 unlinked = 0.03 | lead:7 linked = -0.03
lead:7 unlinked = 0.07 | lead:8 unlinked = 0.10 | lead:9 unlinked = 0.06
legal first/s = 0.02
legal/l = -0.17
li linked:0 home:0 = 0.04 | li linked:0 home:1 = 0.03 | li linked:0 home:2 = -0.03
li linked:0 home:5 = 0.23 | li linked:0 home:6 = 0.31 | li linked:2 home:0 = -0.19
li linked:2 home:6 = 0.05
linked:0 = 0.22 | linked:0 home:0 = -0.06 | linked:0 home:1 = -0.04 | linked:0 home:2 = -0.07
linked:0 home:3 = -0.09 | linked:0 home:4 = -0.07 | linked:0 home:5 = 0.33 | linked:0 home:6 = 0.22
linked:0 long = 0.15 | linked:0 short = 0.07 | linked:1 = 0.07 | linked:1 home:0 = 0.07
linked:1 home:3 = -0.04 | linked:1 home:5 = -0.03 | linked:1 home:6 = 0.12 | linked:1 long = 0.09
linked:2 = 0.08 | linked:2 home:0 = 0.05 | linked:2 home:3 = -0.03 | linked:2 home:5 = 0.02
linked:2 home:6 = 0.04 | linked:2 long = 0.12 | linked:2 short = -0.04 | linked:3 long = 0.05
linked:3 short = -0.06 | linked:4 = -0.18 | linked:4 home:0 = -0.05 | linked:4 home:4 = 0.05
linked:4 home:5 = -0.02 | linked:4 home:6 = -0.13 | linked:4 long = -0.12 | linked:4 short = -0.06
linked:5 = -0.32 | linked:5 home:0 = -0.33 | linked:5 home:1 = -0.07 | linked:5 home:2 = 0.05
linked:5 home:3 = 0.05 | linked:5 home:5 = -0.05 | linked:5 long = -0.25 | linked:5 short = -0.07
links:3 = -0.04 | links:4 = -0.04 | links:5 = 0.03
listed/s = 0.10
many groups/l = -0.19
membership first/l = -0.03
membership/l = -0.12
membership/s = -0.09
more first/l = -0.07
more first/s = -0.09
more first/t = -0.09
more/l = -0.17
more/s = -0.04
more/t = -0.08
name only = -0.04
navigation first/l = -0.04
navigation/t = -0.04
near:advert = 0.02 | near:author = -0.10 | near:body = 0.22 | near:box = -0.11 | near:consent = -0.22
near:lead = -0.09 | near:live = 0.08 | near:meta = -0.12 | near:navigation = -0.32
near:newsletter = -0.19 | near:pay = -0.24 | near:picture = -0.16 | near:quote = 0.03
near:related = -0.13 | near:service = 0.07 | near:social = 0.06 | near:story = 0.49
near:talk = -0.51 | near:teaser = -0.24 | near:title = -0.08
not stated long = -0.09
not stated short = -0.27
own:advert = 0.19 | own:author = -0.11 | own:box = -0.05 | own:consent = -0.10 | own:lead = 0.11
own:live = 0.06 | own:meta = -0.30 | own:navigation = -0.20 | own:newsletter = -0.09
own:paragraph = 0.10 | own:pay = 0.09 | own:picture = -0.25 | own:quote = -0.03 | own:related = -0.12
own:service = 0.05 | own:social = -0.07 | own:story = -0.20 | own:talk = -0.08 | own:teaser = -0.19
own:title = -0.23
parent linked:0 short = 0.08 | parent linked:1 long = 0.21 | parent linked:1 short = 0.16
parent linked:2 long = -0.02 | parent linked:2 short = 0.04 | parent linked:3 long = 0.03
parent linked:3 short = -0.08 | parent linked:4 long = -0.05 | parent linked:4 short = -0.24
parent linked:5 long = -0.11 | parent linked:5 short = -0.14
parent:0 = -0.40 | parent:0 long = -0.09 | parent:0 short = -0.31 | parent:1 = -0.46
parent:1 long = -0.29 | parent:1 short = -0.17 | parent:2 = -0.18 | parent:2 long = -0.23
parent:2 short = 0.05 | parent:3 = 0.02 | parent:3 long = -0.09 | parent:3 short = 0.11
parent:4 = 0.30 | parent:4 long = 0.10 | parent:4 short = 0.19 | parent:5 = 0.22
parent:5 long = 0.26 | parent:5 short = -0.04 | parent:6 = 0.37 | parent:6 long = 0.38
passed:0 long = 0.17 | passed:0 short = -0.32 | passed:1 long = 0.26 | passed:1 short = 0.07
passed:2 long = 0.17 | passed:2 short = 0.30 | passed:3 long = -0.14 | passed:3 short = 0.31
passed:4 long = -0.27 | passed:4 short = -0.14 | passed:5 long = -0.14 | passed:5 short = -0.40
photo first/l = -0.03
photo first/t = -0.02
photo/l = -0.20
photo/s = -0.05
photo/t = -0.03
pose first/l = -0.04
pose/l = -0.05
pose/t = -0.02
question/l = -0.05
question/s = -0.07
repeated = -0.25
says it is a caption = -0.45
sentences:1 = -0.05 | sentences:2 = -0.06 | sentences:4 = 0.17
separators/l = -0.02
separators/s = -0.04
separators/t = -0.03
share first/l = -0.03
share first/s = -0.03
share first/t = -0.05
share/s = -0.07
share/t = -0.06
size:1 = -0.14 | size:10 = 0.08 | size:11 = 0.14 | size:12 = 0.13 | size:3 = -0.05 | size:5 = 0.09
size:6 = -0.08 | size:7 = -0.22 | size:8 = -0.07 | size:9 = 0.02
speech/l = 0.22
stamp first/l = 0.03
stamp first/s = -0.06
stamp first/t = -0.03
stamp/l = 0.08
stamp/s = -0.08
stamp/t = -0.06
stated long = 0.25
stated short = 0.07
tag:aside = -0.05 | tag:div = -0.60 | tag:figcaption = -0.15 | tag:h1 = -0.22 | tag:h2 = 0.23
tag:h3 = 0.06 | tag:h4 = 0.03 | tag:h6 = -0.03 | tag:li = 0.46 | tag:other = 0.27
tag:section = -0.03
upper/l = -0.08
upper/s = -0.08
upper/t = -0.03
words:1 = -0.21 | words:3 = -0.06 | words:5 = 0.09 | words:6 = -0.02 | words:7 = -0.16
words:8 = -0.10 | words:9 = -0.04
you/t = -0.03
"""


def _read(table: str) -> dict[str, float]:
    """The table's entries, ``name = weight``, several in a row with bars between."""
    entries = (entry.rpartition(" = ") for row in table.split("\n") for entry in row.split(" | ") if entry)
    return {name: float(weight) for name, _, weight in entries}


WEIGHTS = _read(_TABLE)
