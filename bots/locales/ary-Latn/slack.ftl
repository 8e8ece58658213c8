# Slack's own surfaces.
slack-good = Jawab mezyan
slack-bad = Jawab machi mezyan
slack-thinking = Kankteb ljawab…
slack-prompts = Jerreb chi 7aja men hado:
slack-about = Ana Mersal. Kanjaweb b darija, l3arbiya, français w english.
slack-how = Kteb lia hna, wla 3eyyet lia f chi channel. Les commandes: /mersal help
slack-model = Modèle: { $model }
slack-at-work = Khddam daba.
slack-not-at-work = Ma khddamch daba. Li ktebti kayt7fed, w kanjawbek 3lih melli yrje3.
slack-usage = Les messages li sifetti lia: { $count }
slack-tongue = Logha: { $tongue }
slack-not-in-channel = Ma 3endich l7e9 n9ra had l channel. Dekhelni liha hiya lewla: /invite
slack-see-direct = Ghadi tl9a ljawab f les messages dyalna b jouj.

# What the assistant's page suggests: a title, and the message that it sends.
slack-prompt-can = Chno te9der dir?
slack-prompt-can-message = Salam, chno te9der t3aweni fih?
slack-prompt-write = Kteb lia message
slack-prompt-write-message = 3aweni nkteb message 9sir w m2eddeb l l'équipe dyali.
slack-prompt-explain = Chre7 lia chi 7aja
slack-prompt-explain-message = Chre7 lia b tari9a sahla chno hiya l'intelligence artificielle.
