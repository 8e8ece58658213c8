# The labels of the web page. What it suggests stands one a line.
page-skip = Sir nichan l lktaba
page-new-conversation = Conversation jdida
page-theme = Dow wla dlam
page-menu = Les conversations w les paramètres
page-conversations = Les conversations
page-language = Logha
page-close = Sedd
page-hello = Mer7ba bik
page-invitation = Sewwelni 3la li bghiti: b darija, l3arbiya, 3arabizi, français wla english.
page-log = L conversation
page-down = Sir l lekher
page-your-message = L message dyalek
page-placeholder = Kteb l message dyalek…
page-send = Sifet
page-stop = 7bes ljawab
page-you = Nta
page-copy = Copier
page-copied = Tcopia
page-again = 3awd ljawab
page-code = Code
page-typing = kaykteb…
page-still-waiting = Mazal kantsenna nouba…
page-waiting = Ghadi ytsifet melli trje3 la connexion
page-resend = 3awd sifet
page-edit = Beddel
page-offline = Ma kaynch la connexion. Kan3awd njerreb, w les messages dyalek m7foudin…
page-not-now = Ma kaynch la connexion daba. 3awd men hna chwiya.
page-away = L service wa9ef daba. Ghadi nsifet les messages dyalek melli yrje3…
page-crowded = Kaynin bzaf d les conversations me7loulin men réseau dyalek. Kan3awd njerreb men hna chwiya…
page-cookies = Had la page khassha les cookies bach t3e9el 3lik: sme7 bihom f navigateur dyalek.
page-demo = modèle d'essai
page-demo-note = Modèle sghir d'essai, ma kay3refch bzaf w y9der yghlet. Kayjaweb ghir 3la wa7ed l7anout khayali.
page-model-note = Ljawab kayktebo modèle d l'IA, w y9der yghlet.
page-untitled = Conversation jdida
page-erase = Mse7
page-erase-sure = Wach nmse7 had l conversation? Ma ghadich trje3.
page-demo-suggestions =
    Ch7al tajine?
    Fou9ach kat7ello?
    Wach kayn tawsil?
    Chkoun nta?
page-suggestions =
    Kteb lia chi message zwin n3tader bih l wa7ed lclient
    3tini les ingrédients dyal l7rira
    Chno lfer9 bin tajer w auto-entrepreneur?
    Terjem lia l français: la commande ghadi twsel ghedda

# Said below a question that waits. $time: times.ftl.
web-busy = Kayn chwiya d z7am: ta9riban { $time }
