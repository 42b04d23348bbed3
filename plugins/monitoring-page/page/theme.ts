/** Shows the page light or dark as the editor is, where a reader chose that there; else as the system is. */
export function followTheme(changed: () => void): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const chosen = chosenTheme();
    const isDark = chosen === 'dark' || (chosen !== 'light' && system.matches);
    document.documentElement.classList.toggle('im-dark', isDark);
    changed();
  };
  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  apply();
}

function chosenTheme(): string | null {
  try {
    return localStorage.getItem('view-dark-theme');
  } catch {
    return null;
  }
}
