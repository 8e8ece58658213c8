"""Prompt, engine, text pieces. The only room that imports torch; it knows neither Redis nor channels."""
