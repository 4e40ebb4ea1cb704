/** Counts the wait before another mail down, and lets the button rest meanwhile. */
export function runCountdowns() {
  document.querySelectorAll('[data-countdown]').forEach(start);
  document.addEventListener('htmx:after:swap', () => {
    document.querySelectorAll('[data-countdown]').forEach(start);
  });
}

function start(element) {
  if (element.dataset.running) return;
  element.dataset.running = 'true';
  const button = element.closest('form')?.querySelector('[data-countdown-button]');
  const ends = performance.now() + Number(element.dataset.countdown) * 1000;
  button?.setAttribute('aria-disabled', 'true');
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left > 0) {
      element.querySelector('[data-countdown-left]').textContent = inWords(left);
      setTimeout(tick, 250);
    } else {
      element.remove();
      button?.removeAttribute('aria-disabled');
    }
  };
  tick();
}

function inWords(seconds) {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
