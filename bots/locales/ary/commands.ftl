# What the bot says about its commands, and to people whom it meets.
welcome = مرحبا بيك! أنا مرسال. كتب ليا شنو بغيتي وغادي نجاوبك.
help = كتب ليا بالدارجة ولا بالعربية ولا بالفرنسية ولا بالإنجليزية. وهادو الأوامر:
unknown-command = هاد الأمر ما كنعرفوش.
new = صافي، بدينا محادثة جديدة. شنو بغيتي؟
nothing-to-stop = ما كاين حتى جواب باش نحبسو.
choose-model = ختار النموذج اللي يجاوبك (دابا: { $model }):
model-is = صافي، من دابا غادي يجاوبك { $model }.
no-such-model = هاد النموذج ما كاينش دابا. هادو اللي كاينين:
choose-language = باشمن لغة بغيتيني نهضر معاك؟
language-is = واخا، من دابا غادي نهضر معاك هكا.
follow-me = بحال ما كنكتب
settings =
    الإعدادات ديالك
    النموذج: { $model }
    اللغة: { $tongue }
nothing-to-export = مازال ما هضرنا على والو.
export = هادي المحادثة ديالنا كاملة.
forgotten = صافي، مسحت كلشي: المحادثة، الإعدادات والآراء ديالك.
not-admitted = سمح ليا، هاد البوت ماشي مفتوح للعموم.
admins-only = هاد الأمر ديال المسؤولين بوحدهم.
text-only = دابا كنعرف نقرا غير الكتابة. كتب ليا شنو بغيتي، عافاك.
thanks = شكرا، سجلت الرأي ديالك.
in-line = كاين الزحام: { $number ->
    [one] قدامك واحد
    [two] قدامك جوج
   *[other] قدامك { $number }
}، تسنى تقريبا { $wait }.
regenerate = عاود الجواب
only-last = كنقدر نعاود غير آخر جواب.
in-group = فالمجموعة عيط ليا ب { $bot } ولا جاوب على شي ميساج ديالي.
languages = اللغة

# The menu: what each command does.
menu-start = بدا من هنا
menu-help = عاوني
menu-new = محادثة جديدة
menu-stop = حبس الجواب
menu-regenerate = عاود الجواب
menu-model = بدل النموذج
menu-language = بدل اللغة
menu-settings = الإعدادات
menu-export = نزل المحادثة ديالي
menu-forget = مسح كلشي عليا
