"""Another server as the engine: whatever speaks OpenAI's API. Needs neither torch nor weights."""
