# What the web page says about tasks.
web-translate-to = { $target ->
    [ary] Traduire en darija
    [ar] Traduire en arabe
    [fr] Traduire en français
   *[en] Traduire en anglais
}
web-translation = { $target ->
    [ary] Traduction en darija
    [ar] Traduction en arabe
    [fr] Traduction en français
   *[en] Traduction en anglais
}
web-translate = Traduire
web-summarize = Résumer
web-explain = Expliquer
web-sentiment = Quel sentiment
web-arabizi = En lettres latines
web-3arabi = En lettres arabes

page-more = Que faire de ce message
page-commands = Commandes
page-aside = En dehors de la conversation
