# What the web page says about tasks.
web-translate-to = { $target ->
    [ary] ترجم للدارجة
    [ar] ترجم للعربية الفصحى
    [fr] ترجم للفرنسية
   *[en] ترجم للإنجليزية
}
web-translation = { $target ->
    [ary] ترجمة للدارجة
    [ar] ترجمة للعربية الفصحى
    [fr] ترجمة للفرنسية
   *[en] ترجمة للإنجليزية
}
web-translate = ترجم
web-summarize = لخص
web-explain = شرح
web-sentiment = شنو الإحساس فيه
web-arabizi = بالحروف اللاتينية
web-3arabi = بالحروف العربية

page-more = شنو ندير بهاد الميساج
page-commands = الأوامر
page-aside = برا المحادثة
