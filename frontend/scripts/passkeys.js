import { release } from './forms.js';

const ADDRESS = /^[\d.]+$|^\[/;
const SENTENCES = {
  NotAllowedError: 'No passkey was chosen. Try again, or take another way.',
  InvalidStateError: 'This device holds a passkey for your account already.',
};

let waiting;

/** The device is asked by script; what it answers is sent by a form like any other. */
export function offerPasskeys() {
  const forms = document.querySelectorAll('[data-passkey]');
  if (!forms.length || !knowsPasskeys()) return;
  for (const part of document.querySelectorAll('[data-passkey-ways]')) part.hidden = false;
  for (const part of document.querySelectorAll('[data-passkey-lacking]')) part.hidden = true;
  forms.forEach(offer);
}

/** Browsers make passkeys for sites with a name only. */
function knowsPasskeys() {
  const { parseRequestOptionsFromJSON } = window.PublicKeyCredential ?? {};
  return Boolean(parseRequestOptionsFromJSON) && !ADDRESS.test(location.hostname);
}

function offer(form) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    askDevice(form);
  });
  if (document.querySelector('input[autocomplete~="webauthn"]')) offerInField(form);
}

async function askDevice(form) {
  waiting?.abort();
  tell(form, '');
  try {
    const options = await questionFor(form);
    if (options) send(form, await answerTo(form, options));
  } catch (error) {
    tell(form, SENTENCES[error.name] ?? 'That did not work. Try again, or take another way.');
  } finally {
    release(form);
  }
}

/** The browser lists passkeys among what it would fill in; choosing one signs in. */
async function offerInField(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  waiting = new AbortController();
  const { signal } = waiting;
  try {
    const options = await questionFor(form);
    if (options && !signal.aborted) {
      send(form, await answerTo(form, options, { mediation: 'conditional', signal }));
    }
  } catch {
    // Nobody asked for it, so nobody is told; the button is still there.
  }
}

async function questionFor(form) {
  const response = await fetch(form.dataset.passkeyOptions, {
    method: 'POST',
    headers: { accept: 'application/json' },
  });
  const content = await response.json();
  if (response.ok) return content;
  if (content.code === 'reauth_required') {
    location.assign(`/sign-in/again?next=${encodeURIComponent(location.pathname)}`);
    return null;
  }
  throw new Error(content.detail);
}

function answerTo(form, options, how = {}) {
  if (form.dataset.passkey === 'create') {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey, ...how });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey, ...how });
}

function send(form, credential) {
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  // Past the submit event, which has asked the device already.
  form.submit();
}

function tell(form, sentence) {
  form.querySelector('[data-passkey-problem]').textContent = sentence;
}
