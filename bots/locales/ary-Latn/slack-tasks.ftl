# Above the result of a task, in the user's own messages.
slack-summary = Talkhis li tlebti:
slack-translation = Tarjama li tlebti:
slack-explanation = Chre7 li tlebti:
slack-sentiment = L i7sas li f had texte:

# On the bot's home.
slack-no-target = Kanterjem l: logha li katkhtar kol merra
