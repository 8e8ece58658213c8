# Slack's own surfaces.
slack-good = Bonne réponse
slack-bad = Mauvaise réponse
slack-thinking = J'écris la réponse…
slack-prompts = Essayez par exemple :
slack-about = Je suis Mersal. Je réponds en darija, en arabe, en français et en anglais.
slack-how = Écrivez-moi ici, ou mentionnez-moi dans un canal. Commandes : /mersal help
slack-model = Modèle : { $model }
slack-at-work = Il est en service.
slack-not-at-work = Il n'est pas en service. Ce que vous écrivez est gardé ; je répondrai à son retour.
slack-usage = Messages que vous m'avez envoyés : { $count }
slack-tongue = Langue : { $tongue }
slack-not-in-channel = Je ne peux pas lire ce canal. Invitez-moi d'abord : /invite
slack-see-direct = La réponse arrive dans nos messages directs.

# What the assistant's page suggests: a title, and the message that it sends.
slack-prompt-can = Que savez-vous faire ?
slack-prompt-can-message = Bonjour, en quoi pouvez-vous m'aider ?
slack-prompt-write = Rédiger un message
slack-prompt-write-message = Aidez-moi à écrire un message court et poli à mon équipe.
slack-prompt-explain = Expliquer un sujet
slack-prompt-explain-message = Expliquez-moi simplement ce qu'est l'intelligence artificielle.
