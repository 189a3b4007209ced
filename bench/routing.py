"""One story against a thousand feeds and a thousand endpoints, each with a rule of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from bench.formats import story
from wire.config import Where
from wire.desk.routing import Router
from wire.iptc import media_topics
from wire.story import Concept, Picture, Story

RULES = 1000
_STORIES = 50
_PLACES = ("Lisbon", "Nairobi", "Oslo", "Quito", "Jakarta", "Dublin", "Ottawa", "Hanoi")
_KEYWORDS = ("flood", "budget", "vote", "strike", "ferry", "harvest", "tunnel", "vaccine", "copper", "chess")
_LANGUAGES = ("en", "de", "fr", "es", "pt-BR", "ar")


def reached_ms(rounds: int) -> float:
    """Milliseconds of processor time a story, over varied stories; the best of several rounds."""
    random = Random(1)
    feeds, endpoints = ({f"{kind}{n}": _rule(random) for n in range(RULES)} for kind in ("f", "e"))
    router = Router(feeds, endpoints)
    stories = [_varied(story(number), random) for number in range(_STORIES)]
    return min(_round(stories, router) for _ in range(rounds))


def _round(stories: Sequence[Story], router: Router) -> float:
    begun = time.process_time()
    for each in stories:
        router.feeds(each)
        router.endpoints(each)
    return (time.process_time() - begun) / len(stories) * 1000


def _varied(made: Story, random: Random) -> Story:
    return replace(
        made,
        keywords=tuple(random.sample(_KEYWORDS, 3)),
        subjects=tuple(Concept(qcode=code) for code in random.sample(_topics(), 4)),
        places=(Concept(name=random.choice(_PLACES)),),
        urgency=random.randint(1, 8),
        language=random.choice(_LANGUAGES),
        pictures=(Picture(href="https://x.example/1.jpg"),) * random.randint(0, 1),
    )


def _topics() -> list[str]:
    codes = (f"medtop:{number}" for number in range(20000000, 20001400, 5))
    return [code for code in codes if media_topics.is_known(code)]


def _rule(random: Random) -> Where:
    """A rule such as desks write: on one to three fields, some of them nested, some on words alone."""
    fields: dict[str, Any] = dict(random.sample(list(_fields(random).items()), random.randint(1, 3)))
    kind = random.random()
    if kind < 0.1:
        fields["not"] = dict([random.choice(list(_fields(random).items()))])
    elif kind < 0.2:
        fields["any"] = [dict([one]) for one in random.sample(list(_fields(random).items()), 2)]
    return Where.model_validate(fields)


def _fields(random: Random) -> dict[str, Any]:
    return {
        "subject": random.sample(_topics(), random.randint(1, 3)),
        "keyword": random.sample(_KEYWORDS, 2),
        "place": [random.choice(_PLACES)],
        "language": [random.choice(_LANGUAGES)],
        "urgency": f"{random.randint(1, 3)}-{random.randint(3, 6)}",
        "slugline": [
            random.choice(("HARBOUR-", "BUDGET-", "STORM-", "RAIL-", "WAGE-")) + random.choice("PTWV")
        ],
        "source": [f"agency{random.randint(1, 9)}"],
        "text": [
            random.choice(("water level", "central bank", "no one had been hurt", "earthquake", "oman"))
        ],
        "picture": random.random() < 0.5,
        "min_words": random.choice((100, 300, 600)),
    }
