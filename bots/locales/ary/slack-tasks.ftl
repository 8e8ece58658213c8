# Above the result of a task, in the user's own messages.
slack-summary = التلخيص اللي طلبتي:
slack-translation = الترجمة اللي طلبتي:
slack-explanation = الشرح اللي طلبتي:
slack-sentiment = الإحساس اللي فهاد النص:

# On the bot's home.
slack-no-target = كنترجم ل: اللغة اللي كتختار كل مرة
