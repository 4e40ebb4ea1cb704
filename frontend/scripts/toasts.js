const SHORTEST = 6000;
const PER_CHARACTER = 60;

export function runToasts() {
  const area = document.querySelector('[data-toasts]');
  if (!area) return;
  for (const toast of area.querySelectorAll('[data-toast]')) start(toast);
  document.addEventListener('keydown', (event) => {
    // One press closes one thing: an open menu or dialog goes first.
    const taken = event.defaultPrevented || document.querySelector('dialog[open]');
    if (event.key === 'Escape' && !taken) area.querySelector('[data-toast]:last-of-type')?.remove();
  });
}

/** Stays long enough to be read, waits while somebody is at it; bad news stays until it is closed. */
function start(toast) {
  toast.querySelector('[data-toast-close]').addEventListener('click', () => toast.remove());
  if (toast.classList.contains('toast--error')) return;
  const patience = Math.max(SHORTEST, toast.textContent.trim().length * PER_CHARACTER);
  let timer = setTimeout(() => toast.remove(), patience);
  const pause = () => clearTimeout(timer);
  const goOn = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), patience);
  };
  toast.addEventListener('pointerenter', pause);
  toast.addEventListener('focusin', pause);
  toast.addEventListener('pointerleave', goOn);
  toast.addEventListener('focusout', goOn);
}
