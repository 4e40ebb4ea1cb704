const YEAR = 60 * 60 * 24 * 365;

/** The choice lives in a cookie, so that the server draws the next page in the right colours. */
export function switchTheme() {
  document.querySelector('[data-theme-switch]')?.addEventListener('change', (event) => {
    const theme = event.target.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    const age = theme ? YEAR : 0;
    document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  });
}
