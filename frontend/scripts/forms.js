/** Screen readers start at the problem, and the eye does too. */
export function focusErrorSummary() {
  document.querySelector('[data-error-summary]')?.focus();
}

/** A second click while the first is on its way does nothing; the button shows the work. */
export function submitOnce() {
  // While capturing, so that a refused submit never reaches htmx.
  document.addEventListener('submit', refuseOrMark, true);
  // The back button may show this page as it was left: busy.
  window.addEventListener('pageshow', () => document.querySelectorAll('form').forEach(release));
  document.addEventListener('htmx:finally:request', (event) => {
    const form = event.target.closest?.('form');
    if (form) release(form);
  });
}

function refuseOrMark(event) {
  const form = event.target;
  // A download leaves the page as it is: no next page would take the mark away.
  if (form.hasAttribute('data-download')) return;
  const button = event.submitter ?? form.querySelector('button[type="submit"]');
  if (form.dataset.submitting || button?.getAttribute('aria-disabled') === 'true') {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.submitting = 'true';
  markBusy(button);
}

function markBusy(button) {
  if (!button?.dataset.busyLabel) return;
  button.setAttribute('aria-busy', 'true');
  const status = document.createElement('span');
  status.className = 'visually-hidden';
  status.setAttribute('role', 'status');
  button.append(status);
  status.textContent = button.dataset.busyLabel;
}

export function release(form) {
  delete form.dataset.submitting;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) {
    button.removeAttribute('aria-busy');
    button.querySelector('[role="status"]')?.remove();
  }
}

export function revealPasswords() {
  for (const button of document.querySelectorAll('[data-reveal]')) {
    const input = document.getElementById(button.dataset.reveal);
    const show = (visible) => {
      input.type = visible ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(visible));
      button.firstChild.textContent = visible ? 'Hide' : 'Show';
    };
    button.addEventListener('click', () => show(input.type === 'password'));
    // Password managers look for a password field when the form is sent.
    input.form.addEventListener('submit', () => show(false));
  }
}

/** Codes arrive as “123 456” or with a line break from the mail; only the digits count. */
export function keepCodesTidy() {
  for (const input of document.querySelectorAll('[data-code]')) {
    const length = Number(input.dataset.code);
    input.addEventListener('input', () => {
      const digits = input.value.replace(/\D/g, '').slice(0, length);
      if (digits !== input.value) input.value = digits;
    });
  }
}
