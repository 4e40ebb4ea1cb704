/**
 * Shows a mail as a mail program would. The page forbids style attributes, which mails need:
 * the mail is parsed aside, and its styles are set as properties in a shadow tree.
 */
export async function showMails() {
  for (const box of document.querySelectorAll('[data-mail-preview]')) {
    const answer = await fetch(box.dataset.mailPreview);
    const mail = new DOMParser().parseFromString(withoutStyles(await answer.text()), 'text/html');
    const shadow = box.attachShadow({ mode: 'open' });
    shadow.append(...[...mail.body.childNodes].map((node) => document.importNode(node, true)));
    for (const element of shadow.querySelectorAll('[data-style]')) {
      element.style.cssText = element.dataset.style;
    }
  }
}

/** Browsers hold even a document that is only parsed to the policy of this page. */
function withoutStyles(source) {
  return source.replace(/<style[\s\S]*?<\/style>/g, '').replaceAll(' style="', ' data-style="');
}
