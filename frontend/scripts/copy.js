const CONFIRMATION = 2000;

/** Copies, and says so in the button itself. */
export function confirmCopies() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    const label = button.querySelector('.button__label');
    const before = label.textContent;
    await navigator.clipboard.writeText(
      document.getElementById(button.dataset.copy).textContent.trim(),
    );
    label.textContent = 'Copied';
    setTimeout(() => (label.textContent = before), CONFIRMATION);
  });
}
