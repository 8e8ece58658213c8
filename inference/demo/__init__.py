"""The demo model: a few million parameters, trained from the text in `data/`; it knows little."""
