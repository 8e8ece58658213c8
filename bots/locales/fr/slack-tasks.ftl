# Above the result of a task, in the user's own messages; the first words of the text follow.
slack-summary = Vous avez demandé le résumé de ceci :
slack-translation = Vous avez demandé la traduction de ce texte :
slack-explanation = Vous avez demandé l'explication de ce texte :
slack-sentiment = Vous avez demandé le sentiment de ce texte :

# On the bot's home.
slack-no-target = Je traduis en : la langue que vous choisissez à chaque fois
