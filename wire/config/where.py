"""The ``where`` tables: which stories a feed or an endpoint takes. `wire.desk.routing` puts them to work."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from wire.config.values import Language, NameOrCode, Several, Table, Text, Topic, Urgencies, Urgency


class Where(Table):
    """A rule over a story's fields: every field given must hold; of an array, one value must.

    Without any field it takes every story. Names are compared without regard to case.
    """

    source: Annotated[tuple[Text, ...], Several] = ()  #: ids of sources
    provider: Annotated[tuple[Text, ...], Several] = ()
    subject: Annotated[tuple[Topic, ...], Several] = ()  #: with everything below a media topic
    genre: Annotated[tuple[NameOrCode, ...], Several] = ()
    language: Annotated[tuple[Language, ...], Several] = ()  #: ``en`` takes ``en-GB`` too
    place: Annotated[tuple[NameOrCode, ...], Several] = ()
    urgency: Annotated[tuple[Urgency, ...], Urgencies] = ()  #: ``"1-3"`` is 1, 2 and 3
    keyword: Annotated[tuple[Text, ...], Several] = ()
    slugline: Annotated[tuple[Text, ...], Several] = ()  #: what it begins with
    text: Annotated[tuple[Text, ...], Several] = ()  #: stands in headline, standfirst or body
    picture: bool | None = None  #: has one, has none
    min_words: Annotated[int, Field(ge=0)] | None = None
    max_words: Annotated[int, Field(ge=0)] | None = None
    all: Annotated[tuple[Where, ...], Several] = ()
    any: Annotated[tuple[Where, ...], Several] = ()
    not_: Annotated[Where | None, Field(alias="not")] = None

    @property
    def within(self) -> tuple[Where, ...]:
        """The rules that stand within it."""
        return (*self.all, *self.any, *((self.not_,) if self.not_ else ()))

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if self.min_words is not None and self.max_words is not None and self.min_words > self.max_words:
            raise ValueError("min_words is above max_words: no story can meet both")
        return self
