/** When a waiting page turns into its answer, title and focus say so. */
export function announceArrival() {
  document.addEventListener('htmx:after:swap', () => {
    const heading = document.querySelector('[data-arrived]');
    if (!heading) return;
    const site = document.title.split(' · ').at(-1);
    document.title = `${heading.dataset.title} · ${site}`;
    heading.focus();
  });
}
