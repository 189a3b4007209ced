"""Pure things that several stages need: texts, views, figures."""
