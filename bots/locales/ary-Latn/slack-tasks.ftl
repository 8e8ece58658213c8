# Above the result of a task, in the user's own messages; the first words of the text follow.
slack-summary = Tlebti talkhis dyal hadchi:
slack-translation = Tlebti tarjama dyal had texte:
slack-explanation = Tlebti chre7 dyal had texte:
slack-sentiment = Tlebti l i7sas li f had texte:

# On the bot's home.
slack-no-target = Kanterjem l: logha li katkhtar kol merra
