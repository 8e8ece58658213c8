"""Text in Arabic and Latin letters: pure functions, which bots and workers share. A leaf."""
