# The menu: what each task and setting does.
menu-translate = ترجم نص للغة أخرى
menu-summarize = لخص نص ولا ميساجات المجموعة
menu-explain = شرح ليا نص
menu-sentiment = شنو الإحساس اللي فالنص
menu-arabizi = كتب الدارجة بالحروف اللاتينية
menu-3arabi = كتب الدارجة بالحروف العربية
menu-script = ختار الحروف ديال الجواب

# A task cannot begin.
task-no-text = كتب النص مورا الأمر، بحال هكا: { $command } …
task-no-reply = جاوب على شي ميساج ب { $command }، ولا كتب النص مورا الأمر.
task-no-messages = ما بانو ليا حتى ميساجات باش نلخصهم. جاوب على شي ميساج ب { $command }، ولا كتب النص مورا الأمر.
task-which-language = لاشمن لغة بغيتي نترجم؟
task-others-can = النموذج اللي خدام معاك ما كيعرفش يدير هادشي. هادو كيعرفو: { $models }
task-nobody-can = سمح ليا، حتى نموذج من اللي خدامين دابا ما كيعرف يدير هادشي.

# The letters of answers.
script-which = باشمن حروف نجاوبك بالدارجة؟
script-mirror = بحال ما كنكتب
script-arab = بالحروف العربية
script-latn = بالحروف اللاتينية (3arabizi)
script-chosen = واخا، من دابا هكا غادي نكتب ليك الدارجة.

# Whether tasks enter the conversation.
tasks-which = ملي نترجم ولا نلخص ليك شي حاجة، واش تدخل فالمحادثة ديالنا ولا تبقى بوحدها؟
tasks-apart = تبقى بوحدها
tasks-kept = تدخل فالمحادثة
tasks-chosen-apart = واخا، هادشي غادي يبقى بوحدو وما غاديش نرجع ليه فالمحادثة.
tasks-chosen-kept = واخا، هادشي غادي يدخل فالمحادثة ديالنا.

settings-script = حروف الدارجة: { $script }
settings-tasks = الترجمة والتلخيص: { $kept }
settings-target = كنترجم ل: { $target }
settings-script-button = الحروف
settings-tasks-button = الترجمة والتلخيص
