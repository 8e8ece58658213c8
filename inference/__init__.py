"""Prompt, engine, text pieces. The only room that imports torch.

It knows neither Redis nor channels.
"""
