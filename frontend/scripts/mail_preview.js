/**
 * Shows a mail as a mail program would. The page forbids style attributes, which mails need:
 * the mail is parsed aside, and its styles are set as properties in a shadow tree.
 */
export async function showMails() {
  for (const box of document.querySelectorAll('[data-mail-preview]')) {
    const answer = await fetch(box.dataset.mailPreview);
    const source = (await answer.text()).replaceAll(' style="', ' data-style="');
    const mail = new DOMParser().parseFromString(source, 'text/html');
    const shadow = box.attachShadow({ mode: 'open' });
    shadow.append(...[...mail.body.childNodes].map((node) => document.importNode(node, true)));
    for (const element of shadow.querySelectorAll('[data-style]')) {
      element.style.cssText = element.dataset.style;
    }
  }
}
