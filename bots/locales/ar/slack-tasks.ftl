# Above the result of a task, in the user's own messages.
slack-summary = الملخص الذي طلبته:
slack-translation = الترجمة التي طلبتها:
slack-explanation = الشرح الذي طلبته:
slack-sentiment = المشاعر في هذا النص:

# On the bot's home.
slack-no-target = أترجم إلى: اللغة التي تختارها كل مرة
