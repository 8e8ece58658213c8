# What the web page says about tasks.
web-translate-to = { $target ->
    [ary] ترجم إلى الدارجة
    [ar] ترجم إلى العربية الفصحى
    [fr] ترجم إلى الفرنسية
   *[en] ترجم إلى الإنجليزية
}
web-translation = { $target ->
    [ary] ترجمة إلى الدارجة
    [ar] ترجمة إلى العربية الفصحى
    [fr] ترجمة إلى الفرنسية
   *[en] ترجمة إلى الإنجليزية
}
web-translate = ترجم
web-summarize = لخّص
web-explain = اشرح
web-sentiment = ما الشعور فيه
web-arabizi = بالحروف اللاتينية
web-3arabi = بالحروف العربية

page-more = ماذا أفعل بهذه الرسالة
page-commands = الأوامر
page-aside = خارج المحادثة
