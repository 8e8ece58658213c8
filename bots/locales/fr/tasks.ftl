# The menu: what each task and setting does.
menu-translate = Traduire un texte
menu-summarize = Résumer un texte ou les messages du groupe
menu-explain = Expliquer un texte
menu-sentiment = Dire quel sentiment exprime un texte
menu-arabizi = Écrire la darija en lettres latines
menu-3arabi = Écrire la darija en lettres arabes
menu-script = Choisir les lettres des réponses

# A task cannot begin.
task-no-text = Écrivez le texte après la commande, comme ceci : { $command } …
task-no-reply = Répondez à un message par { $command }, ou écrivez le texte après la commande.
task-no-messages = Je n'ai vu aucun message à résumer. Répondez à un message par { $command }, ou écrivez le texte après la commande.
task-which-language = Dans quelle langue faut-il traduire ?
task-others-can = Le modèle qui vous répond ne sait pas faire cela. Ceux-ci savent : { $models }
task-nobody-can = Désolé, aucun des modèles en service ne sait faire cela.

# The letters of answers.
script-which = En quelles lettres dois-je vous écrire la darija ?
script-mirror = Comme j'écris
script-arab = En lettres arabes
script-latn = En lettres latines (arabizi)
script-chosen = D'accord, je vous écrirai la darija ainsi.

# Whether tasks enter the conversation.
tasks-which = Quand je traduis ou résume pour vous, est-ce que cela entre dans notre conversation ou reste à part ?
tasks-apart = Reste à part
tasks-kept = Entre dans la conversation
tasks-chosen-apart = D'accord, cela restera à part de notre conversation.
tasks-chosen-kept = D'accord, cela entrera dans notre conversation.

settings-script = Lettres de la darija : { $script }
settings-tasks = Traductions et résumés : { $kept }
settings-target = Je traduis en : { $target }
settings-script-button = Lettres
settings-tasks-button = Traductions et résumés
