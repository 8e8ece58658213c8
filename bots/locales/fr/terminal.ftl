# What `mersal chat` says of itself. $error, $why: the causes, in their own words.
terminal-greeting = Écrivez, puis Entrée. Ctrl-C arrête une réponse, /quit ou Ctrl-D pour quitter, /help pour le reste.
terminal-remembered = { $turns ->
    [one] Je me souviens d'un échange précédent ; /new l'oublie.
   *[other] Je me souviens de { $turns } échanges précédents ; /new les oublie.
}
terminal-leave = Ctrl-D pour quitter
terminal-away = Redis ne répond pas : `mersal up` tourne-t-il encore ? Réessayez.
terminal-failed = { $error }. `mersal doctor` cherche la cause ; réessayez ensuite.
terminal-away-no-stop = Redis ne répond pas, je ne peux pas arrêter la réponse.
terminal-failed-no-stop = Je ne peux pas arrêter la réponse : { $error }
terminal-waiting = J'attends encore. { $why }
terminal-no-answer = Pas de réponse depuis { $time }. { $why }
terminal-why-away = { $error }. `mersal up` tourne-t-il encore ?
terminal-why-failed = { $error }. `mersal doctor` cherche la cause.
terminal-why-line = Le modèle { $model } est bien en service ; `mersal doctor` cherche ce qui ne va pas.
terminal-why-nobody = Aucun processus ne fait tourner le modèle { $model }. Lancez-en un : `mersal worker --model { $model }`
terminal-others = Ou choisissez-en un autre : { $commands }
