"""Adapters: a platform's update becomes a user message; a reply becomes the platform's calls."""
