# Why the safeguards let no answer through, or ended it, by what they name (workers/safeguards/rules).
# The numbers are Morocco's: docs/safeguards.md says where they are from.
refused-self-harm = اللي كتحسو بيه صعيب بزاف، وحياتكم غالية. ما تبقاوش بوحدكم: هضرو دابا مع شي حد كتيقو فيه، وإلا كاين خطر عيطو للإسعاف 150 ولا للبوليس 19.
refused-violence = ما نقدرش نعاونك فشي حاجة كتضر بنادم. إلا كان شي حد فخطر، عيط للبوليس 19.
refused-weapons = ما نقدرش نعاونك فالسلاح ولا المتفجرات ولا السموم.
refused-sexual-minors = هادشي على الدراري الصغار ما كنجاوبش عليه نهائيا. إلا كان شي طفل فخطر، عيط للبوليس 19.
refused-sexual = ما كنكتبش الكلام ديال الجنس. إلا كان عندك سؤال على الصحة، سولني عليه.
refused-hate = ما كنكتبش كلام كيحقر الناس على قبل أصلهم ولا دينهم ولا جنسهم.
refused-drugs = ما نقدرش نعاونك فبيع المخدرات ولا شراها ولا صناعتها. إلا بغيتي تحبس منها، قول ليا ولا سول شي طبيب.
refused-crime = ما نقدرش نعاونك فشي حاجة كتضر الناس ولا ممنوعة فالقانون.
