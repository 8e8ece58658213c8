# The labels of the web page. What it suggests stands one a line.
page-skip = انتقل إلى الكتابة
page-new-conversation = محادثة جديدة
page-theme = فاتح أو داكن
page-menu = المحادثات والإعدادات
page-conversations = المحادثات
page-language = اللغة
page-close = إغلاق
page-hello = مرحبًا بك
page-invitation = اسألني عمّا تريد: بالدارجة، بالعربية، b{"\u00A0"}l3arabizi، بالفرنسية أو بالإنجليزية.
page-log = المحادثة
page-down = انتقل إلى الآخر
page-your-message = رسالتك
page-placeholder = اكتب رسالتك…
page-send = إرسال
page-stop = أوقف الجواب
page-you = أنت
page-copy = نسخ
page-copied = تم النسخ
page-again = أعد الجواب
page-code = شيفرة
page-typing = يكتب…
page-still-waiting = ما زلت أنتظر الدور…
page-waiting = سترسَل حين يعود الاتصال
page-resend = أعد الإرسال
page-edit = تعديل
page-offline = لا يوجد اتصال. أحاول من جديد، ورسائلك محفوظة…
page-not-now = لا يوجد اتصال الآن. حاول بعد قليل.
page-away = الخدمة متوقفة الآن. سأرسل رسائلك حين تعود…
page-crowded = محادثات كثيرة مفتوحة من شبكتك. سأحاول من جديد بعد قليل…
page-cookies = تحتاج هذه الصفحة إلى ملف تعريف ارتباط لتتعرف عليك: اسمح به في متصفحك.
page-demo = نموذج تجريبي
page-demo-note = نموذج تجريبي صغير، لا يعرف الكثير وقد يخطئ. يجيب عن متجر خيالي فقط.
page-model-note = الأجوبة يكتبها نموذج ذكاء اصطناعي، وقد يخطئ.
page-untitled = محادثة جديدة
page-erase = حذف
page-erase-sure = هل تحذف هذه المحادثة؟ لن تعود.
page-demo-suggestions =
    بكم الطاجين؟
    متى تفتحون؟
    هل يوجد توصيل؟
    شكون نتا؟
page-suggestions =
    اكتب لي رسالة اعتذار لطيفة إلى زبون
    أعطني لائحة مقادير الحريرة
    ما الفرق بين التاجر والمقاول الذاتي؟
    ترجم إلى الفرنسية: ستصل الطلبية غدًا

# Said below a question that waits. $time: times.ftl.
web-busy = هناك ازدحام قليل: نحو { $time }
