# What the bot says about its commands, and to people whom it meets.
welcome = مرحبًا بك! أنا مرسال. اكتب لي ما تريد وسأجيبك.
help = اكتب لي بالدارجة أو العربية أو الفرنسية أو الإنجليزية. وهذه الأوامر:
unknown-command = لا أعرف هذا الأمر.
new = حسنًا، بدأنا محادثة جديدة. ماذا تريد؟
nothing-to-stop = لا يوجد جواب لأوقفه.
choose-model = اختر النموذج الذي يجيبك (الحالي: { $model }):
model-is = حسنًا، سيجيبك { $model } من الآن.
no-such-model = هذا النموذج غير متاح الآن. المتاح:
choose-language = بأي لغة تريد أن أخاطبك؟
language-is = حسنًا، سأخاطبك هكذا من الآن.
follow-me = كما أكتب
settings =
    إعداداتك
    النموذج: { $model }
    اللغة: { $tongue }
nothing-to-export = لم نتحدث بعد عن شيء.
export = هذه محادثتنا كاملة.
forgotten = حسنًا، محوت كل شيء: المحادثة وإعداداتك وآراءك.
not-admitted = عذرًا، هذا البوت غير متاح للعموم.
admins-only = هذا الأمر للمسؤولين فقط.
text-only = أقرأ النصوص فقط حاليًا. اكتب لي ما تريد من فضلك.
thanks = شكرًا، سجّلت رأيك.
in-line = هناك ازدحام: { $number ->
    [one] أمامك شخص واحد
    [two] أمامك اثنان
   *[other] أمامك { $number }
}، والانتظار نحو { $wait }.
regenerate = أعد الجواب
only-last = يمكنني إعادة الجواب الأخير فقط.
in-group = في المجموعة نادني باسم { $bot } أو رُدّ على إحدى رسائلي.
languages = اللغة

# The menu: what each command does.
menu-start = البداية
menu-help = المساعدة
menu-new = محادثة جديدة
menu-stop = أوقف الجواب
menu-regenerate = أعد الجواب
menu-model = غيّر النموذج
menu-language = غيّر اللغة
menu-settings = الإعدادات
menu-export = تنزيل محادثتي
menu-forget = امحُ كل ما يخصني
