# Above the result of a task, in the user's own messages; the first words of the text follow.
slack-summary = طلبت تلخيص ما يلي:
slack-translation = طلبت ترجمة هذا النص:
slack-explanation = طلبت شرح هذا النص:
slack-sentiment = طلبت معرفة المشاعر في هذا النص:

# On the bot's home.
slack-no-target = أترجم إلى: اللغة التي تختارها كل مرة
