# The labels of the web page. What it suggests stands one a line.
page-skip = سير نيشان للكتابة
page-new-conversation = محادثة جديدة
page-theme = ضو ولا ظلام
page-menu = المحادثات والإعدادات
page-conversations = المحادثات
page-language = اللغة
page-close = سد
page-hello = مرحبا بيك
page-invitation = سولني على اللي بغيتي: بالدارجة، بالعربية، b{"\u00A0"}l3arabizi، بالفرنسية ولا بالإنجليزية.
page-log = المحادثة
page-down = سير للخر
page-your-message = الميساج ديالك
page-placeholder = كتب الميساج ديالك…
page-send = صيفط
page-stop = حبس الجواب
page-you = نتا
page-copy = نسخ
page-copied = تنسخ
page-again = عاود الجواب
page-code = كود
page-typing = كيكتب…
page-still-waiting = مازال كنتسنى النوبة…
page-waiting = غادي يتصيفط ملي يرجع الاتصال
page-resend = عاود صيفط
page-edit = بدل
page-offline = ما كاينش الاتصال. كنعاود نجرب، والميساجات ديالك محفوظة…
page-not-now = ما كاينش الاتصال دابا. عاود من هنا شوية.
page-away = الخدمة واقفة دابا. غادي نصيفط الميساجات ديالك ملي ترجع…
page-crowded = كاينين بزاف ديال المحادثات محلولين من الشبكة ديالك. كنعاود نجرب من هنا شوية…
page-cookies = هاد الصفحة خاصها الكوكيز باش تعقل عليك: سمح بيها فالمتصفح ديالك.
page-demo = نموذج تجريبي
page-demo-note = نموذج تجريبي صغير، ما كيعرفش بزاف ويقدر يغلط. كيجاوب غير على واحد الحانوت خيالي.
page-model-note = الجواب كيكتبو نموذج ديال الذكاء الاصطناعي، ويقدر يغلط.
page-untitled = محادثة جديدة
page-erase = مسح
page-erase-sure = واش نمسح هاد المحادثة؟ ما غاديش ترجع.
page-demo-suggestions =
    شحال الطاجين؟
    فوقاش كتحلو؟
    واش كاين التوصيل؟
    شكون نتا؟
page-suggestions =
    كتب ليا ميساج زوين نعتاذر بيه لواحد الكليان
    عطيني لائحة ديال المقادير ديال الحريرة
    شنو الفرق بين التاجر والمقاول الذاتي؟
    ترجم ليا للفرنسية: الطلبية غادي توصل غدا

# Said below a question that waits. $time: times.ftl.
web-busy = كاين شوية ديال الزحام: تقريبا { $time }
