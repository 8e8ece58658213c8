# Above the result of a task, in the user's own messages.
slack-summary = The summary that you asked for:
slack-translation = The translation that you asked for:
slack-explanation = The explanation that you asked for:
slack-sentiment = The feeling of this text:

# On the bot's home.
slack-no-target = I translate into: the language that you choose each time
