# Slack's own surfaces.
slack-good = جواب مزيان
slack-bad = جواب ماشي مزيان
slack-thinking = كنكتب الجواب…
slack-prompts = جرب شي حاجة من هادو:
slack-about = أنا مرسال. كنجاوب بالدارجة، العربية، الفرنسية والإنجليزية.
slack-how = كتب ليا هنا، ولا عيط ليا فشي قناة. الأوامر: /mersal help
slack-model = النموذج: { $model }
slack-at-work = خدام دابا.
slack-not-at-work = ما خدامش دابا. اللي كتبتي كيتحفظ، وكنجاوبك عليه ملي يرجع.
slack-usage = الميساجات اللي صيفطتي ليا: { $count }
slack-tongue = اللغة: { $tongue }
slack-not-in-channel = ما عنديش الحق نقرا هاد القناة. دخلني ليها هي اللولة: /invite
slack-see-direct = غادي تلقى الجواب فالميساجات ديالنا بجوج.

# What the assistant's page suggests: a title, and the message that it sends.
slack-prompt-can = شنو تقدر دير؟
slack-prompt-can-message = سلام، شنو تقدر تعاوني فيه؟
slack-prompt-write = كتب ليا ميساج
slack-prompt-write-message = عاوني نكتب ميساج قصير ومؤدب للفريق ديالي.
slack-prompt-explain = شرح ليا شي حاجة
slack-prompt-explain-message = شرح ليا بطريقة ساهلة شنو هو الذكاء الاصطناعي.
