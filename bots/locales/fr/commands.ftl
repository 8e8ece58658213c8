# What the bot says about its commands, and to people whom it meets.
welcome = Bienvenue ! Je suis Mersal. Écrivez-moi ce que vous voulez, je vous réponds.
help = Écrivez-moi en darija, en arabe, en français ou en anglais. Les commandes :
unknown-command = Je ne connais pas cette commande.
new = D'accord, on repart de zéro. Que voulez-vous ?
nothing-to-stop = Il n'y a pas de réponse à arrêter.
choose-model = Choisissez le modèle qui vous répond (actuel : { $model }) :
model-is = C'est noté : { $model } vous répond désormais.
no-such-model = Ce modèle n'est pas disponible. Voici ceux qui le sont :
choose-language = Dans quelle langue voulez-vous que je vous parle ?
language-is = D'accord, je vous parlerai ainsi.
follow-me = Comme j'écris
settings =
    Vos réglages
    Modèle : { $model }
    Langue : { $tongue }
nothing-to-export = Nous n'avons encore parlé de rien.
export = Voici toute notre conversation.
forgotten = C'est fait, j'ai tout effacé : la conversation, vos réglages et vos avis.
not-admitted = Désolé, ce bot n'est pas ouvert à tous.
admins-only = Cette commande est réservée aux administrateurs.
text-only = Je ne sais lire que du texte pour l'instant. Écrivez-moi, s'il vous plaît.
thanks = Merci, c'est noté.
in-line = Il y a du monde : { $number ->
    [one] une personne avant vous
   *[other] { $number } personnes avant vous
}, environ { $wait } d'attente.
regenerate = Refaire
only-last = Je ne peux refaire que ma dernière réponse.
in-group = Dans un groupe, mentionnez { $bot } ou répondez à l'un de mes messages.
languages = Langue

# The menu: what each command does.
menu-start = Commencer
menu-help = Aide
menu-new = Nouvelle conversation
menu-stop = Arrêter la réponse
menu-regenerate = Refaire la réponse
menu-model = Changer de modèle
menu-language = Changer de langue
menu-settings = Réglages
menu-export = Télécharger ma conversation
menu-forget = Tout effacer sur moi
