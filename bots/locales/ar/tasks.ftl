# The menu: what each task and setting does.
menu-translate = ترجمة نص إلى لغة أخرى
menu-summarize = تلخيص نص أو رسائل المجموعة
menu-explain = شرح نص
menu-sentiment = معرفة الشعور في نص
menu-arabizi = كتابة الدارجة بحروف لاتينية
menu-3arabi = كتابة الدارجة بحروف عربية
menu-script = اختيار حروف الأجوبة

# A task cannot begin.
task-no-text = اكتب النص بعد الأمر، هكذا: { $command } …
task-no-reply = رُدّ على رسالة بالأمر { $command }، أو اكتب النص بعد الأمر.
task-no-messages = لم أر رسائل لأُلخّصها. رُدّ على رسالة بالأمر { $command }، أو اكتب النص بعد الأمر.
task-which-language = إلى أي لغة تريد الترجمة؟
task-others-can = النموذج الذي يجيبك لا يُحسن هذه المهمة. وهذه تُحسنها: { $models }
task-nobody-can = عذرًا، لا يُحسن هذه المهمة أيٌّ من النماذج العاملة الآن.

# The letters of answers.
script-which = بأي حروف تريد أن أكتب لك الدارجة؟
script-mirror = كما أكتب
script-arab = بحروف عربية
script-latn = بحروف لاتينية (عربيزي)
script-chosen = حسنًا، سأكتب لك الدارجة هكذا من الآن.

# Whether tasks enter the conversation.
tasks-which = حين أترجم لك أو ألخّص، هل يدخل ذلك في محادثتنا أم يبقى منفصلًا عنها؟
tasks-apart = يبقى منفصلًا
tasks-kept = يدخل في المحادثة
tasks-chosen-apart = حسنًا، سيبقى ذلك منفصلًا عن محادثتنا.
tasks-chosen-kept = حسنًا، سيدخل ذلك في محادثتنا.

settings-script = حروف الدارجة: { $script }
settings-tasks = الترجمة والتلخيص: { $kept }
settings-target = أترجم إلى: { $target }
settings-script-button = الحروف
settings-tasks-button = الترجمة والتلخيص
