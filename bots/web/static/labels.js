// The page's own words. What the bot says about messages and answers comes from the server.

const ARY = {
  skip: "سير نيشان للكتابة",
  newConversation: "محادثة جديدة",
  theme: "ضو ولا ظلام",
  menu: "المحادثات والإعدادات",
  conversations: "المحادثات",
  language: "اللغة",
  close: "سد",
  hello: "مرحبا بيك",
  invitation: "سولني على اللي بغيتي: بالدارجة، بالعربية، b\u00a0l3arabizi، بالفرنسية ولا بالإنجليزية.",
  log: "المحادثة",
  down: "سير للّخر",
  yourMessage: "الميساج ديالك",
  placeholder: "كتب الميساج ديالك…",
  send: "صيفط",
  stop: "حبس الجواب",
  you: "نتا",
  copy: "نسخ",
  copied: "تنسخ",
  again: "عاود الجواب",
  code: "كود",
  typing: "كيكتب…",
  stillWaiting: "مازال كنتسنى النوبة…",
  busy: (time) => `كاين شوية ديال الزحام: تقريبا ${time}`,
  waiting: "غادي يتصيفط ملي يرجع الاتصال",
  resend: "عاود صيفط",
  edit: "بدل",
  offline: "ما كاينش الاتصال. كنعاود نجرب، والميساجات ديالك محفوظة…",
  notNow: "ما كاينش الاتصال دابا. عاود من هنا شوية.",
  away: "الخدمة واقفة دابا. غادي نصيفط الميساجات ديالك ملي ترجع…",
  crowded: "كاينين بزاف ديال المحادثات محلولين من الشبكة ديالك. كنعاود نجرب من هنا شوية…",
  cookies: "هاد الصفحة خاصها الكوكيز باش تعقل عليك: سمح بيها فالمتصفح ديالك.",
  demo: "نموذج تجريبي",
  demoNote: "نموذج تجريبي صغير، ما كيعرفش بزاف ويقدر يغلط. كيجاوب غير على حانوت متخيّل.",
  modelNote: "الجواب كيكتبو نموذج ديال الذكاء الاصطناعي، ويقدر يغلط.",
  untitled: "محادثة جديدة",
  erase: "مسح",
  eraseSure: "واش تمسح هاد المحادثة؟ ما غاديش ترجع.",
  demoSuggestions: ["شحال الطاجين؟", "فوقاش كتحلو؟", "واش كاين التوصيل؟", "شكون نتا؟"],
  suggestions: [
    "كتب ليا ميساج زوين نعتاذر بيه لواحد الكليان",
    "عطيني لائحة ديال المقادير ديال الحريرة",
    "شنو الفرق بين التاجر والمقاول الذاتي؟",
    "ترجم ليا للفرنسية: الطلبية غادي توصل غدا",
  ],
};

const FR = {
  skip: "Aller à la saisie",
  newConversation: "Nouvelle conversation",
  theme: "Clair ou sombre",
  menu: "Conversations et réglages",
  conversations: "Conversations",
  language: "Langue",
  close: "Fermer",
  hello: "Bienvenue",
  invitation: "Écrivez comme vous parlez : en darija, en arabe, en arabizi, en français ou en anglais.",
  log: "Conversation",
  down: "Aller à la fin",
  yourMessage: "Votre message",
  placeholder: "Écrivez votre message…",
  send: "Envoyer",
  stop: "Arrêter la réponse",
  you: "Vous",
  copy: "Copier",
  copied: "Copié",
  again: "Refaire la réponse",
  code: "Code",
  typing: "écrit…",
  stillWaiting: "Toujours en attente…",
  busy: (time) => `Un peu d'attente : environ ${time}`,
  waiting: "Partira dès que la connexion revient",
  resend: "Renvoyer",
  edit: "Modifier",
  offline: "Pas de connexion. Nouvel essai en cours, vos messages sont gardés…",
  notNow: "Pas de connexion pour l'instant. Réessayez dans un moment.",
  away: "Le service est arrêté. Vos messages partiront dès son retour…",
  crowded: "Trop de conversations ouvertes depuis votre réseau. Nouvel essai dans un instant…",
  cookies: "Cette page a besoin d'un cookie pour vous reconnaître : autorisez-le dans votre navigateur.",
  demo: "modèle de démo",
  demoNote: "Petit modèle de démonstration, il sait peu et se trompe : il répond pour une boutique imaginaire.",
  modelNote: "Les réponses viennent d'une intelligence artificielle et peuvent être fausses.",
  untitled: "Nouvelle conversation",
  erase: "Effacer",
  eraseSure: "Effacer cette conversation ? Elle ne reviendra pas.",
  demoSuggestions: ["C'est combien le tajine ?", "Vos horaires ?", "Vous livrez à Agadir ?", "شكون نتا؟"],
  suggestions: [
    "Écris un message d'excuse pour un client",
    "Donne-moi la liste des ingrédients de la harira",
    "Quelle différence entre commerçant et auto-entrepreneur ?",
    "Traduis en darija : la commande arrive demain",
  ],
};

const EN = {
  skip: "Go to the message box",
  newConversation: "New conversation",
  theme: "Light or dark",
  menu: "Conversations and settings",
  conversations: "Conversations",
  language: "Language",
  close: "Close",
  hello: "Welcome",
  invitation: "Write the way you speak: Darija, Arabic, Arabizi, French or English.",
  log: "Conversation",
  down: "Go to the end",
  yourMessage: "Your message",
  placeholder: "Write your message…",
  send: "Send",
  stop: "Stop the answer",
  you: "You",
  copy: "Copy",
  copied: "Copied",
  again: "Answer again",
  code: "Code",
  typing: "is writing…",
  stillWaiting: "Still waiting…",
  busy: (time) => `A short wait: about ${time}`,
  waiting: "Will be sent when the connection is back",
  resend: "Send again",
  edit: "Edit",
  offline: "No connection. Trying again, your messages are kept…",
  notNow: "No connection just now. Please try again in a moment.",
  away: "The service is down. Your messages will be sent when it is back…",
  crowded: "Too many chats are open from your network. Trying again in a moment…",
  cookies: "This page needs a cookie to know you again: please allow it in your browser.",
  demo: "demo model",
  demoNote: "A tiny demo model that knows little and makes mistakes: it answers for an imaginary shop.",
  modelNote: "Answers come from an artificial intelligence and can be wrong.",
  untitled: "New conversation",
  erase: "Erase",
  eraseSure: "Erase this conversation? It will not come back.",
  demoSuggestions: ["How much is the tagine?", "When are you open?", "Do you deliver?", "شكون نتا؟"],
  suggestions: [
    "Write an apology to a customer",
    "List the ingredients of harira",
    "What is a self-employed trader in Morocco?",
    "Translate to Darija: the order arrives tomorrow",
  ],
};

const ALL = {
  ary: { ...ARY, tag: "ary", locale: "ar-MA", dir: "rtl" },
  fr: { ...FR, tag: "fr", locale: "fr", dir: "ltr" },
  en: { ...EN, tag: "en", locale: "en", dir: "ltr" },
};

/** The words in the language that was chosen, else the browser's, else Darija. */
export function labelsFor(chosen, browserLanguage) {
  return ALL[chosen] ?? ALL[browserLanguage.slice(0, 2).toLowerCase()] ?? ALL.ary;
}

/** A time as people say it, in the language of the labels. */
export function timeIn(labels, seconds) {
  const unit = seconds < 90 ? "second" : "minute";
  const count = Math.ceil(unit === "second" ? seconds : seconds / 60);
  const style = { style: "unit", unit, unitDisplay: "long" };
  return new Intl.NumberFormat(labels.locale, style).format(count);
}

/** Put the words where the page asks for them. */
export function label(root, labels) {
  document.documentElement.lang = labels.tag;
  document.documentElement.dir = labels.dir;
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = labels[element.dataset.text];
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", labels[element.dataset.label]);
    if (element.tagName === "BUTTON") element.title = labels[element.dataset.label];
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = labels[element.dataset.placeholder];
  }
}
