# Why the safeguards let no answer through, or ended it, by what they name (workers/safeguards/rules).
# The numbers are Morocco's: docs/safeguards.md says where they are from.
refused-self-harm = ما تشعرون به قاسٍ، وحياتكم غالية. لا تبقوا وحدكم: تحدثوا الآن مع شخص تثقون به، وإن كان هناك خطر فاتصلوا في المغرب بالإسعاف 150 أو بالشرطة 19.
refused-violence = لا يمكنني المساعدة في ما يؤذي الناس. إن كان أحد في خطر فاتصل بالشرطة، وهي في المغرب 19.
refused-weapons = لا يمكنني المساعدة في ما يخص الأسلحة والمتفجرات والسموم.
refused-sexual-minors = لا أجيب إطلاقًا عما يمس الأطفال بهذا الشكل. إن كان طفل في خطر فاتصل بالشرطة، وهي في المغرب 19.
refused-sexual = لا أكتب كلامًا جنسيًا. إن كان لديك سؤال يخص الصحة فاسألني عنه.
refused-hate = لا أكتب ما يحط من الناس بسبب أصلهم أو دينهم أو جنسهم.
refused-drugs = لا يمكنني المساعدة في بيع المخدرات أو شرائها أو صنعها. إن أردت الإقلاع عنها فأخبرني أو اسأل طبيبًا.
refused-crime = لا يمكنني المساعدة في ما يضر الناس أو يمنعه القانون.
