"""Normalising: a `Draft` becomes the one `Story`, clean and complete.

A step (`wire.ports.Step`) is a pure function from draft to draft that does one thing, in a file of its
own. What the document states stays; what a step guesses is marked, on the value or in a warning. The
steps run in the order of `normaliser.STANDARD_STEPS`: every text clean first, then the body, times,
language, provider, what can be read out of the words, and last a headline where there is none.
`StoryNormaliser` joins them and freezes the result.
"""
