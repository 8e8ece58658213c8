# Above the result of a task, in the user's own messages; the first words of the text follow.
slack-summary = طلبتي تلخيص هادشي:
slack-translation = طلبتي ترجمة هاد النص:
slack-explanation = طلبتي شرح هاد النص:
slack-sentiment = طلبتي الإحساس اللي فهاد النص:

# On the bot's home.
slack-no-target = كنترجم ل: اللغة اللي كتختار كل مرة
