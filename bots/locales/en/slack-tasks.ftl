# Above the result of a task, in the user's own messages; the first words of the text follow.
slack-summary = You asked for a summary of this:
slack-translation = You asked for a translation of this text:
slack-explanation = You asked for an explanation of this text:
slack-sentiment = You asked for the feeling of this text:

# On the bot's home.
slack-no-target = I translate into: the language that you choose each time
