// Runs before the page is drawn, so that a chosen theme does not flash.
'use strict';
{
  let theme = null;
  try {
    theme = localStorage.getItem('rounds.theme');
  } catch {
    // Storage is off; the system's theme stands.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}
