/** Looks for a pattern in texts, beside the page: one that takes too long is ended from outside. */
addEventListener('message', ({ data }: MessageEvent<{ source: string; texts: string[] }>) => {
  // Each value of a record is a line.
  const pattern = new RegExp(data.source, 'im');
  postMessage(data.texts.flatMap((text, index) => (pattern.test(text) ? [index] : [])));
});
// The time that it takes to start is not the pattern's.
postMessage('ready');
