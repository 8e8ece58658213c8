# The labels of the web page. What it suggests stands one a line.
page-skip = Aller à la saisie
page-new-conversation = Nouvelle conversation
page-theme = Clair ou sombre
page-menu = Conversations et réglages
page-conversations = Conversations
page-language = Langue
page-close = Fermer
page-hello = Bienvenue
page-invitation = Écrivez comme vous parlez : en darija, en arabe, en arabizi, en français ou en anglais.
page-log = Conversation
page-down = Aller à la fin
page-your-message = Votre message
page-placeholder = Écrivez votre message…
page-send = Envoyer
page-stop = Arrêter la réponse
page-you = Vous
page-copy = Copier
page-copied = Copié
page-again = Refaire la réponse
page-code = Code
page-typing = écrit…
page-still-waiting = Toujours en attente…
page-waiting = Partira dès que la connexion revient
page-resend = Renvoyer
page-edit = Modifier
page-offline = Pas de connexion. Nouvel essai en cours, vos messages sont gardés…
page-not-now = Pas de connexion pour l'instant. Réessayez dans un moment.
page-away = Le service est arrêté. Vos messages partiront dès son retour…
page-crowded = Trop de conversations ouvertes depuis votre réseau. Nouvel essai dans un instant…
page-cookies = Cette page a besoin d'un cookie pour vous reconnaître : autorisez-le dans votre navigateur.
page-demo = modèle de démo
page-demo-note = Petit modèle de démonstration, il sait peu et se trompe : il répond pour une boutique imaginaire.
page-model-note = Les réponses viennent d'une intelligence artificielle et peuvent être fausses.
page-untitled = Nouvelle conversation
page-erase = Effacer
page-erase-sure = Effacer cette conversation ? Elle ne reviendra pas.
page-demo-suggestions =
    C'est combien le tajine ?
    Vos horaires ?
    Vous livrez à Agadir ?
    شكون نتا؟
page-suggestions =
    Écrivez-moi un message d'excuse pour un client
    Donnez-moi la liste des ingrédients de la harira
    Quelle différence entre commerçant et auto-entrepreneur ?
    Traduisez en darija : la commande arrive demain

# Said below a question that waits. $time: times.ftl.
web-busy = Un peu d'attente : environ { $time }
