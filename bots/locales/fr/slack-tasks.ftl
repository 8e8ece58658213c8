# Above the result of a task, in the user's own messages.
slack-summary = Le résumé que vous avez demandé :
slack-translation = La traduction que vous avez demandée :
slack-explanation = L'explication que vous avez demandée :
slack-sentiment = Le sentiment de ce texte :

# On the bot's home.
slack-no-target = Je traduis en : la langue que vous choisissez à chaque fois
