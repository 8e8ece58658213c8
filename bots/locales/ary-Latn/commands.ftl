# What the bot says about its commands, and to people whom it meets.
welcome = Mer7ba bik! Ana Mersal. Kteb lia chno bghiti w ghadi njawbek.
help = Kteb lia b darija, l3arbiya, français wla english. W hado les commandes:
unknown-command = Had la commande ma kan3refhach.
new = Safi, bdina conversation jdida. Chno bghiti?
nothing-to-stop = Ma kayn 7ta jawab bach n7besso.
choose-model = Khtar l modèle li yjawbek (daba: { $model }):
model-is = Safi, men daba ghadi yjawbek { $model }.
no-such-model = Had l modèle ma kaynch daba. Hado li kaynin:
choose-language = B ach men logha bghitini nhder m3ak?
language-is = Wakha, men daba ghadi nhder m3ak hakka.
follow-me = B7al ma kanekteb
settings =
    Les paramètres dyalek
    Modèle: { $model }
    Logha: { $tongue }
nothing-to-export = Mazal ma hderna 3la walo.
export = Hadi l conversation dyalna kamla.
forgotten = Safi, mse7t kolchi: l conversation, les paramètres w les avis dyalek.
not-admitted = Sme7 lia, had l bot machi meftou7 l l3omom.
admins-only = Had la commande dyal les admins bo7dhom.
text-only = Daba kan3ref n9ra ghir lktaba. Kteb lia chno bghiti, 3afak.
thanks = Chokran, sejjelt ra2y dyalek.
in-line = Kayn z7am: { $number ->
    [one] 9eddamek wa7ed
    [two] 9eddamek jouj
   *[other] 9eddamek { $number }
}, tsenna ta9riban { $wait }.
regenerate = 3awd ljawab
only-last = Kan9der n3awd ghir akhir jawab.
in-group = F l groupe 3eyyet lia b { $bot } wla jaweb 3la chi message dyali.
languages = Logha

# The menu: what each command does.
menu-start = Bda men hna
menu-help = 3aweni
menu-new = Conversation jdida
menu-stop = 7bes ljawab
menu-regenerate = 3awd ljawab
menu-model = Beddel l modèle
menu-language = Beddel logha
menu-settings = Les paramètres
menu-export = Nezzel l conversation dyali
menu-forget = Mse7 kolchi 3lia
