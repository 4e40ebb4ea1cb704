/** A link to a page opens the dialog that says the same; without script it is just a link. */
export function openDialogs() {
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-dialog]');
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      dialog.showModal();
    } else if (event.target.closest('[data-dialog-close]')) {
      event.target.closest('dialog').close();
    } else if (event.target.matches('dialog[open]')) {
      closeWhenOutside(event.target, event);
    }
  });
}

function closeWhenOutside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  if (!inside) dialog.close();
}
