# Slack's own surfaces.
slack-good = جواب جيد
slack-bad = جواب غير جيد
slack-thinking = أكتب الجواب…
slack-prompts = جرّب أحد هذه:
slack-about = أنا مرسال. أجيب بالدارجة والعربية والفرنسية والإنجليزية.
slack-how = اكتب لي هنا أو اذكرني في قناة. الأوامر: /mersal help
slack-model = النموذج: { $model }
slack-at-work = يعمل الآن.
slack-not-at-work = لا يعمل الآن. ما تكتبه محفوظ، وسأجيبك عنه حين يعود.
slack-usage = الرسائل التي أرسلتها إليّ: { $count }
slack-tongue = اللغة: { $tongue }
slack-not-in-channel = لا يمكنني قراءة هذه القناة. ادعني إليها أولًا: /invite
slack-see-direct = ستجد الجواب في رسائلنا المباشرة.

# What the assistant's page suggests: a title, and the message that it sends.
slack-prompt-can = ماذا يمكنك أن تفعل؟
slack-prompt-can-message = مرحبًا، بماذا يمكنك أن تساعدني؟
slack-prompt-write = اكتب لي رسالة
slack-prompt-write-message = ساعدني في كتابة رسالة قصيرة ومهذبة إلى فريقي.
slack-prompt-explain = اشرح لي أمرًا
slack-prompt-explain-message = اشرح لي ببساطة ما هو الذكاء الاصطناعي.
